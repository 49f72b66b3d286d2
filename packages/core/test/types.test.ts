import {
  type Change,
  type Connected,
  type Connecting,
  type Connection,
  type ConnectionEvent,
  createHub,
  type Direction,
  dialer,
  type Hub,
  HubError,
  type Initiator,
  isHubError,
  type Session,
  type Unsubscribe,
} from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { describe, expect, expectTypeOf, it } from 'vitest'

// `tsc -p test` holds what is said of the types here; the run holds that the values agree.

describe('the type of a hub', () => {
  it('comes from its transport', async () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    expectTypeOf(hub).toEqualTypeOf<Hub<FaultSession>>()
    transport.onDial = (dial) => dial.succeed()
    const session = await hub.connect('fault:a')
    expectTypeOf(session).toEqualTypeOf<FaultSession>()
    expect(session).toBeInstanceOf(FaultSession)
  })

  it('comes from a dialer that gives a promise', async () => {
    const session = (handle: number): Session<number> => ({
      handle,
      direction: 'outbound',
      close: () => {},
      onClosed: () => {},
    })
    const hub = createHub({
      transport: { describe: () => ({}), dial: dialer(async () => session(7)) },
    })
    expectTypeOf(hub).toEqualTypeOf<Hub<number>>()
    expect(await hub.connect('x')).toBe(7)
  })
})

describe('the type of an event', () => {
  it('comes from the name that is listened to', () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const heard: string[] = []
    const stop = hub.on('connected', (event) => {
      expectTypeOf(event.type).toEqualTypeOf<'connected'>()
      expectTypeOf(event.session).toEqualTypeOf<Session<FaultSession>>()
      expectTypeOf(event.direction).toEqualTypeOf<Direction>()
      heard.push(event.direction)
    })
    expectTypeOf(stop).toEqualTypeOf<Unsubscribe>()
    hub.on('connecting-failed', ({ error }) => expectTypeOf(error).toEqualTypeOf<HubError>())
    hub.on('change', (change) => expectTypeOf(change).toEqualTypeOf<Change<FaultSession>>())
    hub.on('close', (nothing) => expectTypeOf(nothing).toEqualTypeOf<undefined>())
    // @ts-expect-error: there is no such event
    expect(() => hub.on('conected', () => {})).toThrow('must be one of')
    transport.inbound('fault:a')
    expect(heard).toEqual(['inbound'])
  })

  it('is narrowed by its type', () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const heard: unknown[] = []
    hub.on('*', (event) => {
      expectTypeOf(event).toEqualTypeOf<ConnectionEvent<FaultSession>>()
      // @ts-expect-error: not every event has a session
      void event.session
      if (event.type === 'connected') heard.push(event.session.handle.isOpen)
      if (event.type === 'disconnected') {
        expectTypeOf(event.initiator).toEqualTypeOf<Initiator>()
        heard.push(event.reason)
      }
      if (event.type === 'disconnecting') expectTypeOf(event.initiator).toEqualTypeOf<'local'>()
    })
    transport.inbound('fault:a').end()
    expect(heard).toEqual([true, 'session-closed'])
  })
})

describe('the type of a connection', () => {
  it('is narrowed by its state', () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const session = transport.inbound('fault:a')
    const entry = hub.get('fault:a')
    expectTypeOf(entry).toEqualTypeOf<Connection<FaultSession> | undefined>()
    if (entry?.state !== 'connected') throw new Error('it is connected')
    // There is always a first session, so no check is needed.
    expectTypeOf(entry.sessions[0]).toEqualTypeOf<Session<FaultSession>>()
    expect(entry.sessions[0].handle).toBe(session)
    // @ts-expect-error: only an entry that is disconnecting has a reason
    expect(entry.reason).toBeUndefined()
    expectTypeOf<Connecting['sessions']>().toEqualTypeOf<readonly []>()
    expectTypeOf(entry).toEqualTypeOf<Readonly<Connected<FaultSession>>>()
    expectTypeOf(entry.data).toEqualTypeOf<Readonly<Record<string, unknown>>>()
  })
})

describe('the type of an error', () => {
  it('is known after isHubError()', () => {
    const error: unknown = new HubError('DIAL_FAILED', 'no route', { cause: 7 })
    if (!isHubError(error)) throw new Error('it is one')
    expectTypeOf(error).toEqualTypeOf<HubError>()
    expect([error.code, error.message, error.cause]).toEqual(['DIAL_FAILED', 'no route', 7])
    expect(new HubError('MY_OWN_CODE', 'of a transport').code).toBe('MY_OWN_CODE')
  })
})
