import { createHub } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { toDataText } from '../src/plain/data.js'
import { toPlainEntry } from '../src/plain/entry.js'
import { toPlainError, toPlainEvent } from '../src/plain/event.js'

const throws = () => {
  throw new Error('hostile')
}

/** An object with a field that throws when it is read. */
const throwing = (name: string, others = {}): Record<string, unknown> =>
  Object.defineProperty({ ...others }, name, { get: throws, enumerable: true })

const UNPRINTABLE = { message: 'an error that cannot be printed' }

describe('metadata as text', () => {
  it.each([
    ['nothing', {}, undefined],
    [
      'plain values',
      { a: 1, b: 'ä', c: [null, { d: 1.5 }] },
      '{"a":1,"b":"ä","c":[null,{"d":1.5}]}',
    ],
    ['a bigint', { a: 12n }, '{"a":"12n"}'],
    ['no number', { a: Number.NaN }, '{"a":"NaN"}'],
    ['a date', { a: new Date(0) }, '{"a":"1970-01-01T00:00:00.000Z"}'],
    ['a name of its own', JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    ['HTML', { a: '<script>x</script>\u0000' }, '{"a":"<script>x</script>\\u0000"}'],
  ])('shows all of %s', (_, data, text) => {
    expect(toDataText(data)).toEqual({ text, cut: false })
  })

  it.each([
    ['a function', { a: () => {} }, '{"a":"[function]"}'],
    ['a symbol', { a: Symbol('s') }, '{"a":"[symbol]"}'],
    ['bytes', { a: new Uint8Array(9e6) }, '{"a":"[9000000 bytes]"}'],
    ['no date', { a: new Date(Number.NaN) }, '{"a":"[unreadable]"}'],
    ['toJSON', { a: { toJSON: throws, b: 1 } }, '{"a":{"toJSON":"[function]","b":1}}'],
    ['a getter that throws', throwing('a', { b: 1 }), '{"b":1,"a":"[unreadable]"}'],
    ['a proxy', { a: new Proxy({}, { ownKeys: throws }) }, '{"a":"[unreadable]"}'],
    ['a proxy of an array', { a: new Proxy([], { get: throws }) }, '{"a":"[unreadable]"}'],
  ])('says of %s that it cannot be shown', (_, data, text) => {
    expect(toDataText(data)).toEqual({ text, cut: true })
  })

  it('tells a circle from what is there twice', () => {
    const shared = { n: 1 }
    const circle: Record<string, unknown> = { a: shared, b: shared }
    expect(toDataText(circle)).toEqual({ text: '{"a":{"n":1},"b":{"n":1}}', cut: false })
    circle.self = circle
    expect(toDataText(circle)).toEqual({
      text: '{"a":{"n":1},"b":{"n":1},"self":"[circular]"}',
      cut: true,
    })
  })

  it('goes eight steps down', () => {
    const nest = (depth: number): object => (depth === 0 ? {} : { a: nest(depth - 1) })
    expect(toDataText({ a: nest(6) }).cut).toBe(false)
    expect(toDataText({ a: nest(7) })).toEqual({
      text: `${'{"a":'.repeat(8)}"[too deep]"${'}'.repeat(8)}`,
      cut: true,
    })
  })

  it.each([
    ['a long string', { a: 'x'.repeat(1e6) }],
    ['many strings', { a: Array.from({ length: 1e5 }, () => 'x'.repeat(100)) }],
    ['many fields', Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [i, i]))],
    ['many empty ones', { a: new Array(1e6) }],
    ['a long name', { ['x'.repeat(1e6)]: 1, b: 1 }],
    ['what must be escaped', { a: '\u0000"\ud800'.repeat(1e5) }],
    ['an array that never ends', { a: endlessArray() }],
    ['a tree that never ends', { a: endless() }],
  ])('is 4,096 characters at most: %s', (_, data) => {
    const { text = '', cut } = toDataText(data)
    expect(text.length).toBeLessThanOrEqual(4_096)
    expect(text.length).toBeGreaterThan(0)
    expect(cut).toBe(true)
  })

  it('is whole where it has 4,096 characters', () => {
    const whole = { a: 'x'.repeat(4_096 - '{"a":""}'.length) }
    expect(toDataText(whole)).toEqual({ text: JSON.stringify(whole), cut: false })
    const more = { a: `${whole.a}x` }
    expect(toDataText(more)).toEqual({ text: JSON.stringify(more).slice(0, 4_096), cut: true })
  })
})

