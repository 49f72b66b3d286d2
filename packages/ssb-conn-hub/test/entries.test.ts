import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import type { ConnectionData } from '../src/types.js'
import { A, B, connected, drain, errorOf, setup } from './setup.js'
import { addressOf, keyOf, StubRpc } from './stub-sbot.js'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

describe('update', () => {
  it('19 merges, skips undefined, sets hubUpdated, tells liveEntries and leaves its argument', async () => {
    const { hub, entry, types } = await connected()
    hub.update(A, { note: 'one', colour: 'red' })
    const told: unknown[] = []
    drain<[string, ConnectionData][]>(hub.liveEntries(), (all) => told.push(all[0]?.[1].note))
    const later = (entry(A)?.hubUpdated as number) + 5
    vi.spyOn(Date, 'now').mockReturnValue(later)
    const argument = Object.freeze({ note: 'two', colour: undefined, key: keyOf('x'), hubBirth: 1 })
    expect(hub.update(A, argument)).toBe(true)
    expect(entry(A)).toMatchObject({ note: 'two', colour: 'red', hubUpdated: later })
    expect(told).toEqual(['one', 'two'])
    expect(types()).toEqual([])
  })

  it('19 gives false for an unknown address', () => {
    expect(setup().hub.update(A, { note: 'x' })).toBe(false)
  })

  it('19 may be called inside a handler', () => {
    const { hub, ssb, entry, types } = setup()
    drain<{ type: string; address: string }>(hub.listen(), ({ type, address }) => {
      hub.update(address, { [type]: true })
    })
    hub.connect(A).catch(() => {})
    expect(entry(A)).toMatchObject({ connecting: true })
    ssb.answer(ssb.lastCall)
    expect(entry(A)).toMatchObject({ connecting: true, connected: true })
    expect(types()).toEqual(['connecting', 'connected'])
  })

  it('19 cannot change state, key, hubBirth or disconnect', async () => {
    const { hub, entry } = await connected()
    const before = { ...entry(A) }
    hub.update(A, {
      state: 'connecting',
      key: keyOf('x'),
      hubBirth: 1,
      hubUpdated: 2,
      disconnect: () => {},
    })
    const after = { ...entry(A) }
    expect(after).toMatchObject({ state: 'connected', key: keyOf('a'), hubBirth: before.hubBirth })
    expect(after.hubUpdated).not.toBe(2)
    after.disconnect?.(() => {})
    expect(hub.getState(A)).toBeUndefined()
  })

  it('19 cannot give a disconnect to an entry that has none', () => {
    const { hub, entry } = setup()
    hub.connect(A).catch(() => {})
    expect(hub.update(A, { disconnect: () => {} })).toBe(true)
    expect(entry(A)).not.toHaveProperty('disconnect')
  })

  it('19 may give a key where none is known, once', () => {
    const { hub, entry } = setup()
    const keyless = 'unix:/tmp/socket~noauth'
    hub.connect(keyless).catch(() => {})
    hub.update(keyless, { key: keyOf('a') })
    hub.update(keyless, { key: keyOf('b') })
    expect(entry(keyless)?.key).toBe(keyOf('a'))
  })
})

