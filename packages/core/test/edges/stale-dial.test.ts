import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { once, proving, settled } from './setup.js'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

const deadlined = (inAbort: (world: ReturnType<typeof setup>) => void) => {
  const world = setup({ dialTimeout: 100 })
  const act = once(() => inAbort(world))
  world.transport.onDial = ({ attempt }) => attempt.signal.addEventListener('abort', act)
  return world
}

describe('1 grammar: a dial that ends by its deadline, whose abort handler', () => {
  it('disconnects and connects, leaves the new dial alone', async () => {
    let again: Promise<unknown> = Promise.resolve('not called')
    const { hub, transport, recording } = deadlined(({ hub }) => {
      hub.disconnect(A)
      again = settled(hub.connect(A))
    })
    const first = settled(hub.connect(A))
    await vi.advanceTimersByTimeAsync(100)
    expect(await outcomeOf(first)).toMatch(/^DIAL_(TIMEOUT|CANCELLED)$/)
    expect(transport.dials).toHaveLength(2)
    expect(hub.getState(A)).toBe('connecting')
    expect(transport.lastDial.attempt.signal.aborted).toBe(false)
    const session = transport.lastDial.succeed()
    expect(await outcomeOf(again)).toBe(session)
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: [session] })
    expect(recording.lines().slice(-2)).toEqual(['connecting fault:a', 'connected fault:a'])
    expect(recording.events.filter(({ type }) => type === 'connecting')).toHaveLength(2)
    expect(recording.events.filter(({ type }) => type === 'connecting-failed').length).toBeLessThan(
      2,
    )
  })

  it('disconnects and connects, leaves the new dial its own deadline', async () => {
    let again: Promise<unknown> = Promise.resolve('not called')
    const { hub, transport, recording } = deadlined(({ hub }) => {
      hub.disconnect(A)
      again = settled(hub.connect(A))
    })
    hub.connect(A).catch(() => {})
    await vi.advanceTimersByTimeAsync(100)
    await vi.advanceTimersByTimeAsync(99)
    expect(hub.getState(A)).toBe('connecting')
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcomeOf(again)).toBe('DIAL_TIMEOUT')
    expect(transport.dials).toHaveLength(2)
    expect(recording.lines().at(-1)).toBe('connecting-failed fault:a')
  })

  it('hands over an inbound session, leaves that session in the entry', async () => {
    const { hub, transport } = deadlined(({ transport }) => {
      transport.inbound(A)
    })
    const first = settled(hub.connect(A))
    await vi.advanceTimersByTimeAsync(100)
    expect(await outcomeOf(first)).not.toBe('pending')
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: transport.sessions })
    expect(transport.sessions[0]).toMatchObject({ isOpen: true, closeCalls: 0 })
  })

  it('closes the hub, leaves no entry in it', async () => {
    let ended: Promise<void> | undefined
    const { hub, recording } = deadlined(({ hub }) => {
      ended = hub.close()
    })
    const first = settled(hub.connect(A))
    await vi.advanceTimersByTimeAsync(100)
    await ended
    expect(await outcomeOf(first)).not.toBe('pending')
    expect(hub.size).toBe(0)
    expect(recording.lines()[0]).toBe('connecting fault:a')
    const ends = recording.events.filter(({ type }) =>
      /^(connecting-failed|disconnected)$/.test(type),
    )
    expect(ends).toHaveLength(1)
  })
})

describe('1 grammar: a dial that is cancelled, whose abort handler', () => {
  it('connects, makes a dial that lives', async () => {
    let again: Promise<unknown> = Promise.resolve('not called')
    const { hub, transport } = deadlined(({ hub }) => {
      again = settled(hub.connect(A))
    })
    const first = settled(hub.connect(A))
    hub.disconnect(A)
    expect(await outcomeOf(first)).toBe('DIAL_CANCELLED')
    const session = transport.lastDial.succeed()
    expect(await outcomeOf(again)).toBe(session)
    expect(transport.dials).toHaveLength(2)
  })

  it('connects when the entry is gone, makes a dial that lives', async () => {
    let again: Promise<unknown> = Promise.resolve('not called')
    const { hub, transport } = deadlined(({ hub }) => {
      again = settled(hub.connect(A))
    })
    const first = settled(hub.connect(A))
    const inbound = transport.inbound(A)
    expect(await outcomeOf(first)).toBe(inbound)
    // The extra dial ends with the entry.
    inbound.end()
    const session = transport.lastDial.succeed()
    expect(await outcomeOf(again)).toBe(session)
    expect(transport.dials).toHaveLength(2)
  })
})

describe('1 grammar: a failure of an attempt whose entry is gone leaves the new dial alone', () => {
  it.each([
    ['onClosed() throws after it', 'throws'],
    ['the session has closed', 'closed'],
  ])('where onClosed() disconnects and connects, and %s', async (_, how) => {
    const { hub, transport, recording } = setup()
    let again: Promise<unknown> = Promise.resolve('not called')
    const session = proving('a', 'outbound')
    const listen = session.onClosed.bind(session)
    session.onClosed = (listener) => {
      hub.disconnect(A)
      again = settled(hub.connect(A))
      if (how === 'throws') throw new Error('onClosed() threw')
      session.end()
      listen(listener)
    }
    const first = settled(hub.connect(A))
    transport.lastDial.succeed(session)
    expect(await outcomeOf(first)).not.toBe('pending')
    expect(transport.dials).toHaveLength(2)
    expect(hub.getState(A)).toBe('connecting')
    const next = transport.lastDial.succeed()
    expect(await outcomeOf(again)).toBe(next)
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: [next] })
    expect(recording.lines().slice(-2)).toEqual(['connecting fault:a', 'connected fault:a'])
  })
})
