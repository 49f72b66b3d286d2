import { createHub, type Session, type Transport } from '@conn-hub/core'
import { prune } from '../../src/index.js'

/** What `prune()` costs with so many sessions that are alive. Its time is told by the script: what lasts an hour is over at once. */

type Accept = Parameters<NonNullable<Transport<object>['listen']>>[0]

const HOUR = 3_600_000

const createTime = () => {
  const timers = new Map<object, { readonly at: number; readonly run: () => void }>()
  let [now, most] = [0, 0]
  const clock = {
    now: () => now,
    setTimeout: (run: () => void, ms: number) => {
      const timer = {}
      timers.set(timer, { at: now + ms, run })
      most = Math.max(most, timers.size)
      return timer
    },
    clearTimeout: (timer: unknown) => timers.delete(timer as object),
  }
  const pass = (ms: number) => {
    const end = now + ms
    for (;;) {
      const [next] = [...timers].sort(([, a], [, b]) => a.at - b.at)
      if (!next || next[1].at > end) break
      timers.delete(next[0])
      now = next[1].at
      next[1].run()
    }
    now = end
  }
  return { clock, pass, mostTimers: () => most }
}

const measure = (sessions: number) => {
  let accept: Accept = () => {}
  const hub = createHub<object>({
    transport: {
      describe: () => ({}),
      dial: () => undefined,
      listen: (take) => {
        accept = take
        return () => {}
      },
    },
  })
  const { clock, pass, mostTimers } = createTime()
  let looks = 0
  const traffic = () => ({ bytesIn: ++looks })
  const open = (address: string) => {
    const session: Session<object> = {
      handle: {},
      direction: 'inbound',
      close: () => {},
      onClosed: () => {},
      traffic,
    }
    accept({ address, session })
  }
  for (let i = 0; i < sessions; i++) open(`peer ${i}`)
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const pruning = prune(hub, { idle: HOUR, maxAge: 24 * HOUR, clock })
  globalThis.gc?.()
  const bytes = (process.memoryUsage().heapUsed - before) / sessions
  /** In µs of CPU. */
  const costOf = (minutes: number) => {
    const began = process.cpuUsage()
    pass(minutes * 60_000)
    const { user, system } = process.cpuUsage(began)
    return user + system
  }
  // Four times an hour it looks at each, twice a minute it looks round.
  costOf(60)
  costOf(1)
  const round = costOf(13) / 26
  looks = 0
  const look = (costOf(2) - 4 * round) / looks
  pruning.close()
  return { bytes, timers: mostTimers(), round, look }
}

console.log(JSON.stringify(measure(Number(process.argv[2]))))