describe('entries', () => {
  it('20 keep hubBirth and the fields of others through every change', async () => {
    let now = 1000
    vi.spyOn(Date, 'now').mockImplementation(() => now)
    const { hub, ssb, entry } = setup()
    const promise = hub.connect(A, { note: 'n', birth: 5 })
    const kept = { hubBirth: 1000, note: 'n', birth: 5 }
    expect(entry(A)).toMatchObject({ ...kept, state: 'connecting' })
    now++
    const rpc = ssb.answer(ssb.lastCall)
    await promise
    expect(entry(A)).toMatchObject({ ...kept, state: 'connected' })
    now++
    hub.update(A, { other: 'o' })
    expect(entry(A)).toMatchObject({ ...kept, other: 'o', state: 'connected' })
    now++
    rpc.closeError = new Error('no')
    await errorOf(hub.disconnect(A))
    expect(entry(A)).toMatchObject({ ...kept, other: 'o', state: 'connected' })
    now++
    rpc.closeError = undefined
    rpc.slow = true
    hub.disconnect(A)
    expect(entry(A)).toMatchObject({ ...kept, other: 'o', state: 'disconnecting' })
    rpc.finish()
  })

  it('16 20 keep hubBirth and the fields of others while rpcs come and go', async () => {
    let now = 1000
    vi.spyOn(Date, 'now').mockImplementation(() => now)
    const { hub, ssb, entry } = setup()
    hub.connect(A, { note: 'n' }).catch(() => {})
    now++
    ssb.answer(ssb.lastCall)
    now++
    const second = ssb.incoming('a', A)
    expect(entry(A)).toMatchObject({ hubBirth: 1000, note: 'n' })
    now++
    second.finish()
    expect(entry(A)).toMatchObject({ hubBirth: 1000, note: 'n' })
  })

  it.each([
    ['rpc', { meta: 'dht' }],
    ["rpc's stream", { stream: { address: A, meta: 'dht' } }],
  ])(
    '20 have the inferredType dht where the %s says so, whatever the address says',
    (_, fields) => {
      const { hub, ssb, entry } = setup()
      const rpc = Object.assign(new StubRpc('a', A), fields)
      ssb.announce(rpc, false)
      expect(entry(A)?.inferredType).toBe('dht')
      // Also where we have dialed, and the address said something else until then.
      hub.connect(B).catch(() => {})
      expect(entry(B)?.inferredType).toBe('lan')
      const ours = Object.assign(new StubRpc('b', B), fields)
      ssb.announce(ours, true)
      ssb.lastCall.callback(null, ours)
      expect(entry(B)?.inferredType).toBe('dht')
    },
  )

  it('20 have inferredType only where there is no type', async () => {
    const { hub, entry } = await connected()
    hub.connect(B, { type: 'pub' }).catch(() => {})
    expect(entry(A)?.inferredType).toBe('lan')
    expect(entry(B)).not.toHaveProperty('inferredType')
    hub.update(A, { type: 'pub' })
    expect(entry(A)).not.toHaveProperty('inferredType')
  })

  it('21 come as a fresh iterator of pairs, whose data takes fields', async () => {
    const { hub } = await connected()
    const iterator = hub.entries()
    expect(iterator === hub.entries()).toBe(false)
    const [[address, data] = ['', {} as ConnectionData]] = [...iterator]
    expect(address).toBe(A)
    expect(() => {
      data.cooldown = 5
    }).not.toThrow()
    expect([...iterator]).toEqual([])
    expect([...hub.entries()]).toHaveLength(1)
  })

  it('22 come live by a pull-stream source, the first array at once, even where it is empty', () => {
    const { hub } = setup()
    const source = hub.liveEntries()
    const got: unknown[] = []
    source(null, (end, value) => got.push([end, value]))
    expect(got).toEqual([[null, []]])
    source(null, (end, value) => got.push([end, value?.length]))
    expect(got).toHaveLength(1)
    hub.connect(A).catch(() => {})
    expect(got[1]).toEqual([null, 1])
    source(true, (end) => got.push(end))
    expect(got[2]).toBe(true)
  })

  it.each([undefined, null, 'no function'])(
    '11 are disconnected by themselves, where the callback is %j',
    async (given) => {
      const { entry, rpc, hub } = await connected()
      const unhandled = vi.fn()
      process.on('unhandledRejection', unhandled)
      entry(A)?.disconnect?.(given as never)
      await new Promise(setImmediate)
      process.off('unhandledRejection', unhandled)
      expect([rpc.closed, hub.getState(A)]).toEqual([true, undefined])
      expect(unhandled).not.toHaveBeenCalled()
    },
  )

  it('23 survive JSON.stringify', async () => {
    const { hub } = await connected()
    const [[address, data] = []] = JSON.parse(JSON.stringify([...hub.entries()]))
    expect(address).toBe(A)
    expect(data).toEqual({
      state: 'connected',
      key: keyOf('a'),
      inferredType: 'lan',
      hubBirth: expect.any(Number),
      hubUpdated: expect.any(Number),
    })
  })

  it('24 are in one of three states, or not there', async () => {
    const { hub, ssb, entry } = setup()
    const states = () => [hub.getState(A), entry(A)?.state]
    expect(states()).toEqual([undefined, undefined])
    const promise = hub.connect(A)
    expect(states()).toEqual(['connecting', 'connecting'])
    const rpc = ssb.answer(ssb.lastCall)
    await promise
    expect(states()).toEqual(['connected', 'connected'])
    rpc.slow = true
    hub.disconnect(A)
    expect(states()).toEqual(['disconnecting', 'disconnecting'])
    rpc.finish()
    expect(states()).toEqual([undefined, undefined])
  })

  it.each([
    ['net:pub.example.com:8008', 'internet'],
    ['net:8.8.8.8:8008', 'internet'],
    ['net:fe80::1%eth0:8008', 'lan'],
    ['net:[::1]:8008', 'lan'],
    ['net:::1:8008', 'lan'],
    ['net:127.0.0.1:8008', 'lan'],
    ['net:192.168.1.2:8008', 'lan'],
    ['bt:0a0b0c0d0e0f', 'bt'],
    ['dht:seed:id', 'dht'],
    ['tunnel:room:peer', 'tunnel'],
  ])('27 %s counts as %s', (transport, type) => {
    const { hub, entry } = setup()
    const address = `${transport}~shs:${'a'.repeat(43)}=`
    hub.connect(address).catch(() => {})
    expect(entry(address)?.inferredType).toBe(type)
  })
})

