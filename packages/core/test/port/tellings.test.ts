import { createHub } from '@conn-hub/core'
import { describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { connectedWith, sessionOf, tellingsOf } from './setup.js'

describe('session and session-closed', () => {
  it('stand right after connected, and right before disconnected', () => {
    const { hub, transport } = setup()
    const tellings = tellingsOf(hub, 'session-closed', 'session', 'connected', 'disconnected', '*')
    transport.inbound(A).end()
    expect(tellings).toEqual(['connected', '*', 'session', 'session-closed', 'disconnected', '*'])
  })

  it('tell each further session alone', () => {
    const { hub, transport } = setup()
    const tellings = tellingsOf(hub, '*', 'session', 'session-closed')
    const [one, two] = [transport.inbound(A), transport.inbound(A)]
    two.end()
    one.end()
    expect(tellings).toEqual(['*', 'session', 'session', 'session-closed', 'session-closed', '*'])
  })

  it('have address, key, session and direction; the end has reason, initiator and error', () => {
    const { hub, transport } = setup()
    const told: unknown[] = []
    hub.on('session', (event) => told.push(event))
    hub.on('session-closed', (event) => told.push(event))
    const session = sessionOf()
    transport.inbound(A, session)
    session.end(new Error('broken'), 'bye')
    const both = { address: A, key: 'a', session, direction: 'inbound', at: expect.any(Number) }
    const how = { reason: 'bye', initiator: 'remote', error: new Error('broken') }
    expect(told).toEqual([
      { type: 'session', ...both },
      { type: 'session-closed', ...both, ...how },
    ])
  })

  it('tell each session of an entry at the end of the hub, as ours', () => {
    const { hub } = connectedWith(sessionOf('refuse'), sessionOf())
    const told: unknown[] = []
    hub.on('session-closed', (event) => told.push(event))
    hub.close()
    const how = { reason: 'hub-closed', initiator: 'local' }
    expect(told).toMatchObject([how, how])
  })

  it('are silent of sessions that were refused, and of dials that were cancelled', () => {
    const { hub, transport } = setup()
    const tellings = tellingsOf(hub, 'session', 'session-closed')
    hub.connect(A).catch(() => {})
    transport.inbound(A, sessionOf('at-once', undefined, { key: 'b' }))
    hub.disconnect(A)
    transport.lastDial.succeed()
    expect(tellings).toEqual([])
  })
})

describe('refused', () => {
  it('tells who, why, and all that is known; nobody listens: silence', () => {
    const { hub, transport, onError } = setup()
    const told: unknown[] = []
    transport.inbound(A, sessionOf('at-once', undefined, { key: 'b' }))
    hub.on('refused', (refusal) => told.push(refusal))
    transport.inbound(A, sessionOf('at-once', undefined, { key: 'b' }))
    expect(told).toEqual([
      { by: 'hub', why: 'wrong-peer', direction: 'inbound', address: A, key: 'b', kind: undefined },
    ])
    expect(onError).not.toHaveBeenCalled()
  })

  it('may close the hub in its listener: the session is closed all the same', () => {
    const { hub, transport } = setup()
    hub.on('refused', () => hub.close())
    const session = sessionOf('at-once', undefined, { key: 'b' })
    transport.inbound(A, session)
    expect([session.isOpen, hub.closed]).toEqual([false, true])
  })
})

describe('error', () => {
  it('gets what onError gets', () => {
    const { hub, onError } = connectedWith(sessionOf())
    const told = vi.fn()
    hub.on('error', told)
    hub.on('change', () => {
      throw new Error('a listener threw')
    })
    hub.update(A, { x: 1 })
    const [error, from] = onError.mock.calls[0] ?? []
    expect(told.mock.calls).toEqual([[{ error, from }]])
    expect(from).toEqual({ origin: 'listener', call: 'change' })
  })

  it.each([
    ['throws', () => fails()],
    ['rejects', async () => fails()],
  ])('makes no loop where its listener %s: that goes to onError alone', async (_, listener) => {
    const { hub, onError } = connectedWith(sessionOf())
    const calls = vi.fn(listener)
    hub.on('error', calls)
    const others = vi.fn()
    hub.on('error', others)
    hub.on('change', () => fails())
    hub.update(A, { x: 1 })
    await outcomeOf(Promise.resolve())
    expect([calls.mock.calls.length, others.mock.calls.length]).toEqual([1, 1])
    expect(onError.mock.calls.map(([, { call }]) => call)).toEqual(['change', 'error'])
  })
})

const fails = (): never => {
  throw new Error('a listener failed')
}

describe('subscribe', () => {
  it('wakes after each step of each entry, metadata too, without an argument', () => {
    const { hub, transport } = setup()
    const wake = vi.fn()
    const stop = hub.subscribe(wake)
    const session = transport.inbound(A)
    hub.update(A, { x: 1 })
    session.end()
    expect(wake.mock.calls).toEqual([[], [], []])
    stop()
    stop()
    transport.inbound(A)
    expect(wake).toHaveBeenCalledTimes(3)
  })

  it('gives on a closed hub a function that does nothing', () => {
    const { hub } = setup()
    hub.close()
    const stop = hub.subscribe(() => {})
    expect(stop()).toBe(undefined)
  })

  it('refuses what is no function, on a closed hub too', () => {
    const hub = createHub({ transport: { describe: () => ({}), dial: () => {} } })
    expect(() => hub.subscribe(7 as never)).toThrow('listener')
    hub.close()
    expect(() => hub.subscribe(7 as never)).toThrow('listener')
  })
})
