import { createHub, decorate, type Hub, isHubError } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import type { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { A, B, setup } from './setup.js'

type AnyHub = Hub<FaultSession>
type Bad = never

/** Runs what must be refused, and checks that the hub is as it was. Gives the code and the message. */
const refused = async (call: (hub: AnyHub) => unknown): Promise<string> => {
  const { hub, transport, recording } = setup()
  transport.inbound(B)
  hub.update(B, { n: 1 })
  const before = hub.snapshot()
  recording.lines()
  let error: unknown
  try {
    await call(hub)
  } catch (thrown) {
    error = thrown
  }
  if (!isHubError(error)) throw new Error(`no HubError, but ${error}`)
  expect(hub.snapshot()).toBe(before)
  expect(transport.dials).toHaveLength(0)
  expect(recording.lines()).toEqual([])
  return `${error.code}: ${error.message}`
}

const METHODS: Record<string, (hub: AnyHub, address: Bad) => unknown> = {
  connect: (hub, address) => hub.connect(address),
  disconnect: (hub, address) => hub.disconnect(address),
  update: (hub, address) => hub.update(address, {}),
  get: (hub, address) => hub.get(address),
  getState: (hub, address) => hub.getState(address),
}

describe.each(Object.entries(METHODS))('%s()', (_, call) => {
  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [0, 'a number'],
    [true, 'a boolean'],
    [{}, 'an object'],
    [[], 'an array'],
    [Symbol('a'), 'a symbol'],
    ['', "''"],
  ])('refuses %o as an address, and says what was given', async (address, given) => {
    expect(await refused((hub) => call(hub, address as Bad))).toBe(
      `INVALID_ADDRESS: An address must be a string that is not empty, not ${given}.`,
    )
  })

  it('refuses an address of 4097 characters, and one of a million', async () => {
    for (const length of [4_097, 1_000_000]) {
      const address = 'fault:'.padEnd(length, 'x')
      expect(await refused((hub) => call(hub, address as Bad))).toBe(
        `ADDRESS_TOO_LONG: An address may have 4096 characters; this one has ${length}.`,
      )
    }
  })
})

describe('an address', () => {
  it('may have 4096 characters', () => {
    const { hub } = setup()
    const address = 'fault:'.padEnd(4_096, 'x')
    hub.connect(address).catch(() => {})
    expect(hub.getState(address)).toBe('connecting')
  })

  it('that the transport cannot read is refused by connect alone; elsewhere it is unknown', async () => {
    expect(await refused((hub) => hub.connect('http://x'))).toBe(
      'INVALID_ADDRESS: The transport cannot read this address: an address looks like fault:NAME',
    )
    const { hub } = setup()
    expect(await hub.disconnect('http://x')).toBe(false)
    expect(hub.update('http://x', {})).toBe(false)
    expect(hub.getState('http://x')).toBeUndefined()
  })

  it.each(['__proto__', 'constructor', 'toString'])('may be called %s', (address) => {
    const { hub, transport } = setup()
    expect(hub.get(address)).toBeUndefined()
    transport.inbound(address)
    expect(hub.get(address)?.address).toBe(address)
    expect(hub.byKey('__proto__')).toEqual([])
  })
})

