import { runInNewContext } from 'node:vm'
import { createHub, type Metadata } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { createFaultTransport } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { proving } from './setup.js'

/** What a caller in JavaScript may write. */
const anything = (value: unknown) => value as never

/** What a call throws or rejects with. */
const failureOf = async (call: () => unknown): Promise<Error & { code?: string }> => {
  try {
    await call()
  } catch (error) {
    return error as Error
  }
  throw new Error('it was taken')
}

class Custom {
  n = 1
}

const noData: [string, unknown][] = [
  ['a Map', new Map([['n', 1]])],
  ['a Set', new Set([1])],
  ['a Date', new Date()],
  ['an instance of a class', new Custom()],
  ['an Error', new Error('n')],
  ['a promise', Promise.resolve({ n: 1 })],
  ['bytes', new Uint8Array(3)],
  ['a regular expression', /n/],
]

describe('metadata that is no plain object: INVALID_DATA', () => {
  it.each(noData)('%s, at update()', (_, data) => {
    const { hub, transport } = setup()
    transport.inbound(A)
    const before = hub.get(A)
    expect(() => hub.update(A, data as Metadata)).toThrow(
      expect.objectContaining({ code: 'INVALID_DATA' }),
    )
    expect(hub.get(A)).toBe(before)
  })

  it.each(noData)('%s, at connect()', async (_, data) => {
    const { hub, transport } = setup()
    expect(await outcomeOf(hub.connect(A, { data: data as Metadata }))).toBe('INVALID_DATA')
    expect(transport.dials).toEqual([])
    expect(hub.get(A)).toBeUndefined()
  })

  it.each([
    ['without a prototype', Object.assign(Object.create(null), { n: 1 })],
    ['of another realm', runInNewContext('({ n: 1 })')],
    ['that is frozen', Object.freeze({ n: 1 })],
  ])('an object %s is one', (_, data) => {
    const { hub, transport } = setup()
    transport.inbound(A)
    expect(hub.update(A, data)).toBe(true)
    expect(hub.get(A)?.data).toEqual({ n: 1 })
  })
})

describe('an entry cannot be changed from outside', () => {
  it('sessions are frozen in every state', async () => {
    const { hub, transport } = setup()
    hub.connect(A).catch(() => {})
    expect(Object.isFrozen(hub.get(A)?.sessions)).toBe(true)
    transport.lastDial.succeed()
    expect(Object.isFrozen(hub.get(A)?.sessions)).toBe(true)
    const second = transport.inbound(A)
    expect(Object.isFrozen(hub.get(A)?.sessions)).toBe(true)
    second.onClose = 'refuse'
    hub.disconnect(A)
    expect(hub.get(A)?.state).toBe('disconnecting')
    expect(Object.isFrozen(hub.get(A)?.sessions)).toBe(true)
  })

  it('who empties sessions gets an error, and the hub keeps them', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    expect(() => {
      ;(hub.get(A)?.sessions as unknown as unknown[]).length = 0
    }).toThrow(TypeError)
    expect(hub.get(A)?.sessions).toEqual([session])
    expect(await outcomeOf(hub.connect(A))).toBe(session)
  })

  it('the object that was given as data is left as it was, and is not the entry’s', () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    const data = { n: 1 }
    hub.update(A, data)
    data.n = 2
    expect(hub.get(A)?.data).toEqual({ n: 1 })
    expect(Object.isFrozen(data)).toBe(false)
  })

  it('byKey() and snapshot() give what cannot change the hub', () => {
    const { hub, transport } = setup()
    transport.inbound(A, proving('a', 'inbound'))
    const found = hub.byKey('a') as unknown[]
    try {
      found.length = 0
    } catch {
      // Frozen is as good as a copy.
    }
    expect(hub.byKey('a')).toEqual([hub.get(A)])
    expect(Object.isFrozen(hub.snapshot())).toBe(true)
  })
})

const hub = () => setup({ dialTimeout: 50 }).hub
const transport = () => createFaultTransport()

/** The call, the name that is wrong, and the names that the message must list. */
const misspelled: [string, () => unknown, string, string[]][] = [
  [
    'createHub()',
    () => createHub(anything({ transport: transport(), dialTimeOut: 5 })),
    'dialTimeOut',
    ['transport', 'dialTimeout', 'closeTimeout', 'onError', 'holdTimeout'],
  ],
  [
    'connect(), metadata in the place of options',
    () => hub().connect(A, anything({ name: 'Alice' })),
    'name',
    ['data', 'key', 'signal', 'timeout'],
  ],
  [
    'connect(), one of two is right',
    () => hub().connect(A, anything({ timeout: 5, Signal: 1 })),
    'Signal',
    ['data', 'key', 'signal', 'timeout'],
  ],
  [
    'disconnect()',
    () => hub().disconnect(A, anything({ why: 'bored' })),
    'why',
    ['reason', 'signal', 'session'],
  ],
  ['on()', () => hub().on('connected', () => {}, anything({ once: true })), 'once', ['signal']],
  [
    'createView() of events',
    () => createView(hub(), 'events', anything({ size: 3 })),
    'size',
    ['signal', 'capacity', 'overflow'],
  ],
  [
    'createView() of entries, with what only events have',
    () => createView(hub(), 'entries', anything({ capacity: 3 })),
    'capacity',
    ['signal'],
  ],
]

describe('an option with a name that is unknown: INVALID_OPTION', () => {
  it.each(misspelled)('%s', async (_, call, name, known) => {
    const failure = await failureOf(call)
    expect(failure).toMatchObject({ code: 'INVALID_OPTION' })
    expect(failure.message).toContain(name)
    for (const other of known) expect(failure.message).toContain(other)
  })

  it('at connect(), nothing has changed: no entry, no dial', async () => {
    const { hub, transport } = setup()
    expect(await outcomeOf(hub.connect(A, anything({ name: 'Alice' })))).toBe('INVALID_OPTION')
    expect(hub.get(A)).toBeUndefined()
    expect(transport.dials).toEqual([])
  })

  it('at disconnect(), nothing has changed: the session stays open', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    expect(await outcomeOf(hub.disconnect(A, anything({ why: 1 })))).toBe('INVALID_OPTION')
    expect(session).toMatchObject({ closeCalls: 0, isOpen: true })
  })

  it('is listed with its control characters made visible', async () => {
    const failure = await failureOf(() => hub().connect(A, anything({ 'a\u001b[2J': 1 })))
    expect(failure).toMatchObject({ code: 'INVALID_OPTION' })
    expect(failure.message).not.toContain('\u001b')
  })

  it('and a thousand of them make no long message', async () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`name${n}`, n]))
    const failure = await failureOf(() => hub().connect(A, anything(many)))
    expect(failure).toMatchObject({ code: 'INVALID_OPTION' })
    expect(failure.message.length).toBeLessThan(1000)
  })
})

/** What has no name of its own to be refused by, and is no options. */
const noOptions: [string, () => unknown][] = [
  ['a signal', () => new AbortController().signal],
  ['a Map', () => new Map()],
  ['an array', () => []],
  ['a Date', () => new Date()],
]

describe('what is given in the place of options: INVALID_OPTION', () => {
  it.each(noOptions)('%s, at connect(), disconnect() and on()', async (_, make) => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    expect(await outcomeOf(hub.connect(A, anything(make())))).toBe('INVALID_OPTION')
    expect(await outcomeOf(hub.disconnect(A, anything(make())))).toBe('INVALID_OPTION')
    expect(session.closeCalls).toBe(0)
    expect(() => hub.on('connected', () => {}, anything(make()))).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })
})
