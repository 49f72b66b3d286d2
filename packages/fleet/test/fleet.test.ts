import { isHubError } from '@conn-hub/core'
import { until } from '@conn-hub/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { engineOn } from '../src/engines/memory.js'
import { createMemory } from '../src/engines/memory-data.js'
import { type Engine, FleetError, joinFleet, memoryEngine } from '../src/index.js'
import { Ends, machineOn, type TestMachine, untilEqual, viewOf } from './fixture.js'
import { createToyHub } from './toy-hub.js'

const FAST = { lease: 1_000, poll: 20, batch: 5 } as const

const ends = new Ends()
afterEach(() => ends.all())

const join = (engine: Engine, options = {}): TestMachine =>
  ends.add(machineOn(engine, { ...FAST, ...options }), (one) => one.end())

const pair = async (options = {}) => {
  const engine = memoryEngine()
  const [one, two] = [
    join(engine, { machine: 'one', ...options }),
    join(engine, { machine: 'two' }),
  ]
  await Promise.all([one.fleet.ready, two.fleet.ready])
  return { engine, one, two }
}

/** An engine that fails as long as it is told to. */
const failing = (engine: Engine) => {
  const state = { fails: false, published: 0 }
  const guard =
    <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (state.fails) throw new Error('connect ECONNREFUSED')
      return run(...args)
    }
  const { renew, read, find, changes, release } = engine
  const own: Engine = {
    renew: guard(renew),
    publish: guard((batch, keep) => {
      state.published += batch.set.length / 2 + batch.remove.length
      return engine.publish(batch, keep)
    }),
    read: guard(read),
    find: guard(find),
    changes: guard(changes),
    release: guard(release),
  }
  return { engine: own, state }
}