describe('metadata', () => {
  it.each([
    [null, 'null'],
    [[], 'an array'],
    [[1], 'an array'],
    ['text', "'text'"],
    [7, 'a number'],
    [true, 'a boolean'],
    [() => {}, 'a function'],
    [new Map([['n', 1]]), 'an instance of a class'],
    [new Date(), 'an instance of a class'],
    [new (class Peer {})(), 'an instance of a class'],
  ])('refuses %o, and says what was given', async (data, given) => {
    const message = `INVALID_DATA: Metadata must be a plain object of named fields, not ${given}.`
    expect(await refused((hub) => hub.connect(A, { data: data as Bad }))).toBe(message)
    expect(await refused((hub) => hub.connect(B, { data: data as Bad }))).toBe(message)
    expect(await refused((hub) => hub.update(B, data as Bad))).toBe(message)
  })

  it('may be an object without a prototype', () => {
    const { hub, transport } = setup()
    transport.inbound(B)
    hub.update(B, Object.assign(Object.create(null), { n: 1 }))
    expect(hub.get(B)?.data).toEqual({ n: 1 })
  })

  it('keeps __proto__ and constructor as fields like any other', () => {
    const { hub, transport } = setup()
    const text = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'
    hub.connect(A, { data: JSON.parse(text) }).catch(() => {})
    transport.inbound(B)
    hub.update(B, JSON.parse(text))
    for (const address of [A, B]) {
      const data = hub.get(address)?.data ?? {}
      expect(JSON.stringify(data)).toBe(text)
      expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
      expect(data.polluted).toBeUndefined()
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    hub.update(B, { later: 1 })
    expect(Object.keys(hub.get(B)?.data ?? {})).toEqual(['__proto__', 'constructor', 'later'])
  })
})

describe('createHub()', () => {
  const transport = { describe: () => ({}), dial: () => {} }
  const DELAY = 'must be a number of ms from 1 to 2147483647.'

  it.each([
    [
      undefined,
      'The option "options" must be an object with transport, dialTimeout, closeTimeout, holdTimeout, onError.',
    ],
    [
      null,
      'The option "options" must be an object with transport, dialTimeout, closeTimeout, holdTimeout, onError.',
    ],
    // The transport in the place of the options: an instance of a class, as decorators and adapters are.
    [
      decorate(transport, {}),
      'The option "options" must be an object with transport, dialTimeout, closeTimeout, holdTimeout, onError.',
    ],
    [{}, 'The option "transport" must be an object with describe().'],
    [{ transport: null }, 'The option "transport" must be an object with describe().'],
    [
      { transport: { dial: () => {} } },
      'The option "transport" must be an object with describe().',
    ],
    [
      { transport: { describe: () => ({}) } },
      'The option "transport" must be an object with dial().',
    ],
    [
      { transport: { describe: () => ({}), dial: () => {}, listen: 'tcp' } },
      'The option "transport.listen" must be a function.',
    ],
    [{ transport, onError: 'print' }, 'The option "onError" must be a function.'],
    [{ transport, dialTimeout: '30s' }, `The option "dialTimeout" ${DELAY}`],
    [{ transport, dialTimeout: '30' }, `The option "dialTimeout" ${DELAY}`],
    [{ transport, closeTimeout: null }, `The option "closeTimeout" ${DELAY}`],
    [{ transport, holdTimeout: 0 }, `The option "holdTimeout" ${DELAY}`],
    [
      { transport, dialTimeOut: 5 },
      'There is no option "dialTimeOut". The options here are transport, dialTimeout, closeTimeout, holdTimeout, onError.',
    ],
  ])('refuses %o', (options, message) => {
    expect(() => createHub(options as Bad)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message }),
    )
  })

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    'refuses %d as a delay, and connect() does',
    async (ms) => {
      for (const name of ['dialTimeout', 'closeTimeout']) {
        const message = `The option "${name}" ${DELAY}`
        expect(() => createHub({ transport, [name]: ms })).toThrow(message)
      }
      const answer = await refused((hub) => hub.connect(A, { timeout: ms }))
      expect(answer).toBe(`INVALID_OPTION: The option "timeout" ${DELAY}`)
    },
  )

  it('takes the shortest and the longest delay', () => {
    for (const ms of [1, 2 ** 31 - 1]) {
      expect(createHub({ transport, dialTimeout: ms, closeTimeout: ms }).size).toBe(0)
    }
  })
})

