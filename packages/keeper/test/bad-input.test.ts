import { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import { createHub } from '@conn-hub/core'
import { countSubscriptions, createFaultTransport } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createKeeper } from '../src/index.js'
import { KEEPER_OPTIONS } from '../src/keep/options.js'
import { probe, watchLiveness } from '../src/liveness/index.js'
import { LIVENESS_OPTIONS } from '../src/liveness/options.js'
import { A } from './setup.js'

const hubOf = () => createHub({ transport: createFaultTransport() })

const codeOf = (call: () => unknown): string => {
  try {
    call()
    return 'fine'
  } catch (error) {
    return String((error as { code?: string }).code)
  }
}

const BAD: Record<string, unknown[]> = {
  backoff: [
    null,
    5,
    [],
    { base: 0 },
    { base: '5' },
    { max: Number.NaN },
    { factor: 2 },
    { base: 30_001 },
    { max: 4_999 },
  ],
  healthy: [0, -1, '15', Number.NaN, Number.POSITIVE_INFINITY],
  pausedBy: ['disconnect', [1], {}],
  clock: [null, {}, { now: Date.now }],
  random: [0.5, {}],
  online: [true, {}, { get: () => true }],
  keepAlive: [1, 'yes'],
  silence: [0, '30', Number.NaN, 2 ** 31],
  timeout: [0, -1, Number.NaN, Number.POSITIVE_INFINITY],
  misses: [0, 1.5, '2', Number.NaN, Number.POSITIVE_INFINITY],
  onSilent: ['close', true],
}

describe('bad options', () => {
  const cases = (names: string[]) =>
    names.flatMap((name) => (BAD[name] ?? []).map((value) => [name, value] as const))

  it.each(cases(KEEPER_OPTIONS))('of createKeeper: %s %o', (name, value) => {
    const hub = hubOf()
    expect(codeOf(() => createKeeper(hub, { [name]: value }))).toBe('INVALID_OPTION')
  })

  it.each(cases(LIVENESS_OPTIONS))('of watchLiveness: %s %o', (name, value) => {
    expect(codeOf(() => watchLiveness(hubOf(), { [name]: value }))).toBe('INVALID_OPTION')
  })

  it('are known for each option', () => {
    for (const name of [...KEEPER_OPTIONS, ...LIVENESS_OPTIONS]) expect(BAD).toHaveProperty(name)
  })

  it.each([{ reconnect: true }, null, 5, [], 'fast'])('of both: %o', (options) => {
    expect(codeOf(() => createKeeper(hubOf(), options as never))).toBe('INVALID_OPTION')
    expect(codeOf(() => watchLiveness(hubOf(), options as never))).toBe('INVALID_OPTION')
  })

  it.each<[(hub: ReturnType<typeof hubOf>) => unknown, string]>([
    [(hub) => createKeeper(hub, { backoff: 5 } as never), '"backoff" must be an object with base'],
    [
      (hub) => createKeeper(hub, { backoff: { base: 3, max: 2 } }),
      '"backoff.base" must be at most "backoff.max": it is 3, and that is 2',
    ],
    [(hub) => createKeeper(hub).keep([A] as never), '"what" must be an address, or an object'],
  ])('are called by their own name: %s', (call, message) => {
    expect(() => call(hubOf())).toThrowError(message)
  })

  it('and no hub, or one that is closed', () => {
    const hub = hubOf()
    const view = { on: () => () => {}, snapshot: () => [], closed: false, disconnect: () => {} }
    hub.close()
    for (const make of [createKeeper, watchLiveness] as ((hub: never) => unknown)[]) {
      for (const none of [undefined, null, {}, 'hub', new EventEmitter(), new Socket(), view])
        expect(codeOf(() => make(none as never))).toBe('INVALID_OPTION')
      expect(codeOf(() => make(hub as never))).toBe('HUB_CLOSED')
    }
  })
})