describe('a fleet', () => {
  it('returns at once, and is isolated until its first lease', async () => {
    const engine = memoryEngine()
    const toy = createToyHub()
    toy.add('anna')
    const { fleet, states } = join(engine)
    expect(fleet.state).toBe('isolated')
    await fleet.ready
    expect([fleet.state, states]).toEqual(['joined', ['joined']])
    expect(Math.abs(fleet.since - Date.now())).toBeLessThan(20_000)
  })

  it('shows one entry for each machine that has a key', async () => {
    const { one, two } = await pair()
    one.add('anna')
    two.add('anna')
    await untilEqual([one, two])
    const found = await one.fleet.find('anna')
    expect(found.map(({ machine }) => machine).sort()).toEqual(['one', 'two'])
    expect(found[0]).toMatchObject({ key: 'anna', kind: 'toy', direction: 'inbound' })
    expect(found[0]).not.toHaveProperty('stale')
    two.remove('toy:anna')
    await until(async () => (await one.fleet.find('anna')).length === 1, 'one has left')
    expect(await one.fleet.find('nobody')).toEqual([])
  })

  it('tells an entry without a key by its address', async () => {
    const { one, two } = await pair()
    one.add(undefined, 'toy:anonymous')
    await until(() => viewOf(two).includes('one toy:anonymous'), 'it is seen')
    const [entry] = [...two.fleet.entries()]
    expect(entry).toMatchObject({ key: undefined, address: 'toy:anonymous' })
  })

  it('keeps a key while one of its addresses is connected', async () => {
    const { one, two } = await pair()
    one.add('anna', 'toy:a')
    one.add('anna', 'toy:b')
    await until(() => viewOf(two).length === 1, 'one entry for both')
    one.remove('toy:a')
    one.add('ben')
    await until(() => viewOf(two).includes('one ben'), 'what came later is seen')
    expect(viewOf(two)).toContain('one anna')
  })

  it('shows of two addresses the one that came first, also where the other is heard of last', async () => {
    const { one, two } = await pair({ batch: 200 })
    one.add('anna', 'toy:a')
    const [first] = one.hub.byKey('anna')
    await until(() => Date.now() > (first?.since ?? 0) + 5, 'the clock has gone on')
    // In the same batch.
    one.add('anna', 'toy:b')
    await until(() => viewOf(two).length === 1, 'it is seen')
    expect((await two.fleet.find('anna'))[0]?.since).toBe(first?.since)
  })

  it('tells changes, and in the end all of them', async () => {
    const { one, two } = await pair()
    const reader = two.fleet.changes()
    expect((await reader.next()).value).toEqual({ added: [], changed: [], removed: [] })
    const waiting = reader.next()
    one.add('anna')
    expect((await waiting).value?.added).toMatchObject([{ machine: 'one', key: 'anna' }])
    // It is late: what comes and goes meanwhile is not told, and what is there is.
    one.add('ben')
    await until(() => viewOf(two).includes('one ben'), 'ben is seen')
    one.remove('toy:ben')
    one.add('carla')
    await until(() => viewOf(two).join() === 'one anna,one carla', 'carla is seen')
    const { value } = await reader.next()
    expect(value).toMatchObject({ added: [{ key: 'carla' }], changed: [], removed: [] })
    await one.fleet.leave()
    const gone = await reader.next()
    expect(gone.value?.removed.map(({ key }) => key).sort()).toEqual(['anna', 'carla'])
    const last = reader.next()
    await two.fleet.leave()
    expect(await last).toEqual({ value: undefined, done: true })
    expect(await two.fleet.changes().next()).toEqual({ value: undefined, done: true })
  })

  it('ends a reader by its signal, by return, and by a break', async () => {
    const { one } = await pair()
    const controller = new AbortController()
    const reader = one.fleet.changes({ signal: controller.signal })
    await reader.next()
    const waiting = reader.next()
    controller.abort()
    expect((await waiting).done).toBe(true)
    const other = one.fleet.changes()
    await other.next()
    expect((await other.return()).done).toBe(true)
    await expect(other.throw(new Error('mine'))).rejects.toThrow('mine')
    for await (const _ of one.fleet.changes()) break
    expect(() => one.fleet.changes({ sginal: 1 } as never)).toThrow('"sginal"')
  })

  it('tells of its machines, and of one that drains', async () => {
    const { one, two } = await pair()
    one.add('anna')
    one.fleet.drain()
    const seen = async () => (await two.fleet.machines()).find(({ machine }) => machine === 'one')
    await until(async () => (await seen())?.draining === true, 'it drains')
    expect(await seen()).toMatchObject({ self: false, lease: 1_000, sessions: 1 })
    expect(await two.fleet.find('anna')).toHaveLength(1)
    const asker = join(memoryEngine(), { follow: false })
    await asker.fleet.ready
    expect(await asker.fleet.machines()).toMatchObject([{ self: true, sessions: 0 }])
  })

  it('asks the engine where it does not follow', async () => {
    const { engine, one, two } = await pair()
    const asker = join(engine, { follow: false, machine: 'asker' })
    await asker.fleet.ready
    one.add('anna')
    asker.add('anna')
    await until(async () => (await asker.fleet.find('anna')).length === 2, 'both are found')
    const machines = await asker.fleet.machines()
    expect(machines.map(({ machine }) => machine).sort()).toEqual(['asker', 'one', 'two'])
    expect(two.codes).toEqual([])
    expect(() => asker.fleet.changes()).toThrow(FleetError)
  })

  it('answers what was known while it is isolated', async () => {
    const shared = memoryEngine()
    const { engine, state } = failing(shared)
    const [one, two] = [join(engine, { machine: 'one' }), join(shared, { machine: 'two' })]
    two.add('anna')
    one.add('ben')
    await untilEqual([one, two])
    state.fails = true
    await until(() => one.fleet.state === 'isolated', 'its lease has ended')
    const [anna] = await one.fleet.find('anna')
    expect(anna?.stale).toBe(one.fleet.since)
    expect((await one.fleet.find('ben'))[0]).not.toHaveProperty('stale')
    state.fails = false
    await untilEqual([one, two])
    expect((await one.fleet.find('anna'))[0]).not.toHaveProperty('stale')
    expect(one.codes).toEqual(['FLEET_UNREACHABLE'])
  })

  it('keeps no more than there is while the engine is away', async () => {
    const { engine, state } = failing(memoryEngine())
    const one = join(engine)
    await one.fleet.ready
    state.fails = true
    for (let round = 0; round < 100; round++) {
      for (let at = 0; at < 200; at++) one.add(`${round}-${at}`)
      await new Promise((resolve) => setTimeout(resolve, 6))
      for (let at = 0; at < 200; at++) one.remove(`toy:${round}-${at}`)
    }
    one.add('anna')
    await until(() => viewOf(one).length === 1, 'one is left')
    state.fails = false
    await until(async () => (await engine.find('kanna')).length === 1, 'it is written')
    // 20,000 have come and gone: fewer fields than that were kept for the engine.
    expect(state.published).toBeLessThan(12_000)
  })

  it('raises no false alarm, however the answers cross', async () => {
    vi.useFakeTimers()
    const engine = memoryEngine()
    const slow =
      <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        const reply = await run(...args)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 150))
        return reply
      }
    const crossing = { ...engine, renew: slow(engine.renew), publish: slow(engine.publish) }
    const one = join(crossing, { lease: 500 })
    try {
      await vi.advanceTimersByTimeAsync(500)
      for (let at = 0; at < 500; at++) {
        one.add(`p${at}`)
        await vi.advanceTimersByTimeAsync(3)
      }
      expect([one.states, one.codes]).toEqual([['joined'], []])
    } finally {
      const ended = one.end()
      await vi.advanceTimersByTimeAsync(5_000)
      await ended
      vi.useRealTimers()
    }
  })

  it('reads a machine anew where a number is missing', async () => {
    const engine = memoryEngine()
    const changes: Engine['changes'] = async (request) => {
      const found = await engine.changes(request)
      const isKept = (batch: unknown) => !JSON.stringify(batch).includes('missed')
      return { ...found, batches: found.batches.filter(isKept) }
    }
    const [one, two] = [join(engine, { machine: 'one' }), join({ ...engine, changes })]
    await untilEqual([one, two])
    one.add('missed')
    await until(async () => (await engine.find('kmissed')).length === 1, 'it is written')
    one.add('anna')
    await untilEqual([one, two])
    expect(viewOf(two)).toEqual(['one anna', 'one missed'])
  })

  it('shows what it had while a machine publishes anew', async () => {
    const store = { data: createMemory(0) }
    const plain = engineOn(store)
    // So slow that the other looks in between.
    const publish: Engine['publish'] = async (batch, keep) => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      return plain.publish(batch, keep)
    }
    const [one, two] = [join({ ...plain, publish }, { machine: 'one' }), join(engineOn(store))]
    for (let at = 0; at < 1_200; at++) one.add(`p${at}`)
    await untilEqual([one, two])
    let fewest = Number.POSITIVE_INFINITY
    const reader = two.fleet.changes()
    await reader.next()
    const told = reader.next()
    store.data = createMemory(store.data.position + 1)
    await until(() => {
      fewest = Math.min(fewest, viewOf(two).length)
      return one.codes.includes('ENGINE_LOST_DATA') && store.data.hashes.size === 2
    }, 'it has published anew')
    await untilEqual([one, two])
    expect(fewest).toBe(1_200)
    one.add('new')
    const { value } = await told
    expect([value?.added.map(({ key }) => key), value?.removed]).toEqual([['new'], []])
  })
})