describe('the options of a method', () => {
  const halfSignal = { aborted: false, addEventListener: () => {} }

  it.each<[string, (hub: AnyHub) => unknown, string]>([
    [
      'connect, null',
      (hub) => hub.connect(A, null as Bad),
      '"options" must be an object with data, key, signal, timeout',
    ],
    [
      'connect, text',
      (hub) => hub.connect(A, 'x' as Bad),
      '"options" must be an object with data, key, signal, timeout',
    ],
    ['connect, key', (hub) => hub.connect(A, { key: 7 as Bad }), '"key" must be a string'],
    [
      'connect, signal',
      (hub) => hub.connect(A, { signal: {} as Bad }),
      '"signal" must be an AbortSignal',
    ],
    [
      'connect, half a signal',
      (hub) => hub.connect(A, { signal: halfSignal as Bad }),
      '"signal" must be an AbortSignal',
    ],
    [
      'disconnect, null',
      (hub) => hub.disconnect(B, null as Bad),
      '"options" must be an object with reason, signal, session',
    ],
    [
      'disconnect, reason',
      (hub) => hub.disconnect(B, { reason: 7 as Bad }),
      '"reason" must be a string',
    ],
    [
      'disconnect, signal',
      (hub) => hub.disconnect(B, { signal: 'x' as Bad }),
      '"signal" must be an AbortSignal',
    ],
    ['reset, reason', (hub) => hub.reset(7 as Bad), '"reason" must be a string'],
    [
      'disconnect, a session that has left',
      (hub) => hub.disconnect(B, { session: hub.get(B)?.sessions[1] }),
      '"session" must be a session of the entry',
    ],
    [
      'disconnect, session',
      (hub) => hub.disconnect(B, { session: 7 as Bad }),
      '"session" must be a session of the entry',
    ],
    ['subscribe, listener', (hub) => hub.subscribe(7 as Bad), '"listener" must be a function'],
    ['on, listener', (hub) => hub.on('*', null as Bad), '"listener" must be a function'],
    [
      'on, options',
      (hub) => hub.on('*', () => {}, null as Bad),
      '"options" must be an object with signal',
    ],
    [
      'on, signal',
      (hub) => hub.on('*', () => {}, { signal: halfSignal as Bad }),
      '"signal" must be an AbortSignal',
    ],
  ])('is refused: %s', async (_, call, message) => {
    expect(await refused(call)).toBe(`INVALID_OPTION: The option ${message}.`)
  })

  it.each(['nope', '', 7, null, ['connected'], '__proto__', 'toString'])(
    'on() refuses to listen to %o',
    async (type) => {
      expect(await refused((hub) => hub.on(type as Bad, () => {}))).toBe(
        'INVALID_OPTION: The option "type" must be one of connecting, connecting-failed, connected, disconnecting, disconnecting-failed, disconnected, *, session, session-closed, change, refused, error, close.',
      )
    },
  )
})

describe('a name that is no option', () => {
  it.each<[string, (hub: AnyHub) => unknown, string]>([
    [
      'connect, metadata in the place of options',
      (hub) => hub.connect(A, { name: 'Anna' } as Bad),
      '"name". The options here are data, key, signal, timeout',
    ],
    [
      'disconnect',
      (hub) => hub.disconnect(B, { why: 'x' } as Bad),
      '"why". The options here are reason, signal, session',
    ],
    [
      'on',
      (hub) => hub.on('*', () => {}, { once: true } as Bad),
      '"once". The options here are signal',
    ],
    [
      'view of events',
      (hub) => createView(hub, 'events', { size: 1 } as Bad),
      '"size". The options here are signal, capacity, overflow',
    ],
    [
      'view of entries',
      (hub) => createView(hub, 'entries', { capacity: 1 } as Bad),
      '"capacity". The options here are signal',
    ],
  ])('is refused, and the known ones are listed: %s', async (_, call, rest) => {
    expect(await refused(call)).toBe(`INVALID_OPTION: There is no option ${rest}.`)
  })
})

it('an error that throws whatever it is asked is still told apart', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(isHubError(proxy)).toBe(false)
})
