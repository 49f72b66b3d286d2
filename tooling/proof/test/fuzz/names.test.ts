import { createHub } from '@conn-hub/core'
import { describeAddress } from '@conn-hub/secret-stack'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnHub } from '../../../../packages/ssb-conn-hub/src/conn-hub.js'
import { NAMES } from './addresses.js'
import { DIALING, OPEN, StubSbot } from './stub-sbot.js'

/** As they come over a network: here `__proto__` is a field of its own. */
const TEXT =
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"prototype":{"polluted":true},"toString":"text","hasOwnProperty":1}'

const ROOTS = [Object, Array, Function, String, Promise, Map, Error].map(
  ({ prototype }) => prototype,
)
const rootsNow = () => JSON.stringify(ROOTS.map((root) => Reflect.ownKeys(root).map(String)))
let rootsBefore = ''

beforeEach(() => {
  rootsBefore = rootsNow()
})
afterEach(() => {
  expect(rootsNow()).toBe(rootsBefore)
  for (const value of [{}, [], () => {}]) expect(value).not.toHaveProperty('polluted')
})

/** Its own data and nothing else: no field of it has become a prototype. */
const expectData = (data: object | undefined, text: string) => {
  expect(JSON.stringify(data)).toBe(text)
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
  expect((data as { polluted?: unknown }).polluted).toBeUndefined()
}

describe('metadata that would change a prototype', () => {
  it('stay data, from connect(), update() and their merges', async () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    hub.connect('fault:a', { data: JSON.parse(TEXT) }).catch(() => {})
    expectData(hub.get('fault:a')?.data, TEXT)
    hub.update('fault:a', JSON.parse('{"__proto__":{"again":1}}'))
    hub.update('fault:a', { later: 1 })
    hub.connect('fault:a', { data: JSON.parse('{"constructor":2}') }).catch(() => {})
    expectData(
      hub.get('fault:a')?.data,
      '{"__proto__":{"again":1},"constructor":2,"prototype":{"polluted":true},"toString":"text","hasOwnProperty":1,"later":1}',
    )
    transport.lastDial.succeed()
    expect(hub.get('fault:a')?.state).toBe('connected')
    expect(Object.hasOwn(hub.get('fault:a')?.data ?? {}, '__proto__')).toBe(true)
    await hub.close()
  })

  it('cannot reach the fields of the hub', () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const session = transport.inbound('fault:a')
    const before = hub.get('fault:a')
    hub.update('fault:a', { state: 'gone', address: 'x', sessions: [], key: 'k', createdAt: 0 })
    expect(hub.get('fault:a')).toEqual({
      ...before,
      data: { state: 'gone', address: 'x', sessions: [], key: 'k', createdAt: 0 },
      updatedAt: expect.any(Number),
    })
    expect(hub.get('fault:a')?.sessions).toEqual([session])
    expect(hub.byKey('k')).toEqual([])
  })

  it('stay data in the drop-in, beside the fields of the hub', () => {
    const ssb = new StubSbot()
    const hub = new ConnHub(ssb)
    hub.connect(DIALING, JSON.parse(TEXT)).catch(() => {})
    ssb.comesIn()
    hub.update(OPEN, JSON.parse(TEXT))
    hub.update(OPEN, { later: 1 })
    hub.update(OPEN, JSON.parse('{"__proto__":{"state":"gone"},"state":"gone","hubBirth":0}'))
    const entries = new Map(hub.entries())
    for (const [address, proto] of [
      [DIALING, { polluted: true }],
      [OPEN, { state: 'gone' }],
    ] as const) {
      const data = entries.get(address) as Record<string, unknown>
      expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
      expect(JSON.parse(JSON.stringify(data))).toMatchObject(JSON.parse('{"toString":"text"}'))
      expect(Object.getOwnPropertyDescriptor(data, '__proto__')?.value).toEqual(proto)
      expect(Object.getOwnPropertyDescriptor(data, 'constructor')?.value).toEqual({
        prototype: { polluted: true },
      })
    }
    expect(entries.get(OPEN)?.state).toBe('connected')
    expect(entries.get(OPEN)?.hubBirth).toBeGreaterThan(0)
    hub.close()
  })
})

describe.each(NAMES)('the name %s', (name) => {
  it('is an address like any other', async () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    expect(hub.get(name)).toBeUndefined()
    expect(hub.getState(name)).toBeUndefined()
    expect(hub.update(name, {})).toBe(false)
    expect(await hub.disconnect(name)).toBe(false)
    const session = transport.inbound(name, new FaultSession('inbound'))
    expect(hub.get(name)?.sessions).toEqual([session])
    expect(hub.snapshot().map(({ address }) => address)).toEqual([name])
    expect(await hub.disconnect(name)).toBe(true)
    expect(hub.size).toBe(0)
  })

  it('is a key like any other, of an address, of a caller and of a session', () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    expect(hub.byKey(name)).toEqual([])
    hub.connect(`fault:${name}`).catch(() => {})
    hub.connect('fault:anonymous-1', { key: name }).catch(() => {})
    transport.inbound('fault:anonymous-2', new FaultSession('inbound', name))
    expect(hub.byKey(name).map(({ address }) => address)).toEqual([
      `fault:${name}`,
      'fault:anonymous-1',
      'fault:anonymous-2',
    ])
    for (const session of transport.sessions) session.end()
    expect(hub.byKey(name)).toHaveLength(2)
  })

  it('is a key like any other in a multiserver-address', () => {
    expect(describeAddress(`net:h:1~shs:${name}`.replaceAll('_', '-')).key).toBe(
      `@${name.replaceAll('_', '-')}.ed25519`,
    )
  })
})
