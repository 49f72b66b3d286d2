import {
  createHub,
  type Decoration,
  type DialAttempt,
  decorate,
  dialer,
  toPlain,
  withOutcome,
} from '@conn-hub/core'
import { createFaultTransport, type FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { connectedWith, sessionOf } from './setup.js'

describe('decorate', () => {
  it('adds nothing where nothing is given: self, describe, dial and listen are the inner ones', async () => {
    const inner = createFaultTransport({ self: 'me' })
    const transport = decorate(inner, {})
    const hub = createHub({ transport })
    expect([transport.self, transport.describe(A)]).toEqual(['me', { key: 'a', kind: 'fault' }])
    const connecting = hub.connect(A)
    const session = inner.lastDial.succeed()
    expect(await connecting).toBe(session)
    expect(hub.get(A)?.sessions[0]).toBe(session)
    inner.inbound('fault:b')
    expect(hub.size).toBe(2)
    hub.close()
    expect(inner.listening).toBe(false)
  })

  it('dials through what is given, which may dial by the inner one', async () => {
    const inner = createFaultTransport()
    const dial = vi.fn<NonNullable<Decoration<FaultSession>['dial']>>((address, attempt, go) =>
      go(`${address}2`, attempt),
    )
    const hub = createHub({ transport: decorate(inner, { dial }) })
    const connecting = hub.connect(A)
    expect(dial.mock.calls.map(([address]) => address)).toEqual([A])
    expect(inner.lastDial.address).toBe(`${A}2`)
    expect(inner.lastDial.succeed(sessionOf('at-once', undefined, { direction: 'outbound' }))).toBe(
      await connecting,
    )
  })

  it('listens also where the inner transport only dials: so it gets its side', () => {
    const dialOnly = { describe: () => ({}), dial: () => {} }
    const listen = vi.fn((accept, side, inner) => inner(accept, side))
    const hub = createHub({ transport: decorate<FaultSession>(dialOnly, { listen }) })
    expect(listen.mock.calls[0]?.[1]).toMatchObject({ size: 0 })
    expect(() => hub.close()).not.toThrow()
  })

  it('serves one hub, and another one when that has closed', () => {
    const transport = decorate(createFaultTransport(), {})
    const hub = createHub({ transport })
    expect(() => createHub({ transport })).toThrow(
      expect.objectContaining({
        code: 'TRANSPORT_IN_USE',
        message: expect.stringContaining('Decorate the transport anew'),
      }),
    )
    hub.close()
    expect(() => createHub({ transport })).not.toThrow()
  })

  it('is not in use where listen() threw', () => {
    const listen = vi.fn((accept, side, inner) => inner(accept, side))
    const transport = decorate(createFaultTransport(), { listen })
    listen.mockImplementationOnce(() => {
      throw new Error('the port is taken')
    })
    expect(() => createHub({ transport })).toThrow('the port is taken')
    expect(() => createHub({ transport })).not.toThrow()
  })

  it.each([7, Promise.resolve(() => {})])('is refused where listen() gives %s', (given) => {
    const inner = Object.assign(createFaultTransport(), { listen: () => given as never })
    expect(() => createHub({ transport: decorate(inner, {}) })).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BROKEN' }),
    )
  })
})

describe('what decorate() and dialer() are given', () => {
  const refused = (message: string) =>
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) })

  it.each([undefined, null, () => {}, { dial: 'tcp' }, { listen: 7 }])(
    'is checked: %o is no decoration',
    (decoration) => {
      expect(() => decorate(createFaultTransport(), decoration as never)).toThrow(
        refused('"decoration" must be an object with dial() or listen()'),
      )
    },
  )

  it('is checked: nothing is no transport', () => {
    expect(() => decorate(undefined as never, {})).toThrow(refused('"transport" must be'))
  })

  it('is checked: a promise is no function that opens a session', () => {
    const open = Promise.resolve() as never
    expect(() => dialer(open)).toThrow(refused('"open" must be a function'))
  })
})

describe('a decoration whose listen() returns nothing', () => {
  it('is refused, and the inner one listens once: what it stands before is not passed by', () => {
    const inner = createFaultTransport()
    const listened = vi.spyOn(inner, 'listen' as never)
    const gate = decorate<FaultSession>(inner, {
      // It was meant to be returned.
      listen: ((accept: never, side: never, go: (...given: never[]) => unknown) =>
        void go(accept, side)) as never,
    })
    expect(() => createHub({ transport: gate })).toThrow(
      expect.objectContaining({
        code: 'TRANSPORT_BROKEN',
        message: expect.stringContaining('listen() of a decoration must return what ends it'),
      }),
    )
    expect(listened).toHaveBeenCalledTimes(1)
  })
})

