import type { Hub } from '@conn-hub/core'
import { describe, expect, it, vi } from 'vitest'
import { ConnHub } from '../src/conn-hub.js'
import type { ListenEvent } from '../src/types.js'
import { A, B, CLOSED, connected, drain, errorOf, INVALID, setup } from './setup.js'
import { addressOf, keyOf, StubRpc, StubSbot } from './stub-sbot.js'

type Read = (abort: unknown, callback: (end: unknown, event?: ListenEvent) => void) => void

/** What a handler of each event sees, and what liveEntries() gives, in the order of time. */
const stepsOf = (hub: ConnHub<StubRpc>): string[] => {
  const steps: string[] = []
  drain<{ type: string }>(hub.listen(), ({ type }) => {
    const shown = [...hub.entries()].map(([, data]) => data.state).join()
    steps.push(`${type}: getState ${hub.getState(A)}, entries ${shown}`)
  })
  drain<[string, { state: string }][]>(hub.liveEntries(), (all) =>
    steps.push(`live: ${all.map(([, data]) => data.state).join()}`),
  )
  return steps
}

describe('the constructor', () => {
  it('2 adds one rpc:connect listener, at once', () => {
    const ssb = new StubSbot()
    new ConnHub(ssb)
    expect(ssb.listenerCount('rpc:connect')).toBe(1)
  })

  it('2 needs only addListener and connect', () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const hub = new ConnHub({ addListener: () => {}, connect: () => {} })
    expect(() => hub.reset()).not.toThrow()
    expect(() => hub.close()).not.toThrow()
    expect(report).not.toHaveBeenCalled()
  })

  it('2 close removes the listener', () => {
    const { ssb, hub } = setup()
    hub.close()
    expect(ssb.listenerCount('rpc:connect')).toBe(0)
  })
})

