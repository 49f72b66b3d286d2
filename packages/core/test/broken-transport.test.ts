import { createHub, type HubError, type Transport } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, B, expectNoUnhandledRejection, outcomeOf, setup } from './setup.js'

expectNoUnhandledRejection()

const failureOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    ({ code, message }: HubError) => `${code}: ${message}`,
  )

const RULE = 'TRANSPORT_BROKEN: The transport broke its port: '

const whole = () => ({ handle: 1, direction: 'outbound', close: () => {}, onClosed: () => {} })
const thenable = () => Object.defineProperty(() => {}, 'then', { value: () => {} })

/** What is handed over, and the part that the message names. */
const HALF_SESSIONS: [string, unknown, string][] = [
  ['nothing', undefined, 'a session must be an object, not undefined'],
  ['null', null, 'a session must be an object, not null'],
  ['a number', 7, 'a session must be an object, not a number'],
  ['an empty object', {}, 'close() of a session must be a function, not undefined'],
  [
    'no direction',
    { ...whole(), direction: undefined },
    "direction of a session must be 'inbound' or 'outbound', not undefined",
  ],
  [
    'another direction',
    { ...whole(), direction: 'sideways' },
    "direction of a session must be 'inbound' or 'outbound', not 'sideways'",
  ],
  [
    'no close()',
    { ...whole(), close: undefined },
    'close() of a session must be a function, not undefined',
  ],
  [
    'no onClosed()',
    { ...whole(), onClosed: 'no' },
    "onClosed() of a session must be a function, not 'no'",
  ],
  [
    'a destroy that cannot be called',
    { ...whole(), destroy: true },
    'destroy() of a session must be a function, not a boolean',
  ],
  [
    'a key that is no string',
    { ...whole(), key: 7 },
    'key of a session must be a string, not a number',
  ],
  [
    'a kind that is no string',
    { ...whole(), kind: {} },
    'kind of a session must be a string, not an object',
  ],
  [
    'a promise as handle',
    { ...whole(), handle: new Promise(() => {}) },
    'the handle of a session must have no then()',
  ],
  [
    'a function as handle that has a then()',
    { ...whole(), handle: thenable() },
    'the handle of a session must have no then()',
  ],
]

describe('a transport whose describe() gives', () => {
  it.each<[string, () => unknown, string]>([
    ['nothing', () => undefined, 'what describe() returns must be an object, not undefined'],
    ['null', () => null, 'what describe() returns must be an object, not null'],
    ['a number', () => 7, 'what describe() returns must be an object, not a number'],
    ['text', () => 'lan', "what describe() returns must be an object, not 'lan'"],
    [
      'a promise',
      async () => ({ kind: 'lan' }),
      'what describe() returns must be an object, not a promise',
    ],
    [
      'a promise that rejects',
      () => Promise.reject(new Error('async')),
      'what describe() returns must be an object, not a promise',
    ],
    [
      'a key that is no string',
      () => ({ key: 7 }),
      'key of what describe() returns must be a string, not a number',
    ],
    [
      'a kind that is no string',
      () => ({ kind: null }),
      'kind of what describe() returns must be a string, not null',
    ],
  ])('%s is told so, and nothing is dialed', async (_, describe, rule) => {
    const { hub, transport, recording } = setup()
    transport.describe = describe as Transport<FaultSession>['describe']
    expect(await failureOf(hub.connect(A))).toBe(`${RULE}${rule}.`)
    expect(hub.size).toBe(0)
    expect(transport.dials).toHaveLength(0)
    expect(recording.lines()).toEqual([])
  })

  it('what throws when it is read is told so', async () => {
    const { hub, transport, recording } = setup()
    transport.describe = () => ({
      get key(): never {
        throw new Error('no key')
      },
    })
    expect(await failureOf(hub.connect(A))).toBe(
      'TRANSPORT_BROKEN: Reading what describe() returned threw: no key',
    )
    expect(transport.dials).toHaveLength(0)
    expect(recording.lines()).toEqual([])
  })

  it('nonsense still has its inbound sessions in the entries, without key and kind', () => {
    const { hub, transport } = setup()
    transport.describe = () => 7 as never
    transport.inbound(A, new FaultSession('inbound'))
    expect(hub.get(A)).toMatchObject({ state: 'connected', key: undefined, kind: undefined })
  })
})