describe('withOutcome', () => {
  const attempted = () => {
    const { hub, transport } = setup()
    const connecting = hub.connect(A, { data: { x: 1 }, key: 'a' })
    connecting.catch(() => {})
    return { hub, transport, connecting, attempt: transport.lastDial.attempt }
  }

  it('is the same attempt but for its outcome', () => {
    const { hub, attempt } = attempted()
    const same = withOutcome(attempt, {})
    expect([same.data, same.key, same.signal]).toEqual([{ x: 1 }, 'a', attempt.signal])
    const release = same.hold('queue')
    expect(hub.get(A)).toMatchObject({ waits: 'queue' })
    release()
    const ended = vi.fn()
    same.ended(ended)
    const session = sessionOf()
    same.succeed(session)
    expect([hub.get(A)?.sessions, ended.mock.calls.length]).toEqual([[session], 1])
  })

  it('gives the outcome to whoever decorates, who may turn it round', async () => {
    const { attempt, connecting } = attempted()
    const turned: DialAttempt<FaultSession> = withOutcome(attempt, {
      succeed: (session) => {
        session.close('not this one')
        attempt.fail(new Error('turned round'))
      },
    })
    const session = sessionOf()
    turned.succeed(session)
    expect(await outcomeOf(connecting)).toBe('DIAL_FAILED')
    expect(session.reasons).toEqual(['not this one'])
  })

  it('fails as the attempt does where nothing else is given', async () => {
    const { attempt, connecting } = attempted()
    withOutcome(attempt, {}).fail(new Error('no answer'))
    expect(await outcomeOf(connecting)).toBe('DIAL_FAILED')
  })

  it('makes no signal that nobody asks for', () => {
    const { attempt } = attempted()
    const signal = vi.spyOn(attempt, 'signal', 'get' as never)
    withOutcome(attempt, {}).fail(new Error('no'))
    expect(signal).not.toHaveBeenCalled()
  })
})

describe('an attempt', () => {
  it('has the data of the call that began it, and the key that is expected', () => {
    const { hub, transport } = setup()
    hub.connect('fault:anonymous', { key: 'a', data: { name: 'A' } }).catch(() => {})
    hub.connect('fault:anonymous', { data: { name: 'B' } }).catch(() => {})
    const { data, key } = transport.lastDial.attempt
    expect([data, key]).toEqual([{ name: 'A' }, 'a'])
  })

  it('has empty data and no key where nobody said any', () => {
    const { hub, transport } = setup()
    hub.connect('fault:anonymous').catch(() => {})
    const { data, key } = transport.lastDial.attempt
    expect([data, key]).toEqual([{}, undefined])
  })

  it('has the key of the address, whatever the caller says', () => {
    const { hub, transport } = setup()
    hub.connect(A, { key: 'b' }).catch(() => {})
    expect(transport.lastDial.attempt.key).toBe('a')
  })

  it('is given to the function of dialer(), which may hold it', async () => {
    const dial = dialer<FaultSession>(async (_, __, attempt) => {
      attempt.hold('queue')()
      return sessionOf()
    })
    const hub = createHub({ transport: { describe: () => ({}), dial } })
    expect(await hub.connect(A)).toMatchObject({ isOpen: true })
  })
})

describe('toPlain', () => {
  it('is an entry without handles, which can be cloned, in each state', () => {
    const { hub, transport } = connectedWith(sessionOf('refuse'))
    hub.update(A, { name: 'A' })
    hub.connect('fault:b').catch(() => {})
    transport.lastDial.attempt.hold('queue')
    const plain = () => structuredClone(hub.snapshot().map(toPlain))
    expect(plain()).toMatchObject([
      {
        address: A,
        state: 'connected',
        data: { name: 'A' },
        sessions: [{ direction: 'inbound', key: 'a' }],
      },
      { address: 'fault:b', state: 'connecting', waits: 'queue', sessions: [] },
    ])
    hub.disconnect(A, { reason: 'enough' })
    expect(plain()[0]).toMatchObject({ state: 'disconnecting', reason: 'enough' })
  })
})
