import { WebSocket as PartySocket } from 'partysocket'
import { describe, expect, it, vi } from 'vitest'
import { doorOf, playStorm } from './scenarios/storm.js'

const isAsked = process.env.KEEPER_FIGURES === '1'
if (!isAsked)
  console.log('The figures are left out: KEEPER_FIGURES=1 measures them, in some minutes.')

const peakOf = (dials: readonly number[]): number => {
  const buckets = new Map<number, number>()
  for (const at of dials)
    buckets.set(Math.floor(at / 100), (buckets.get(Math.floor(at / 100)) ?? 0) + 1)
  return Math.max(0, ...buckets.values())
}

/** 1,000 sockets of partysocket, by fake time, whose server is away for so long and then takes so many a second. */
const playPartySockets = async (away: number, accepts = Number.POSITIVE_INFINITY) => {
  vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  const dials: number[] = []
  let [lostAt, backAt] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const takes = doorOf(accepts)
  const open = new Set<EventTarget>()
  class Far extends EventTarget {
    static readonly [name: string]: unknown
    readyState = 0
    binaryType = 'blob'
    constructor() {
      super()
      const now = Date.now()
      if (now >= lostAt) dials.push(now - lostAt)
      const isTaken = now < lostAt || (now >= backAt && takes(now))
      setTimeout(() => {
        if (isTaken) {
          this.readyState = 1
          open.add(this)
          this.dispatchEvent(new Event('open'))
        } else this.drop()
      }, 40)
    }
    drop() {
      this.readyState = 3
      open.delete(this)
      this.dispatchEvent(
        Object.assign(new Event('close'), { code: 1006, reason: '', wasClean: false }),
      )
    }
    send() {}
    close() {
      this.drop()
    }
  }
  Object.assign(Far, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 })
  const sockets = Array.from(
    { length: 1_000 },
    () => new PartySocket('ws://server/', [], { WebSocket: Far as never }),
  )
  await vi.advanceTimersByTimeAsync(20_000)
  expect(open.size).toBe(1_000)
  lostAt = Date.now()
  for (const socket of [...open]) (socket as Far).drop()
  await vi.advanceTimersByTimeAsync(away)
  const attempts = dials.length
  backAt = Date.now()
  while (open.size < 1_000 && Date.now() - backAt < 600_000) await vi.advanceTimersByTimeAsync(100)
  const allBack = Date.now() - backAt
  for (const socket of sockets) socket.close()
  vi.useRealTimers()
  return { peak: peakOf(dials), attempts, allBack }
}

describe.skipIf(!isAsked)('figures', () => {
  it('1,000 clients lose their server', { timeout: 3_600_000 }, async () => {
    for (const [away, accepts] of [
      [0, undefined],
      [10_000, 100],
      [120_000, 100],
    ] as const) {
      for (let seed = 1; seed <= 5; seed++) {
        const begun = process.cpuUsage()
        const figures = await playStorm({
          seed,
          clients: 1_000,
          away,
          ...(accepts ? { accepts } : {}),
        })
        const cpu = process.cpuUsage(begun).user / 1e6
        console.log(
          `keeper, seed ${seed}, ${away} ms away:`,
          JSON.stringify(figures),
          `${cpu.toFixed(1)} s of CPU`,
        )
      }
    }
  })

  it('partysocket, the same', { timeout: 3_600_000 }, async () => {
    console.log('partysocket, a blip:', JSON.stringify(await playPartySockets(0)))
    console.log('partysocket, 10 s away:', JSON.stringify(await playPartySockets(10_000, 100)))
    console.log('partysocket, 120 s away:', JSON.stringify(await playPartySockets(120_000, 100)))
  })
})