describe('a transport that hands over a session that is', () => {
  it.each(HALF_SESSIONS)('%s, from a dial: the dial has failed', async (_, session, rule) => {
    const { hub, transport, recording } = setup()
    const failure = failureOf(hub.connect(A))
    transport.lastDial.attempt.succeed(session as never)
    expect(await failure).toBe(`${RULE}${rule}.`)
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it.each(HALF_SESSIONS)('%s, from outside: it is reported', (_, session, rule) => {
    const { hub, transport, onError, recording } = setup()
    transport.acceptAnything({ address: A, session })
    const [[error, from]] = onError.mock.calls as [[HubError, unknown]]
    expect(`${error.code}: ${error.message}`).toBe(`${RULE}${rule}.`)
    expect(from).toEqual({ origin: 'transport', call: 'listen' })
    expect(onError).toHaveBeenCalledTimes(1)
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual([])
  })

  it('one that throws when it is read: it is told so, and the session is closed', async () => {
    const { hub, transport, onError } = setup()
    const session = {
      ...whole(),
      close: vi.fn(),
      get key(): never {
        throw new Error('no key')
      },
    }
    const failure = failureOf(hub.connect(A))
    transport.lastDial.attempt.succeed(session as never)
    expect(await failure).toBe('TRANSPORT_BROKEN: Reading a session threw: no key')
    expect(session.close).toHaveBeenCalledTimes(1)
    transport.acceptAnything({ address: A, session })
    expect(session.close).toHaveBeenCalledTimes(2)
    expect(onError.mock.calls).toMatchObject([[{ code: 'TRANSPORT_BROKEN' }, { call: 'listen' }]])
    expect(hub.size).toBe(0)
  })

  it('nothing, after the end of the attempt: it is reported', async () => {
    const { hub, transport, onError } = setup()
    const outcome = outcomeOf(hub.connect(A))
    transport.lastDial.fail()
    transport.lastDial.attempt.succeed(undefined as never)
    expect(await outcome).toBe('DIAL_FAILED')
    expect(onError.mock.calls).toMatchObject([
      [{ code: 'TRANSPORT_BROKEN' }, { origin: 'transport', call: 'dial', address: A }],
    ])
  })
})

describe('a transport that accepts', () => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [7, 'a number'],
    ['x', "'x'"],
  ])('%o is told so', (inbound, given) => {
    const { hub, transport, onError } = setup()
    transport.acceptAnything(inbound)
    expect(onError.mock.calls).toMatchObject([
      [
        {
          code: 'TRANSPORT_BROKEN',
          message: `The transport broke its port: what accept() takes must be an object with address and session, not ${given}.`,
        },
        { origin: 'transport', call: 'listen' },
      ],
    ])
    expect(hub.size).toBe(0)
  })

  it.each([
    [undefined, 'INVALID_ADDRESS'],
    ['', 'INVALID_ADDRESS'],
    ['x'.repeat(4_097), 'ADDRESS_TOO_LONG'],
  ])('a session from no address is told so, by its code', (address, code) => {
    const { hub, transport, onError } = setup()
    transport.acceptAnything({ address, session: new FaultSession('inbound') })
    expect(onError.mock.calls).toMatchObject([[{ code }, { origin: 'transport', call: 'listen' }]])
    expect(hub.size).toBe(0)
  })
})

describe('a transport that does things its own way', () => {
  it('may hand succeed and fail on as loose functions', async () => {
    const { hub, transport } = setup()
    const failing = outcomeOf(hub.connect(A))
    const { fail } = transport.lastDial.attempt
    fail(new Error('no'))
    expect(await failing).toBe('DIAL_FAILED')
    const promise = hub.connect(A)
    const { succeed } = transport.lastDial.attempt
    const session = new FaultSession('outbound')
    succeed(session)
    expect(await promise).toBe(session)
  })

  it('finds a signal that is not aborted after a success, and one that is after a cancel', async () => {
    const { hub, transport } = setup()
    const promise = hub.connect(A)
    transport.lastDial.succeed()
    await promise
    expect(transport.lastDial.attempt.signal.aborted).toBe(false)
    const cancelled = outcomeOf(hub.connect(B))
    await hub.disconnect(B)
    expect(transport.lastDial.attempt.signal.reason).toMatchObject({ code: 'DIAL_CANCELLED' })
    await cancelled
  })

  it.each([7, Promise.resolve(() => {})])('is refused where listen() gives %s', (given) => {
    const transport = createFaultTransport()
    transport.listen = () => given as never
    expect(() => createHub({ transport })).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BROKEN' }),
    )
  })

  it('has half a session closed that is refused', async () => {
    const { hub, transport } = setup()
    const close = vi.fn()
    const outcome = outcomeOf(hub.connect(A))
    transport.lastDial.attempt.succeed({ handle: 1, direction: 'outbound', close } as never)
    expect(await outcome).toBe('TRANSPORT_BROKEN')
    expect(close).toHaveBeenCalledOnce()
  })
})

it('an onError that throws loses neither its own error nor the one that it was told', () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { hub, transport } = setup({
    onError: () => {
      throw new Error('of onError')
    },
  })
  hub.on('connected', () => {
    throw new Error('of the listener')
  })
  transport.inbound(A)
  const printed = print.mock.calls.flat().join()
  expect(printed).toContain('of the listener')
  expect(printed).toContain('of onError')
})