describe('connect', () => {
  it('3 has changed the state, told it and called ssb.connect when it returns', () => {
    const { ssb, hub, types } = setup()
    const states: unknown[] = []
    drain<[string, { state: string }][]>(hub.liveEntries(), (all) =>
      states.push(all.map((e) => e[1].state)),
    )
    hub.connect(A).catch(() => {})
    expect(hub.getState(A)).toBe('connecting')
    expect(types()).toEqual(['connecting'])
    expect(states).toEqual([[], ['connecting']])
    expect(ssb.calls.map(({ address }) => address)).toEqual([A])
  })

  it('3 calls the ssb.connect of the moment, which may be hooked later', () => {
    const { ssb, hub } = setup()
    const hooked = vi.fn()
    ssb.connect = hooked
    hub.connect(A).catch(() => {})
    expect(hooked).toHaveBeenCalledExactlyOnceWith(A, expect.any(Function))
  })

  it('3 calls ssb.connect when the state and the event are there', () => {
    const { ssb, hub, types } = setup()
    let before: unknown
    ssb.connect = () => {
      before = [hub.getState(A), types()]
    }
    hub.connect(A).catch(() => {})
    expect(before).toEqual(['connecting', ['connecting']])
  })

  it('4 changes the map, then tells the event, then liveEntries, all at once', () => {
    const { ssb, hub } = setup()
    const steps = stepsOf(hub)
    hub.connect(A).catch(() => {})
    const rpc = ssb.answer(ssb.lastCall)
    rpc.finish()
    expect(steps).toEqual([
      'live: ',
      'connecting: getState connecting, entries connecting',
      'live: connecting',
      'connected: getState connected, entries connected',
      'live: connected',
      'disconnected: getState undefined, entries ',
      'live: ',
    ])
  })

  it('4 keeps that order when a dial fails', async () => {
    const { ssb, hub } = setup()
    const steps = stepsOf(hub)
    const promise = errorOf(hub.connect(A))
    ssb.lastCall.callback(new Error('no'))
    await promise
    expect(steps).toEqual([
      'live: ',
      'connecting: getState connecting, entries connecting',
      'live: connecting',
      'connecting-failed: getState undefined, entries ',
      'live: ',
    ])
  })

  it('4 keeps that order, and shows the former state, when a disconnect fails', async () => {
    const { hub, rpc } = await connected()
    rpc.closeError = new Error('no')
    const steps = stepsOf(hub)
    await errorOf(hub.disconnect(A))
    expect(steps).toEqual([
      'live: connected',
      'disconnecting: getState disconnecting, entries disconnecting',
      'live: disconnecting',
      'disconnecting-failed: getState connected, entries connected',
      'live: connected',
    ])
  })

  it('5 has the rpc in entries() with key and data before later rpc:connect listeners run', async () => {
    const { ssb, hub, entry } = setup()
    let seen: unknown
    ssb.addListener('rpc:connect', () => {
      seen = { ...entry(A), disconnect: undefined }
    })
    const promise = hub.connect(A, { note: 'friend' })
    ssb.answer(ssb.lastCall)
    expect(seen).toMatchObject({ state: 'connected', key: keyOf('a'), note: 'friend' })
    await promise
  })

  it('5 has an incoming rpc in entries() with its key before later rpc:connect listeners run', () => {
    const { ssb, hub } = setup()
    let seen: unknown
    ssb.addListener('rpc:connect', () => {
      seen = [...hub.entries()].map(([address, { state, key }]) => [address, state, key])
    })
    ssb.incoming('b', B)
    expect(seen).toEqual([[B, 'connected', keyOf('b')]])
  })

  it('5 7 15 lets the callback say which attempt it was where two dials to one key are pending', () => {
    const { ssb, hub, events } = setup()
    const [byName, byNumber] = [addressOf('a', 'localhost:1'), addressOf('a', '127.0.0.1:1')]
    hub.connect(byName).catch(() => {})
    hub.connect(byNumber).catch(() => {})
    const key = keyOf('a')
    // Both resolve to the same address, and the second answers first.
    const second = ssb.answer(ssb.calls[1] as never, 'a', byNumber)
    expect([hub.getState(byName), hub.getState(byNumber)]).toEqual(['connecting', 'connected'])
    const first = ssb.answer(ssb.calls[0] as never, 'a', byNumber)
    expect([hub.getState(byName), hub.getState(byNumber)]).toEqual(['connected', 'connected'])
    expect(events.slice(2)).toEqual([
      { type: 'connected', address: byNumber, key, details: { rpc: second, isClient: true } },
      { type: 'connected', address: byName, key, details: { rpc: first, isClient: true } },
    ])
  })

  it('6 has six types of events, and details with three of them', async () => {
    const { ssb, hub, events } = setup()
    const [refused, stuck] = [new Error('refused'), new Error('stuck')]
    const failed = errorOf(hub.connect(A))
    ssb.lastCall.callback(refused)
    await failed
    const promise = hub.connect(A)
    const rpc = ssb.answer(ssb.lastCall)
    await promise
    rpc.closeError = stuck
    await errorOf(hub.disconnect(A))
    rpc.finish()
    const all = { address: A, key: keyOf('a') }
    expect(events).toEqual([
      { ...all, type: 'connecting' },
      { ...all, type: 'connecting-failed', details: refused },
      { ...all, type: 'connecting' },
      { ...all, type: 'connected', details: { rpc, isClient: true } },
      { ...all, type: 'disconnecting' },
      { ...all, type: 'disconnecting-failed', details: stuck },
      { ...all, type: 'disconnected' },
    ])
  })

  it('6 7 tells connected with the rpc and a boolean isClient', async () => {
    const { ssb, hub, events } = setup()
    const promise = hub.connect(A)
    const rpc = ssb.answer(ssb.lastCall)
    await promise
    expect(events.at(-1)).toEqual({
      type: 'connected',
      address: A,
      key: keyOf('a'),
      details: { rpc, isClient: true },
    })
    const incoming = ssb.incoming('b', B)
    expect(events.at(-1)).toMatchObject({ details: { rpc: incoming, isClient: false } })
  })

  it('7 takes an rpc:connect that does not say isClient for that of a peer', () => {
    const { ssb, events } = setup()
    const rpc = new StubRpc('b', B)
    ssb.announce(rpc)
    expect(events.map(({ details }) => details)).toEqual([{ rpc, isClient: false }])
  })

  it('7 does not say isClient where only the callback gave the rpc', async () => {
    const { ssb, hub, events } = setup()
    const promise = hub.connect(A)
    const rpc = new StubRpc('a', A)
    ssb.lastCall.callback(null, rpc)
    expect(await promise).toBe(rpc)
    expect(events.at(-1)).toMatchObject({ type: 'connected', details: { rpc } })
    expect(events.at(-1)?.details.isClient).not.toBe(true)
  })

  it('6 8 tells connecting-failed with the original error', async () => {
    const { ssb, hub, events } = setup()
    const error = new Error('ECONNREFUSED')
    const promise = errorOf(hub.connect(A))
    ssb.lastCall.callback(error)
    expect(await promise).toBe(error)
    expect(events.at(-1)).toEqual({
      type: 'connecting-failed',
      address: A,
      key: keyOf('a'),
      details: error,
    })
    expect(hub.getState(A)).toBeUndefined()
  })

  it('6 gives every event an address that is a string', () => {
    const { ssb, events } = setup()
    ssb.incoming('a', undefined)
    const bare = new StubRpc('b', undefined)
    bare.stream = undefined
    ssb.announce(bare, false)
    expect(events.map(({ address }) => typeof address)).toEqual(['string', 'string'])
  })

  it('8 gives the very rpc of a connected address', async () => {
    const { ssb, hub, rpc } = await connected()
    expect(await hub.connect(A)).toBe(rpc)
    expect(ssb.calls).toHaveLength(1)
  })

  it.each(['', 'No Sense', 'net:a b', 42, {}, 'x'.repeat(5000)])(
    '8 refuses the address %j with the exact text',
    async (address) => {
      const { hub, events, ssb } = setup()
      const bad = address as string
      expect((await errorOf(hub.connect(bad))).message).toBe(INVALID)
      expect((await errorOf(hub.disconnect(bad))).message).toBe(INVALID)
      expect(() => hub.getState(bad)).toThrow(INVALID)
      expect(() => hub.update(bad, {})).toThrow(INVALID)
      expect(events).toEqual([])
      expect(ssb.calls).toEqual([])
    },
  )

  it.each([null, undefined])('8 takes %j for no address and no error', async (address) => {
    const { hub, events, ssb } = setup()
    const nothing = address as unknown as string
    expect(hub.getState(nothing)).toBeUndefined()
    expect(hub.update(nothing, { note: 'x' })).toBe(false)
    expect(await hub.disconnect(nothing)).toBe(false)
    expect((await errorOf(hub.connect(nothing))).message).toBe(INVALID)
    expect([events, ssb.calls]).toEqual([[], []])
    hub.close()
    expect(() => hub.getState(nothing)).toThrow(CLOSED)
    expect((await errorOf(hub.disconnect(nothing))).message).toBe(CLOSED)
  })

  it('2 8 gives {} where ssb.connect gives it, which stays connected until disconnect()', async () => {
    const { hub, ssb, types } = setup()
    const promise = hub.connect(A)
    const rpc = {}
    ssb.lastCall.callback(null, rpc as StubRpc)
    expect(await promise).toBe(rpc)
    expect(hub.getState(A)).toBe('connected')
    expect(await hub.disconnect(A)).toBe(true)
    expect(types()).toEqual(['connecting', 'connected', 'disconnecting', 'disconnected'])
  })

  it('9 dials once for two calls, which share the rpc', async () => {
    const { ssb, hub } = setup()
    const both = [hub.connect(A), hub.connect(A)]
    const rpc = ssb.answer(ssb.lastCall)
    for (const each of both) expect(await each).toBe(rpc)
    expect(ssb.calls).toHaveLength(1)
  })

  it('9 settles both calls when the dial fails, and when the hub closes', async () => {
    const { ssb, hub } = setup()
    const error = new Error('no')
    const failed = [errorOf(hub.connect(A)), errorOf(hub.connect(A))]
    ssb.lastCall.callback(error)
    expect(await Promise.all(failed)).toEqual([error, error])
    const closing = [errorOf(hub.connect(B)), errorOf(hub.connect(B))]
    hub.close()
    for (const { code } of await Promise.all(closing)) expect(code).toBe('HUB_CLOSED')
  })

  it('9 keeps no timer that holds the process', () => {
    const { hub } = setup()
    const held = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = held()
    hub.connect(A).catch(() => {})
    hub.connect(A).catch(() => {})
    expect(held()).toBe(before)
  })

  it('9 gives a dial six minutes', async () => {
    vi.useFakeTimers()
    try {
      const { hub, types } = setup()
      const promise = errorOf(hub.connect(A))
      await vi.advanceTimersByTimeAsync(6 * 60_000 - 1)
      expect(hub.getState(A)).toBe('connecting')
      await vi.advanceTimersByTimeAsync(1)
      expect((await promise).code).toBe('DIAL_TIMEOUT')
      expect(types()).toEqual(['connecting', 'connecting-failed'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('10 resolves false during a disconnect, and connects again with the data when that is done', async () => {
    const { ssb, hub, rpc, types, entry } = await connected()
    rpc.slow = true
    const disconnecting = hub.disconnect(A)
    expect(await hub.connect(A, { note: 'again' })).toBe(false)
    expect(ssb.calls).toHaveLength(1)
    rpc.finish()
    expect(await disconnecting).toBe(true)
    await vi.waitFor(() => expect(ssb.calls).toHaveLength(2))
    expect(entry(A)).toMatchObject({ state: 'connecting', note: 'again' })
    // Nobody holds a promise of this dial: that it fails must disturb nobody.
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    ssb.lastCall.callback(new Error('no'))
    await vi.waitFor(() => expect(types().at(-1)).toBe('connecting-failed'))
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('10 drops the reconnect when the disconnect fails', async () => {
    const { ssb, hub, rpc, entry } = await connected()
    rpc.close = (_error, callback) => {
      setImmediate(() => callback?.(new Error('no')))
    }
    const disconnecting = errorOf(hub.disconnect(A))
    expect(await hub.connect(A, { note: 'again' })).toBe(false)
    await disconnecting
    expect(hub.getState(A)).toBe('connected')
    await new Promise(setImmediate)
    expect(ssb.calls).toHaveLength(1)
    expect(entry(A)).not.toHaveProperty('note')
  })

  it('17 refuses our own id', async () => {
    const { hub, ssb, events } = setup()
    expect((await errorOf(hub.connect(addressOf('z')))).code).toBe('DIAL_SELF')
    ssb.incoming('z', addressOf('z'))
    expect(events).toEqual([])
    const keyless = errorOf(hub.connect('unix:/tmp/socket~noauth'))
    ssb.answer(ssb.lastCall, 'z')
    expect((await keyless).code).toBe('DIAL_SELF')
    expect([...hub.entries()]).toEqual([])
  })

  it('17 refuses while the sbot is not ready', async () => {
    const { hub, ssb, types } = setup()
    ssb.ready = () => false
    const promise = errorOf(hub.connect(A))
    const rpc = ssb.answer(ssb.lastCall)
    expect((await promise).code).toBe('NOT_READY')
    expect(rpc.closed).toBe(true)
    expect(ssb.incoming('b', B).closed).toBe(true)
    expect(types()).toEqual(['connecting', 'connecting-failed'])
  })

  it('17 refuses an rpc that has closed already', async () => {
    const { hub, ssb, types } = setup()
    const promise = errorOf(hub.connect(A))
    const rpc = new StubRpc('a', A)
    rpc.finish()
    ssb.announce(rpc, true)
    ssb.lastCall.callback(null, rpc)
    expect((await promise).code).toBe('SESSION_CLOSED')
    expect(types()).toEqual(['connecting', 'connecting-failed'])
  })

  it('17 refuses an incoming rpc that has closed already', () => {
    const { hub, ssb, events } = setup()
    const rpc = new StubRpc('a', A)
    rpc.finish()
    ssb.announce(rpc, false)
    expect(events).toEqual([])
    expect([...hub.entries()]).toEqual([])
  })

  it('18 takes the key from the data, then from the rpc, and lets a keyless entry go', async () => {
    const { hub, ssb, entry, events, types } = setup()
    const [first, second] = ['unix:/tmp/one~noauth', 'unix:/tmp/two~noauth']
    const one = hub.connect(first, { key: keyOf('d') })
    expect(entry(first)?.key).toBe(keyOf('d'))
    const rpc = ssb.answer(ssb.lastCall, 'c')
    await one
    expect(entry(first)?.key).toBe(keyOf('d'))
    const two = hub.connect(second)
    expect(entry(second)?.key).toBeUndefined()
    const other = ssb.answer(ssb.lastCall, 'e')
    await two
    expect(entry(second)?.key).toBe(keyOf('e'))
    rpc.finish()
    other.finish()
    expect([...hub.entries()]).toEqual([])
    expect(types().filter((type) => type === 'disconnected')).toHaveLength(2)
    expect(events.map(({ address, key }) => [address, key])).toEqual([
      [first, keyOf('d')],
      [first, keyOf('d')],
      [second, undefined],
      [second, keyOf('e')],
      [first, keyOf('d')],
      [second, keyOf('e')],
    ])
  })

  it('18 shows a key of the data to the last, also to a reader that comes late, and hides it from core', async () => {
    const { hub, ssb, entry, events } = setup()
    const keyless = 'unix:/tmp/socket~noauth'
    const late = hub.listen() as unknown as Read
    const promise = hub.connect(keyless, { key: keyOf('d') })
    const core = (hub as unknown as Record<symbol, Hub<StubRpc>>)[Symbol.for('@conn-hub/Hub')]
    expect(core?.get(keyless)?.key).toBeUndefined()
    expect(core?.byKey(keyOf('d'))).toEqual([])
    // It proves another key: the label is no claim that could be wrong.
    const rpc = ssb.answer(ssb.lastCall, 'c')
    expect(await promise).toBe(rpc)
    expect(core?.byKey(keyOf('c'))).toHaveLength(1)
    expect(entry(keyless)?.key).toBe(keyOf('d'))
    await hub.disconnect(keyless)
    hub.connect(keyless).catch(() => {})
    const keys = events.map(({ key }) => key)
    expect(keys).toEqual([...Array(4).fill(keyOf('d')), undefined])
    for (const key of keys) late(null, (_, event) => expect(event?.key).toBe(key))
  })

  it('18 shows a key that update() gave in the events that follow', async () => {
    const { hub, events } = setup()
    const keyless = 'unix:/tmp/socket~noauth'
    hub.connect(keyless).catch(() => {})
    hub.update(keyless, { key: keyOf('d') })
    await hub.disconnect(keyless)
    expect(events.map(({ key }) => key)).toEqual([undefined, keyOf('d'), keyOf('d')])
  })

  it('10 18 shows a key of the data to the last where the dial waited for a disconnect', async () => {
    const { hub, ssb, events } = setup()
    const keyless = 'unix:/tmp/socket~noauth'
    const first = hub.connect(keyless)
    const rpc = ssb.answer(ssb.lastCall, 'c')
    await first
    rpc.slow = true
    const gone = hub.disconnect(keyless)
    expect(await hub.connect(keyless, { key: keyOf('d') })).toBe(false)
    rpc.finish()
    await gone
    ssb.answer(ssb.lastCall, 'c').finish()
    const told = events.map(({ type, key }) => [type, key])
    expect(told).toEqual([
      ['connecting', undefined],
      ['connected', keyOf('c')],
      ['disconnecting', keyOf('c')],
      ['disconnected', keyOf('c')],
      ['connecting', keyOf('d')],
      ['connected', keyOf('d')],
      ['disconnected', keyOf('d')],
    ])
  })

  it('33 takes no key of an address whose alternatives name different ones, nor that of a room', () => {
    const { hub, entry } = setup()
    const [one, other] = ['a', 'b'].map((letter) => `${letter.repeat(43)}=`)
    const disputed = `onion:a:1~shs:${one};net:10.0.0.1:8008~shs:${other}`
    hub.connect(disputed).catch(() => {})
    expect(entry(disputed)).not.toHaveProperty('key')
    const tunnel = `tunnel:@${one}.ed25519:@${other}.ed25519~shs:${other}`
    hub.connect(tunnel).catch(() => {})
    expect(entry(tunnel)?.key).toBe(keyOf('b'))
  })

  it('33 closes an rpc that proves another key than the address names, by WRONG_PEER', async () => {
    const { hub, ssb, types } = setup()
    const code = errorOf(hub.connect(A)).then((error) => error.code)
    const rpc = ssb.answer(ssb.lastCall, 'b')
    expect(await code).toBe('WRONG_PEER')
    expect(rpc.closed).toBe(true)
    expect(types()).toEqual(['connecting', 'connecting-failed'])
  })

  it('33 closes an incoming rpc that proves another key than its address names, and leaves the dial there', async () => {
    const { hub, ssb, types } = setup()
    const promise = hub.connect(A)
    expect(ssb.incoming('b', A).closed).toBe(true)
    expect(ssb.incoming('c', B).closed).toBe(true)
    expect(types()).toEqual(['connecting'])
    const rpc = ssb.answer(ssb.lastCall)
    expect(await promise).toBe(rpc)
    expect(ssb.incoming('b', A).closed).toBe(true)
    expect([rpc.closed, ...types()]).toEqual([false, 'connecting', 'connected'])
  })

  it('18 believes the key of the address before that of the data', () => {
    const { hub, entry, events } = setup()
    hub.connect(A, { key: keyOf('d') }).catch(() => {})
    expect(entry(A)?.key).toBe(keyOf('a'))
    expect(events[0]?.key).toBe(keyOf('a'))
  })

  it('18 lets an entry go for which nobody names a key', () => {
    const { hub, ssb, types } = setup()
    const keyless = 'unix:/tmp/socket~noauth'
    const rpc = new StubRpc(undefined, keyless)
    ssb.announce(rpc, false)
    expect(hub.getState(keyless)).toBe('connected')
    rpc.finish()
    expect(hub.getState(keyless)).toBeUndefined()
    expect(types()).toEqual(['connected', 'disconnected'])
  })

  it('30 takes a throwing ssb.connect for a failed attempt', async () => {
    const { hub, ssb, types } = setup()
    const error = new Error('closed')
    ssb.connect = () => {
      throw error
    }
    expect(await errorOf(hub.connect(A))).toBe(error)
    expect(types()).toEqual(['connecting', 'connecting-failed'])
  })

  it('30 stands an rpc without stream.address', () => {
    const { hub, ssb } = setup()
    expect(() => ssb.incoming('a', undefined)).not.toThrow()
    const bare = new StubRpc('b', undefined)
    bare.stream = undefined
    expect(() => ssb.announce(bare, false)).not.toThrow()
    expect([...hub.entries()].map(([, data]) => data.key)).toEqual([keyOf('a'), keyOf('b')])
  })

  it('31 stands an undefined ssb.id', async () => {
    const { hub, ssb } = setup()
    ssb.id = undefined
    const promise = hub.connect(A)
    const rpc = ssb.answer(ssb.lastCall)
    expect(await promise).toBe(rpc)
    expect(() => hub.reset()).not.toThrow()
    expect(rpc.closed).toBe(true)
  })

  it('31 takes no rpc for our own where neither has an id', async () => {
    const { hub, ssb } = setup()
    ssb.id = undefined
    const [dialed, incoming] = ['unix:/tmp/one~noauth', 'unix:/tmp/two~noauth']
    const promise = hub.connect(dialed)
    const rpc = ssb.answer(ssb.lastCall)
    expect(await promise).toBe(rpc)
    ssb.announce(new StubRpc(undefined, incoming), false)
    expect(hub.getState(incoming)).toBe('connected')
  })

  it('15 32 books an incoming rpc under its own address, also where we have dialed that peer', async () => {
    const { hub, ssb, rpc, events } = await connected()
    const incoming = 'net:10.0.0.7:51234~shs:'
    const other = ssb.incoming('a', incoming)
    expect([...hub.entries()].map(([address, { key }]) => [address, key])).toEqual([
      [A, keyOf('a')],
      [incoming, keyOf('a')],
    ])
    rpc.finish()
    other.finish()
    expect(events.map(({ type, address }) => [type, address])).toEqual([
      ['connected', incoming],
      ['disconnected', A],
      ['disconnected', incoming],
    ])
  })

  it('32 books an incoming rpc under its own address, as it is', () => {
    const { hub, ssb } = setup()
    const odd = 'net:::ffff:10.1.2.3:51234~shs:'
    ssb.incoming('a', odd)
    expect([...hub.entries()].map(([address]) => address)).toEqual([odd])
    const tunnel = `tunnel:${keyOf('r')}:${keyOf('b')}~shs:${'b'.repeat(43)}=`
    ssb.incoming('b', tunnel)
    expect(hub.getState(tunnel)).toBe('connected')
  })
})

describe('after close', () => {
  it('25 every method but reset and close fails with the exact text', async () => {
    const { hub } = setup()
    hub.close()
    for (const address of [A, 'No Sense']) {
      expect((await errorOf(hub.connect(address))).message).toBe(CLOSED)
      expect((await errorOf(hub.disconnect(address))).message).toBe(CLOSED)
      expect(() => hub.update(address, {})).toThrow(CLOSED)
      expect(() => hub.getState(address)).toThrow(CLOSED)
    }
    expect(() => hub.entries()).toThrow(CLOSED)
    expect(() => hub.liveEntries()).toThrow(CLOSED)
    expect(() => hub.listen()).toThrow(CLOSED)
    expect(hub.reset()).toBeUndefined()
    expect(hub.close()).toBeUndefined()
  })

  it('25 also inside a handler while the hub closes, where nothing new may begin', async () => {
    const { hub, types } = await connected()
    const said: unknown[] = []
    drain<ListenEvent>(hub.listen(), ({ type }) => {
      if (type !== 'disconnecting') return
      said.push(hub.getState(A), [...hub.entries()].length)
      said.push(errorOf(hub.connect(B)).then(({ message }) => message))
      expect(() => hub.update(A, { note: 'x' })).toThrow(CLOSED)
      said.push('all of it')
      hub.reset()
      hub.close()
    })
    hub.close()
    expect(await Promise.all(said)).toEqual(['disconnecting', 1, CLOSED, 'all of it'])
    expect(types()).toEqual(['disconnecting', 'disconnected'])
  })

  it('25 reset and close leave later rpcs of the sbot alone', () => {
    const { hub, ssb } = setup()
    hub.close()
    const rpc = ssb.incoming('a', A)
    hub.reset()
    hub.close()
    expect(rpc.closed).toBe(false)
  })
})

it('the hub below is shown to tools that know core, by a symbol', async () => {
  const { hub } = await connected()
  const core = (hub as unknown as Record<symbol, Hub<StubRpc>>)[Symbol.for('@conn-hub/Hub')]
  expect(core?.get(A)?.state).toBe('connected')
  hub.close()
  expect(core?.closed).toBe(true)
})