describe('an entry', () => {
  const setup = () => {
    const transport = createFaultTransport()
    return { transport, hub: createHub({ transport }) }
  }

  it('has its reason, and both directions', async () => {
    const { transport, hub } = setup()
    const session = transport.inbound('fault:a')
    hub.connect('fault:b').catch(() => {})
    transport.inbound('fault:b')
    transport.lastDial.succeed()
    const both = toPlainEntry(hub.get('fault:b') as never)
    expect(both).toMatchObject({ sessions: 2, direction: 'both', state: 'connected' })
    session.onClose = 'refuse'
    hub.disconnect('fault:a', { reason: 'tired' }).catch(() => {})
    expect(toPlainEntry(hub.get('fault:a') as never)).toMatchObject({
      state: 'disconnecting',
      direction: 'inbound',
      reason: 'tired',
    })
  })

  it('has no direction while it is dialed, and is cut where something is long', () => {
    const { transport, hub } = setup()
    const name = 'k'.repeat(1_000)
    hub.connect(`fault:${name}`).catch(() => {})
    const dialed = toPlainEntry(hub.get(`fault:${name}`) as never)
    expect(dialed).toMatchObject({ sessions: 0, direction: undefined, cut: true })
    expect(dialed.address).toBe(`fault:${name}`)
    expect(dialed.key).toBe('k'.repeat(200))
    transport.inbound('fault:anonymous', new FaultSession('inbound', `${'k'.repeat(199)}😀`))
    expect(toPlainEntry(hub.get('fault:anonymous') as never).key).toBe('k'.repeat(199))
  })
})

describe('an event', () => {
  it('has what its type has, and no session', async () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const events: unknown[] = []
    hub.on('*', (event) => events.push(JSON.parse(JSON.stringify(toPlainEvent(event)))))
    const at = expect.any(Number)
    hub.connect('fault:a').catch(() => {})
    transport.lastDial.fail(new Error('no'))
    transport.inbound('fault:b').end(Object.assign(new Error('x'.repeat(1e6)), { code: 'EPIPE' }))
    transport.inbound('fault:anonymous').onClose = 'throw'
    await hub.disconnect('fault:anonymous', { reason: 'r'.repeat(501) }).catch(() => {})
    expect(events).toEqual([
      { seq: 1, at, type: 'connecting', address: 'fault:a', key: 'a' },
      {
        seq: 2,
        at,
        type: 'connecting-failed',
        address: 'fault:a',
        key: 'a',
        error: { code: 'DIAL_FAILED', message: expect.stringMatching(/: no$/) },
      },
      { seq: 3, at, type: 'connected', address: 'fault:b', key: 'b', direction: 'inbound' },
      {
        seq: 4,
        at,
        type: 'disconnected',
        address: 'fault:b',
        key: 'b',
        reason: expect.any(String),
        initiator: 'remote',
        error: { code: 'EPIPE', message: 'x'.repeat(500) },
      },
      { seq: 5, at, type: 'connected', address: 'fault:anonymous', direction: 'inbound' },
      {
        seq: 6,
        at,
        type: 'disconnecting',
        address: 'fault:anonymous',
        reason: 'r'.repeat(500),
        initiator: 'local',
      },
      {
        seq: 7,
        at,
        type: 'disconnecting-failed',
        address: 'fault:anonymous',
        error: { code: 'CLOSE_FAILED', message: expect.stringMatching(/close\(\) threw/) },
      },
    ])
  })

  it.each([
    ['a text', 'text', { message: 'text' }],
    ['null', null, { message: 'null' }],
    ['numbers', { message: 7, code: 7 }, { message: '7' }],
    ['a getter that throws', throwing('message'), UNPRINTABLE],
    ['a proxy', new Proxy({}, { get: throws }), UNPRINTABLE],
    ['a text that throws', { message: { toString: throws } }, UNPRINTABLE],
  ])('says of %s as an error what it can', (_, error, plain) => {
    expect(toPlainError(error)).toEqual(plain)
  })
})

/** Each field is another one of its kind. */
function endless(): object {
  return new Proxy(
    {},
    {
      ownKeys: () => ['a', 'b'],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      get: endless,
    },
  )
}

function endlessArray(): number[] {
  return new Proxy<number[]>([], { get: (_, name) => (name === 'length' ? 1e15 : 1) })
}