describe('the end', () => {
  it('comes with the hub, and takes everything away', async () => {
    const { one, two } = await pair()
    one.add('anna')
    await untilEqual([one, two])
    await one.hub.close()
    await until(() => viewOf(two).length === 0, 'its entries vanish')
    await expect(one.fleet.find('anna')).rejects.toMatchObject({ code: 'FLEET_LEFT' })
    expect(one.fleet.state).toBe('isolated')
    expect(one.states).toEqual(['joined', 'isolated'])
    await one.fleet.leave()
  })

  it('rejects ready where it comes first, and nobody need hear of it', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const { hub } = createToyHub()
    const fleet = joinFleet(hub, { engine: failing(memoryEngine()).engine })
    fleet.leave()
    fleet.drain()
    const error = await fleet.ready.catch((reason: unknown) => reason)
    expect([(error as FleetError).code, isHubError(error)]).toEqual(['FLEET_LEFT', true])
    expect(JSON.stringify(error)).toContain('FLEET_LEFT')
    await new Promise((resolve) => setTimeout(resolve, 10))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('may be called inside every listener', async () => {
    const { one, two } = await pair()
    one.fleet.on('state', () => one.fleet.leave())
    one.hub.on('connected', () => {
      one.fleet.drain()
      one.fleet.leave()
    })
    one.add('anna')
    await one.fleet.leave()
    const [, ...others] = await two.fleet.machines()
    expect(others.length).toBeLessThanOrEqual(1)
    await until(async () => (await two.fleet.machines()).length === 1, 'it is gone')
    await one.hub.close()
  })

  it('refuses a hub that is closed, and leaves nothing there', async () => {
    const { hub } = createToyHub()
    await hub.close()
    expect(() => joinFleet(hub)).toThrow(expect.objectContaining({ code: 'HUB_CLOSED' }))
  })

  it('does not take a listener that fails for its own end', async () => {
    const engine = memoryEngine()
    const { fleet, codes } = join(engine)
    fleet.on('state', () => {
      throw new Error('mine')
    })
    fleet.on('state', async () => Promise.reject(new Error('mine, too')))
    const controller = new AbortController()
    const never = vi.fn()
    fleet.on('state', never, { signal: controller.signal })
    controller.abort()
    await fleet.ready
    await until(() => codes.includes('LISTENER_FAILED'), 'it is told')
    expect(never).not.toHaveBeenCalled()
    expect(() => fleet.on('nothing' as never, () => {})).toThrow('"type"')
    expect(() => fleet.on('state', 1 as never)).toThrow('"listener"')
  })
})
