import { createHub, decorate } from '@conn-hub/core'
import { createFaultTransport, FaultSession, nearTheEnd, turns } from '@conn-hub/testkit'
import { expect, it } from 'vitest'
import {
  compose,
  createDrain,
  gate,
  limitDials,
  limitSessions,
  type Policy,
  prune,
} from '../src/index.js'
import { Heap } from '../src/parts/heap.js'
import { A, B, C, createClock, dial, outcomeOf } from './setup.js'

const ignore = () => {}

const begin = () => {
  const clock = createClock(0)
  const draining = createDrain({ clock })
  const transport = createFaultTransport()
  const hub = createHub({ transport: compose(transport, draining), onError: ignore })
  /** Hears nothing. */
  const deaf: typeof hub = Object.create(hub, { on: { value: () => ignore } })
  return { clock, draining, hub, deaf, transport }
}

it('whoever came while the stack was full is pruned, half a minute later at most', async () => {
  let [unheard, heardInRow] = [0, 0]
  for (let room = 0; heardInRow < 20; room++) {
    const { clock, hub, transport } = begin()
    const pruning = prune(hub, { maxAge: 60_000, jitter: 0, clock })
    const session = new FaultSession('inbound', 'a')
    nearTheEnd(room, () => transport.inbound(A, session))
    await turns()
    const isHeard = pruning.explain(A).length > 0
    if (hub.size && !isHeard) unheard++
    heardInRow = isHeard ? heardInRow + 1 : 0
    clock.pass(91_000)
    await turns()
    expect([room, hub.size]).toEqual([room, 0])
  }
  // Else the test would say nothing.
  expect(unheard).toBeGreaterThan(0)
})

it('whoever went, and nobody heard of it, is looked at no more, half a minute later at most', () => {
  const { clock, hub, deaf, transport } = begin()
  let reads = 0
  const traffic = () => ({ bytesIn: ++reads })
  const session = Object.assign(new FaultSession('inbound', 'a'), { traffic })
  transport.inbound(A, session)
  prune(deaf, { idle: 4_000, clock })
  session.end()
  expect(hub.size).toBe(0)
  reads = 0
  clock.pass(31_000)
  expect(reads).toBeGreaterThan(0)
  reads = 0
  clock.pass(31_000)
  expect(reads).toBe(0)
})

it('prune that has not heard of the end of its hub sees it', async () => {
  const { clock, hub, deaf, transport } = begin()
  transport.inbound(A)
  prune(deaf, { maxAge: 3_600_000, clock })
  await hub.close()
  expect(clock.size).toBe(1)
  clock.pass(30_000)
  expect(clock.size).toBe(0)
})

it('a drain that has not heard of any end sees it', async () => {
  const { clock, hub, deaf, draining, transport } = begin()
  const sessions = [transport.inbound(A), transport.inbound(B)]
  const over = draining.start(deaf, { within: 10_000 })
  await turns()
  for (const session of sessions) session.end()
  clock.pass(10_000)
  expect(await over).toEqual({ state: 'drained', left: 0, done: 2 })
  expect([hub.size, clock.size]).toEqual([0, 0])
})

it('a drain that has not heard of the end of its hub sees it at its next step', async () => {
  const { clock, hub, deaf, draining, transport } = begin()
  for (let i = 0; i < 100; i++) transport.inbound(`fault:${i}`)
  const over = draining.start(deaf, { within: 3_600_000 })
  await turns()
  await hub.close()
  clock.pass(36_100)
  expect(await over).toEqual({ state: 'drained', left: 0, done: 100 })
  expect(clock.size).toBe(0)
})

it.each([
  ['waits for its turn', 1],
  ['runs at once', 5],
])(
  'a dial that began while the stack was full, and %s, has no place once it is over',
  async (_, parallel) => {
    for (let room = 0; room < 100; room++) {
      const transport = createFaultTransport()
      const asks = gate({ beforeDial: () => true, beforeSession: () => true })
      const sessions = limitSessions({ outbound: 5 })
      const dials = limitDials({ parallel })
      const limited = compose(transport, asks, sessions, dials, createDrain())
      const hub = createHub({ transport: limited, onError: ignore })
      dial(hub, A, B)
      nearTheEnd(room, () => dial(hub, C))
      await turns()
      for (let i = 0; i < 5; i++) {
        for (const { address } of hub.snapshot()) hub.disconnect(address).catch(ignore)
        await turns()
        for (const { attempt } of [...transport.dials]) attempt.fail(new Error('nobody is there'))
        await turns()
      }
      const left = [hub.size, dials.running, dials.waiting, sessions.outbound]
      expect([room, ...left]).toEqual([room, 0, 0, 0, 0])
    }
  },
)

it('whoever cannot hear of the end of a dial gives it no place', async () => {
  const deaf: Policy = {
    name: 'deaf',
    wrap: (transport) =>
      decorate(transport, {
        dial: (address, { data, signal, succeed, fail, hold }, inner) => {
          const ended = () => {
            throw new RangeError('the stack is full')
          }
          return inner(address, { data, signal, succeed, fail, hold, ended })
        },
      }),
  }
  for (const limit of [limitSessions({ outbound: 1 }), limitDials({ parallel: 1 })]) {
    const transport = createFaultTransport()
    const hub = createHub({ transport: compose(transport, limit, deaf), onError: ignore })
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED')
    expect(['outbound' in limit ? limit.outbound : limit.running, hub.size]).toEqual([0, 0])
  }
})

it('a heap that was cut short anywhere has lost nobody, and is in order once it is mended', () => {
  let broken = 0
  for (let steps = 0; steps < 11; steps++) {
    let left = Number.POSITIVE_INFINITY
    const heap = new Heap<{ rank: number; place: number }>((a, b) => {
      if (left-- <= 0) throw new RangeError('the stack is full')
      return a.rank < b.rank
    })
    const items = Array.from({ length: 100 }, (_, i) => ({ rank: i, place: -1 }))
    for (const item of items) heap.add(item)
    left = steps
    try {
      heap.delete(items[0] as (typeof items)[0])
    } catch {
      // It was cut short.
    }
    left = Number.POSITIVE_INFINITY
    expect(new Set(heap)).toEqual(new Set(items.slice(1)))
    if (heap.first?.rank !== 1) broken++
    heap.mend()
    const ranks: number[] = []
    for (let item = heap.first; item; item = heap.first) {
      ranks.push(item.rank)
      heap.delete(item)
    }
    expect(ranks).toEqual(items.slice(1).map(({ rank }) => rank))
  }
  expect(broken).toBeGreaterThan(0)
})
