import { turns } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { limitDials } from '../src/index.js'
import { A, B, C, createClock, dial, dialed, dialOf, outcomeOf, setup } from './setup.js'

describe('limitDials', () => {
  it('lets so many run, and the others wait with their clock standing', async () => {
    const dials = limitDials({ parallel: 2 })
    const { hub, transport } = setup([dials])
    dial(hub, A, B, C)
    expect(dialed(transport)).toEqual([A, B])
    expect(hub.get(C)).toMatchObject({ state: 'connecting', waits: expect.any(String) })
    expect([dials.running, dials.waiting]).toEqual([2, 1])
    dialOf(transport, A).succeed()
    expect(dials.running).toBe(1)
    await turns()
    expect(dialed(transport)).toEqual([A, B, C])
    expect(hub.get(C)).toMatchObject({ state: 'connecting', waits: undefined })
    expect([dials.running, dials.waiting]).toEqual([2, 0])
  })

  it.each<[string, (world: ReturnType<typeof setup>) => void]>([
    ['succeeds', ({ transport }) => void dialOf(transport, A).succeed()],
    ['fails', ({ transport }) => dialOf(transport, A).fail()],
    ['is cancelled, and the transport does not know', ({ hub }) => void hub.disconnect(A)],
    ['is ended by a reset', ({ hub }) => void hub.reset().then(() => dial(hub, B))],
  ])('frees the place at the moment in which a dial %s', async (_, end) => {
    const dials = limitDials({ parallel: 1 })
    const world = setup([dials])
    dial(world.hub, A, B)
    end(world)
    await turns()
    expect(dialed(world.transport)).toEqual([A, B])
    expect(dials.running).toBe(1)
  })

  it('refuses what finds no place in the queue', async () => {
    const { hub, transport, refused } = setup([limitDials({ parallel: 1, queue: 1 })])
    dial(hub, A, B)
    expect(await outcomeOf(hub.connect(C))).toBe('DIAL_FAILED: QUEUE_FULL')
    expect(refused).toEqual([`limitDials outbound ${C}: queue-full`])
    expect(dialed(transport)).toEqual([A])
  })

  it('refuses nobody in the moment in which a place has become free', async () => {
    const { hub, transport } = setup([limitDials({ parallel: 1, queue: 1 })])
    hub.on('connecting-failed', ({ address }) => address === A && dial(hub, C))
    dial(hub, A, B)
    transport.lastDial.fail()
    await turns()
    expect(dialed(transport)).toEqual([A, B])
    transport.lastDial.fail()
    await turns()
    expect(dialed(transport)).toEqual([A, B, C])
  })

  it('has no queue with queue: 0', async () => {
    const { hub } = setup([limitDials({ parallel: 1, queue: 0 })])
    dial(hub, A)
    expect(await outcomeOf(hub.connect(B))).toBe('DIAL_FAILED: QUEUE_FULL')
  })

  it('ends what has waited for too long, and that alone', async () => {
    const clock = createClock()
    const dials = limitDials({ parallel: 1, queueTimeout: 1_000, clock })
    const { hub, transport, refused } = setup([dials])
    dial(hub, A)
    const b = hub.connect(B)
    clock.pass(600)
    const c = hub.connect(C)
    clock.pass(399)
    expect(await outcomeOf(b)).toBe('pending')
    clock.pass(1)
    expect(await outcomeOf(b)).toBe('DIAL_FAILED: QUEUE_TIMEOUT')
    expect(await outcomeOf(c)).toBe('pending')
    expect(refused).toEqual([`limitDials outbound ${B}: queue-timeout`])
    dialOf(transport, A).fail()
    await turns()
    expect(dialed(transport)).toEqual([A, C])
    expect(clock.size).toBe(0)
  })

  it('begins with the highest priority, and of one priority with whoever came first', async () => {
    const ranks: Record<string, number> = { 'fault:2': 1, 'fault:3': 5, 'fault:4': 5 }
    const priority = (address: string) => ranks[address] ?? 0
    const { hub, transport } = setup([limitDials({ parallel: 1, priority })])
    dial(hub, A, 'fault:1', 'fault:2', 'fault:3', 'fault:4')
    for (let i = 0; i < 4; i++) {
      transport.lastDial.fail()
      await turns()
    }
    expect(dialed(transport)).toEqual([A, 'fault:3', 'fault:4', 'fault:2', 'fault:1'])
  })

  it('fails a dial whose priority is no number', async () => {
    const { hub } = setup([limitDials({ parallel: 1, priority: () => Number.NaN })])
    dial(hub, A)
    expect(await outcomeOf(hub.connect(B))).toBe('INVALID_OPTION')
  })

  it('begins 10,000 dials that fail at once without filling the stack', async () => {
    const dials = limitDials({ parallel: 1 })
    const { hub, transport } = setup([dials])
    const addresses = Array.from({ length: 10_000 }, (_, i) => `fault:${i}`)
    dial(hub, A, ...addresses)
    transport.onDial = (each) => each.fail()
    dialOf(transport, A).fail()
    await turns()
    expect([hub.size, dials.running, dials.waiting]).toEqual([0, 0, 0])
    expect(transport.dials).toHaveLength(10_001)
  })

  it('starts nothing for a dial that a listener ends while it is taken out of the queue', async () => {
    const dials = limitDials({ parallel: 1 })
    const { hub, transport } = setup([dials])
    dial(hub, A, B, C)
    hub.on('change', ({ before, after }) => {
      const isReleased = after?.address === B && before?.state === 'connecting'
      if (isReleased && after.state === 'connecting' && !after.waits) hub.disconnect(B)
    })
    dialOf(transport, A).fail()
    await turns()
    expect(dialed(transport)).toEqual([A, C])
    expect(dials.running).toBe(1)
  })

  it('releases a dial whose turn comes while listeners hear that it waits', async () => {
    const { hub, transport } = setup([limitDials({ parallel: 1 })])
    dial(hub, A)
    hub.on('change', ({ after }) => {
      if (after?.address === B && after.state === 'connecting' && after.waits) hub.disconnect(A)
    })
    dial(hub, B)
    await turns()
    expect(dialed(transport)).toEqual([A, B])
    expect(hub.get(B)).toMatchObject({ waits: undefined })
  })

  it('explains who waits, behind how many, and until when', () => {
    const clock = createClock()
    const dials = limitDials({ parallel: 1, queueTimeout: 500, clock })
    const { hub } = setup([dials])
    dial(hub, A, B, C)
    const text = 'waits behind 1 of 2, while 1 dials run'
    expect(dials.explain(C)).toEqual([{ by: 'limitDials', text, until: 1_500 }])
    expect(dials.explain(A)).toEqual([])
  })

  it("lets one wait as long as the hub's holdTimeout, where it has no time of its own", async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { hub } = setup([limitDials({ parallel: 1 })], { dialTimeout: 3_600_000 })
    dial(hub, A)
    const waiting = hub.connect(B)
    waiting.catch(() => {})
    await vi.advanceTimersByTimeAsync(599_000)
    expect(hub.getState(B)).toBe('connecting')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await outcomeOf(waiting)).toBe('DIAL_TIMEOUT')
  })

  it('leaves nothing behind when the hub closes', async () => {
    const clock = createClock()
    const dials = limitDials({ parallel: 1, queueTimeout: 500, clock })
    const { hub, transport } = setup([dials])
    dial(hub, A, B, C)
    await hub.close()
    expect([dials.running, dials.waiting, clock.size]).toEqual([0, 0, 0])
    expect(dialed(transport)).toEqual([A])
  })

  it.each([
    [{}, 'parallel'],
    [{ parallel: 0 }, 'parallel'],
    [{ parallel: 1.5 }, 'parallel'],
    [{ parallel: '3' }, 'parallel'],
    [{ parallel: 1, queue: -1 }, 'queue'],
    [{ parallel: 1, queueTimeout: 0 }, 'queueTimeout'],
    [{ parallel: 1, priority: 3 }, 'priority'],
    [{ parallel: 1, clock: {} }, 'clock'],
    [{ parallel: 1, paralell: 3 }, 'paralell'],
    [undefined, 'options'],
  ])('refuses %j by the name %s', (options, name) => {
    expect(() => limitDials(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(name) }),
    )
  })
})