describe('what cannot begin', () => {
  const BROKEN = { get: () => true, subscribe: () => {} }
  const THROWING = {
    get: () => true,
    subscribe: () => {
      throw new Error('no network manager')
    },
  }

  it.each([
    ['createKeeper', createKeeper],
    ['watchLiveness', watchLiveness],
  ] as [string, (hub: never, options: object) => unknown][])(
    'leaves no listener and no timer: %s',
    (_, make) => {
      vi.useFakeTimers()
      onTestFinished(() => void vi.useRealTimers())
      const closed = hubOf()
      closed.close()
      expect(codeOf(() => make(closed as never, { keepAlive: true }))).toBe('HUB_CLOSED')
      const { hub, subscriptions } = countSubscriptions(hubOf())
      const begin = (online: object) => () => make(hub as never, { keepAlive: true, online })
      expect(codeOf(begin(BROKEN))).toBe('INVALID_OPTION')
      expect(begin(THROWING)).toThrow('no network manager')
      expect([subscriptions(), vi.getTimerCount()]).toEqual([0, 0])
    },
  )
})

describe('keep()', () => {
  const keeper = createKeeper(hubOf())
  it.each([
    [undefined, 'INVALID_ADDRESS'],
    ['', 'INVALID_ADDRESS'],
    [5, 'INVALID_ADDRESS'],
    ['x'.repeat(5_000), 'ADDRESS_TOO_LONG'],
    [null, 'INVALID_ADDRESS'],
    [[A], 'INVALID_OPTION'],
    [{}, 'INVALID_OPTION'],
    [{ key: 'a' }, 'INVALID_OPTION'],
    [{ key: 'a', addresses: [] }, 'INVALID_OPTION'],
    [{ key: '', addresses: [A] }, 'INVALID_OPTION'],
    [{ key: 'a', addresses: A }, 'INVALID_OPTION'],
    [{ key: 'a', addresses: [''] }, 'INVALID_ADDRESS'],
    [{ key: 'a', addresses: [A], name: 'x' }, 'INVALID_OPTION'],
  ])('refuses %o', (what, code) => {
    expect(codeOf(() => keeper.keep(what as never))).toBe(code)
  })

  it.each([
    [{ signal: new AbortController().signal }, 'INVALID_OPTION'],
    [{ until: new AbortController() }, 'INVALID_OPTION'],
    [{ data: [] }, 'INVALID_DATA'],
    [{ data: new Map() }, 'INVALID_DATA'],
    [{ data: 'text' }, 'INVALID_DATA'],
    [{ data: null }, 'INVALID_DATA'],
    [null, 'INVALID_OPTION'],
  ])('refuses the options %o', (options, code) => {
    expect(codeOf(() => keeper.keep(A, options as never))).toBe(code)
    expect([...keeper.entries()]).toEqual([])
  })

  it('and the others refuse what makes no sense', () => {
    expect(codeOf(() => keeper.pause(undefined as never))).toBe('INVALID_OPTION')
    expect(codeOf(() => keeper.on('changes' as never, () => {}))).toBe('INVALID_OPTION')
    expect(codeOf(() => keeper.on('change', undefined as never))).toBe('INVALID_OPTION')
    expect(keeper.explain(undefined as never)).toEqual([])
  })
})

describe('probe()', () => {
  it.each([
    [{}, 'INVALID_OPTION'],
    [undefined, 'INVALID_OPTION'],
    [{ address: A, key: 'a' }, 'INVALID_OPTION'],
    [{ address: '' }, 'INVALID_ADDRESS'],
    [{ address: 5 }, 'INVALID_ADDRESS'],
    [{ key: 5 }, 'INVALID_OPTION'],
    [{ address: A, within: 0 }, 'INVALID_OPTION'],
    [{ address: A, timeout: 5 }, 'INVALID_OPTION'],
  ])('rejects %o', async (options, code) => {
    const hub = hubOf()
    const liveness = watchLiveness(hub)
    await expect(probe(hub, options as never)).rejects.toMatchObject({ code })
    await expect(liveness.probe(options as never)).rejects.toMatchObject({ code })
  })
})
