import { afterEach, describe, expect, it, vi } from 'vitest'
import { unheardIn } from '../edges/setup.js'
import { A, setup } from '../setup.js'
import { sessionOf } from './setup.js'

afterEach(() => {
  vi.useRealTimers()
})

type World = ReturnType<typeof begin>
const begin = () => {
  vi.useFakeTimers()
  const world = setup({ dialTimeout: 1_000, holdTimeout: 2_000 })
  const controller = new AbortController()
  world.hub.connect(A, { signal: controller.signal }).catch(() => {})
  return { ...world, controller, attempt: world.transport.lastDial.attempt }
}

const ends: [string, (world: World) => unknown][] = [
  ['a session', ({ transport }) => transport.lastDial.succeed()],
  ['an error', ({ transport }) => transport.lastDial.fail()],
  ['a session that proves another key', ({ attempt }) => attempt.succeed(otherPeer())],
  ['a session that has closed', ({ attempt }) => attempt.succeed(closed())],
  ['nonsense', ({ attempt }) => attempt.succeed(7 as never)],
  ['its clock', () => vi.advanceTimersByTime(1_000)],
  ['a hold that lasts too long', ({ attempt }) => holdFor(attempt, 2_000)],
  ['disconnect()', ({ hub }) => hub.disconnect(A)],
  ['reset()', ({ hub }) => hub.reset()],
  ['close()', ({ hub }) => hub.close()],
  ['the last caller’s signal', ({ controller }) => controller.abort()],
]
const otherPeer = () => sessionOf('at-once', undefined, { direction: 'outbound', key: 'b' })
const closed = () => {
  const session = sessionOf()
  session.end()
  return session
}
const holdFor = (attempt: World['attempt'], ms: number) => {
  attempt.hold('queue')
  vi.advanceTimersByTime(ms)
}

describe.each(ends)('ended, where the attempt ends by %s', (_, end) => {
  it('calls each listener once, and no later end again', () => {
    const world = begin()
    const listeners = [vi.fn(), vi.fn()]
    for (const listener of listeners) world.attempt.ended(listener)
    expect(listeners.map((listener) => listener.mock.calls.length)).toEqual([0, 0])
    end(world)
    expect(listeners.map((listener) => listener.mock.calls.length)).toEqual([1, 1])
    world.attempt.fail(new Error('once more'))
    world.hub.disconnect(A).catch(() => {})
    world.hub.close()
    expect(listeners.map((listener) => listener.mock.calls.length)).toEqual([1, 1])
  })

  it('calls a listener at once that comes after the end', () => {
    const world = begin()
    end(world)
    const listener = vi.fn()
    world.attempt.ended(listener)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('finds the entry as it is now, and may dial anew', () => {
    const world = begin()
    const states: unknown[] = []
    world.attempt.ended(() => {
      states.push(world.hub.getState(A))
      if (!world.hub.closed) world.hub.connect(A).catch(() => {})
    })
    end(world)
    expect(states).not.toContain('connecting')
    expect(states).toHaveLength(1)
  })
})

describe('a listener of ended', () => {
  it('that throws harms neither the others nor the dial, and goes to error', () => {
    const { hub, attempt, transport, onError } = begin()
    const told = vi.fn()
    hub.on('error', told)
    const second = vi.fn()
    attempt.ended(() => {
      throw new Error('ended threw')
    })
    attempt.ended(second)
    transport.lastDial.succeed()
    expect(second).toHaveBeenCalledTimes(1)
    expect(hub.getState(A)).toBe('connected')
    const from = { origin: 'transport', call: 'ended', address: A }
    expect(onError.mock.calls).toEqual([[new Error('ended threw'), from]])
    expect(told.mock.calls).toEqual([[{ error: new Error('ended threw'), from }]])
  })

  it('that rejects goes to error, and is left unheard by nobody', async () => {
    vi.useRealTimers()
    const { hub, transport, onError } = setup()
    hub.connect(A).catch(() => {})
    const unheard = await unheardIn(() => {
      transport.lastDial.attempt.ended((async () => {
        throw new Error('ended rejected')
      }) as () => void)
      transport.lastDial.succeed()
    })
    expect(unheard).toEqual([])
    expect(onError).toHaveBeenCalledTimes(1)
  })

  it('that is added inside another one is called too', () => {
    const { attempt, transport } = begin()
    const inner = vi.fn()
    attempt.ended(() => attempt.ended(inner))
    transport.lastDial.succeed()
    expect(inner).toHaveBeenCalledTimes(1)
  })

  it('may close the hub', () => {
    const { hub, attempt, transport, recording } = begin()
    attempt.ended(() => hub.close())
    const session = transport.lastDial.succeed()
    expect(session.isOpen).toBe(false)
    expect(recording.events.at(-1)).toMatchObject({ type: 'disconnected', reason: 'hub-closed' })
  })

  it('is not called while an extra attempt goes on beside an inbound session', () => {
    const { attempt, transport } = begin()
    const listener = vi.fn()
    attempt.ended(listener)
    transport.inbound(A, sessionOf())
    expect(listener).not.toHaveBeenCalled()
    transport.lastDial.succeed()
    expect(listener).toHaveBeenCalledTimes(1)
  })
})