describe('streams', () => {
  it('29 are released at once when they are aborted', async () => {
    const { hub, ssb } = setup()
    const sources = Array.from({ length: 1000 }, () => [hub.listen(), hub.liveEntries()]).flat()
    let called = 0
    for (const source of sources) {
      source(true, (end) => {
        if (end === true) called++
      })
    }
    expect(called).toBe(2000)
    const promise = hub.connect(A)
    const views = ssb.answer(ssb.lastCall)
    await promise
    // What an aborted source would hold is read here: it gives the end, and no event.
    for (const source of sources) source(null, (end) => expect(end).toBe(true))
    expect(views.closed).toBe(false)
  })

  it.each(['listen', 'liveEntries'] as const)(
    '29 cost no memory once they are aborted: %s',
    (view) => {
      const { hub } = setup()
      const abortMany = () => {
        for (let i = 0; i < 20_000; i++) hub[view]()(true, () => {})
      }
      const usedMemory = () => {
        collectGarbage()
        return process.memoryUsage().heapUsed
      }
      // The first ones make the engine compile.
      abortMany()
      const before = usedMemory()
      abortMany()
      // 50 bytes each: less than any object.
      expect(usedMemory() - before).toBeLessThan(1_000_000)
    },
  )
})

describe('bad data', () => {
  const unreadable = {
    get note(): string {
      throw new Error('gone')
    },
  }

  it('is refused by a code, and leaves the entries as they were', async () => {
    const { hub, entry } = await connected()
    const before = { ...entry(A) }
    for (const data of [unreadable, null, 'text', 5]) {
      expect(() => hub.update(A, data as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_DATA' }),
      )
    }
    expect({ ...entry(A) }).toEqual(before)
    expect((await errorOf(hub.connect(B, unreadable))).code).toBe('INVALID_DATA')
    expect(hub.getState(B)).toBeUndefined()
  })

  it('of a kind that pollutes prototypes stays data', () => {
    const { hub, entry } = setup()
    const data = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": 2}}')
    hub.connect(A, data).catch(() => {})
    hub.update(A, data)
    expect(Object.getOwnPropertyNames(entry(A))).toContain('__proto__')
    expect(Object.getPrototypeOf(entry(A))).toBe(Object.prototype)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe('two addresses', () => {
  it('24 have states of their own', () => {
    const { hub } = setup()
    hub.connect(A).catch(() => {})
    expect([hub.getState(A), hub.getState(addressOf('c'))]).toEqual(['connecting', undefined])
  })
})
