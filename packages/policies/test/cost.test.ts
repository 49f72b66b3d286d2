import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createHub, decorate, type HubSide, type Transport } from '@conn-hub/core'
import { createFaultTransport, FaultSession, turns } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import {
  compose,
  createDrain,
  type LimitSessionsOptions,
  limitDials,
  limitInbound,
  limitSessions,
  onePerPeer,
} from '../src/index.js'
import { Heap } from '../src/parts/heap.js'
import { Rate } from '../src/sessions/rate.js'
import { createClock } from './setup.js'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** In bytes. */
const memoryInUse = async (): Promise<number> => {
  await new Promise(setImmediate)
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** By hand: QUEUED=100000 */
const COUNT = Number(process.env.QUEUED ?? 20_000)

/** A transport that answers nobody. */
const silent: Transport<FaultSession> = { describe: () => ({}), dial: () => {} }

/** The heap that so many dials take, each of them held and heard. */
const memoryOf = async (transport: Transport<FaultSession>): Promise<number> => {
  const hub = createHub({ transport })
  const addresses = Array.from({ length: COUNT }, (_, i) => `fault:${i}`)
  hub.connect('fault:first').catch(() => {})
  const before = await memoryInUse()
  for (const address of addresses) hub.connect(address).catch(() => {})
  const used = (await memoryInUse()) - before
  await hub.close()
  await turns()
  return used / COUNT
}

describe('a queue of many dials', () => {
  it('takes 200 bytes for each, at most, beyond what a dial takes that is held', async () => {
    // What the hub itself takes for a dial that somebody holds, can release, and hears the end of.
    const releases: (() => void)[] = []
    const held = decorate(silent, {
      dial: (address, attempt, inner) => {
        attempt.ended(ignore)
        if (address !== 'fault:first') releases.push(attempt.hold('a free place among the dials'))
        return inner(address, attempt)
      },
    })
    const queued = () => compose(silent, limitDials({ parallel: 1, queueTimeout: 600_000 }))
    // Once for the compiler.
    await memoryOf(queued())
    const own = await memoryOf(held)
    const all = await memoryOf(queued())
    console.log(`${Math.round(all - own)} bytes for each of ${COUNT}, beyond ${Math.round(own)}`)
    expect(all - own).toBeLessThanOrEqual(200)
  })

  it.each([10_000, 100_000])('is cancelled in n log n steps: %i', (count) => {
    let steps = 0
    const heap = new Heap<{ rank: number; place: number }>((a, b) => {
      steps++
      return a.rank < b.rank
    })
    const items = Array.from({ length: count }, (_, i) => ({
      rank: (i * 7_919) % count,
      place: -1,
    }))
    for (const item of items) heap.add(item)
    expect(items.every((item) => heap.delete(item))).toBe(true)
    expect(heap.size).toBe(0)
    expect(steps).toBeLessThan(4 * count * Math.log2(count))
  })

  it('gives its places by rank, whoever leaves in between', () => {
    const heap = new Heap<{ rank: number; place: number }>((a, b) => a.rank < b.rank)
    const items = Array.from({ length: 1_000 }, (_, i) => ({ rank: (i * 619) % 1_000, place: -1 }))
    for (const item of items) heap.add(item)
    const left = new Set(items.filter(({ rank }) => rank % 3 === 0))
    for (const item of left) heap.delete(item)
    const ranks: number[] = []
    for (let item = heap.first; item; item = heap.first) {
      ranks.push(item.rank)
      heap.delete(item)
    }
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
    expect(ranks).toHaveLength(items.length - left.size)
    expect(heap.delete({ rank: 0, place: 0 })).toBe(false)
  })

  it('has one timer', async () => {
    const clock = createClock()
    const dials = limitDials({ parallel: 1, queueTimeout: 1_000, clock })
    const hub = createHub({ transport: compose(silent, dials) })
    for (let i = 0; i < 1_000; i++) hub.connect(`fault:${i}`).catch(() => {})
    expect(clock.size).toBe(1)
    await hub.close()
    expect(clock.size).toBe(0)
  })
})

const ignore = () => {}

/** Counts what is asked of the hub's table. */
const spyOn = (stack: Transport<FaultSession>) => {
  const seen = { looks: 0 }
  const transport: Transport<FaultSession> = {
    describe: (address) => stack.describe(address),
    dial: (address, attempt) => stack.dial(address, attempt),
    listen: (accept, side) => {
      const spy: HubSide<FaultSession> = {
        ...side,
        get size() {
          return side.size
        },
        sessions: side.sessions,
        entries: function* () {
          for (const entry of side.entries()) {
            seen.looks++
            yield entry
          }
        },
        byKey: (key) => {
          const found = side.byKey(key)
          seen.looks += found.length
          return found
        },
      }
      return stack.listen?.(accept, spy) ?? ignore
    },
  }
  return { transport, seen }
}

describe('the stack', () => {
  const looksFor = (entries: number) => {
    const base = createFaultTransport()
    const stack = compose(
      base,
      limitInbound({ by: ({ address }) => address, max: 10, per: 1_000, concurrent: 10 }),
      limitSessions({ inbound: 1e6, outbound: 1e6, perKey: 10 }),
      limitDials({ parallel: 100 }),
      createDrain(),
    )
    const { transport, seen } = spyOn(stack)
    const hub = createHub({ transport })
    for (let i = 0; i < entries; i++) base.inbound(`fault:${i}`)
    seen.looks = 0
    hub.connect('fault:new').catch(ignore)
    base.lastDial.succeed()
    base.inbound('fault:other')
    return seen.looks
  }

  it('looks at as many entries with 100 of them as with 10,000', () => {
    expect(looksFor(100)).toBe(looksFor(10_000))
    expect(looksFor(100)).toBeLessThan(5)
  })
})

describe('a peer with very many links', () => {
  it('is looked at as often as it has links, and not once for each pair of them', async () => {
    const clock = createClock()
    const base = createFaultTransport({ self: 'me', keyOf: () => undefined })
    const { transport, seen } = spyOn(compose(base, onePerPeer({ settle: 1_000, clock })))
    createHub({ transport })
    const links = Array.from({ length: 300 }, (_, i) => {
      const probe = () => Promise.resolve()
      const session = Object.assign(new FaultSession('inbound', 'peer'), { probe })
      return base.inbound(`fault:${i}`, session)
    })
    await turns()
    seen.looks = 0
    clock.pass(3_000)
    await turns()
    await turns()
    expect(seen.looks).toBeGreaterThan(0)
    expect(seen.looks).toBeLessThan(300 * 10)
    expect(links.every(({ isOpen }) => isOpen)).toBe(true)
  })
})

describe('a flood into a server that is full', () => {
  /** Into places of sessions that are asked to close and do not. */
  const flood = (limits: LimitSessionsOptions, keyOf: (i: number) => string) => {
    const base = createFaultTransport({ keyOf: () => undefined })
    const { transport, seen } = spyOn(
      compose(base, limitSessions({ ...limits, whenFull: 'prune' })),
    )
    createHub({ transport })
    const come = (name: string, i: number) => {
      const session = new FaultSession('inbound', keyOf(i))
      session.onClose = 'refuse'
      return base.inbound(`fault:${name}${i}`, session)
    }
    const old = Array.from({ length: 3_000 }, (_, i) => come('old', i))
    seen.looks = 0
    for (let i = 0; i < 3_000; i++) come('new', i)
    return { old, looks: seen.looks }
  }

  it('asks 1,000 at once to make room, at most, and looks for no more', () => {
    const { old, looks } = flood({ inbound: 3_000 }, (i) => `k${i}`)
    expect(old.filter(({ reasons }) => reasons[0] === 'limit')).toHaveLength(1_000)
    expect(looks).toBeLessThan(1_000_000)
  })

  it('looks at the sessions of the peer alone, where each may have so many', () => {
    const { old, looks } = flood({ perKey: 3 }, (i) => `k${i % 1_000}`)
    expect(old.filter(({ reasons }) => reasons[0] === 'limit')).toHaveLength(1_000)
    expect(looks).toBeLessThan(50_000)
  })
})

describe('a rate limit', () => {
  it('takes 100 bytes for each group, at most', async () => {
    const rate = new Rate(1, 1e9)
    const groups = Array.from({ length: 50_000 }, (_, i) => `10.${i >> 8}.${i & 255}/24`)
    const before = await memoryInUse()
    for (const group of groups) rate.take(group, 0.5)
    const used = ((await memoryInUse()) - before) / groups.length
    expect(rate.groups).toBe(groups.length)
    expect(used).toBeLessThan(100)
  })
})

describe('a drain of 10,000 sessions', () => {
  it('takes 30 s, and no 100 ms have more than twice the mean', async () => {
    const clock = createClock(0)
    const drain = createDrain({ clock })
    const base = createFaultTransport()
    const hub = createHub({ transport: compose(base, drain) })
    for (let i = 0; i < 10_000; i++) base.inbound(`fault:${i}`)
    const ended: number[] = []
    hub.on('disconnected', () => ended.push(clock.now()))
    const over = drain.start(hub, { within: 30_000 })
    await turns()
    clock.pass(60_000)
    await over
    expect(ended).toHaveLength(10_000)
    const last = ended.at(-1) ?? 0
    expect(last).toBeGreaterThan(28_500)
    expect(last).toBeLessThan(31_500)
    const mean = (10_000 * 100) / last
    let most = 0
    let first = 0
    for (const [i, at] of ended.entries()) {
      while ((ended[first] ?? 0) <= at - 100) first++
      most = Math.max(most, i - first + 1)
    }
    expect(most).toBeLessThanOrEqual(2 * mean)
  })
})
