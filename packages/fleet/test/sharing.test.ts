import { until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { joinFleet, memoryEngine, redisEngine } from '../src/index.js'
import { FAST, machineOn, machinesOfTest, type TestMachine, untilEqual, viewOf } from './fixture.js'
import { hasRedis, startRedis } from './redis-server.js'

// What an app may use twice, on purpose or not.
const { ends, machine } = machinesOfTest()

/** The keys of what vanishes there from now on. */
const removedAt = ({ fleet }: TestMachine): (string | undefined)[] => {
  const gone: (string | undefined)[] = []
  const read = async () => {
    for await (const { removed } of fleet.changes()) gone.push(...removed.map(({ key }) => key))
  }
  void read()
  return gone
}

describe('one engine', () => {
  it('serves the machines of one process, and goes on when one of them leaves', async () => {
    const engine = memoryEngine()
    const [one, other, third] = [machine(engine), machine(engine), machine(engine)]
    one.add('anna')
    other.add('ben')
    await untilEqual([one, other, third])
    const gone = removedAt(third)
    await one.fleet.leave()
    expect(await engine.find('kben')).toHaveLength(1)
    other.add('carla')
    await untilEqual([other, third])
    // Each has renewed its lease since.
    await until(async () => (await third.fleet.machines()).length === 2, 'two are left')
    await new Promise((resolve) => setTimeout(resolve, FAST.lease))
    expect(gone).toEqual(['anna'])
  })
})

describe('one hub', () => {
  it('may be in two fleets: each shows it, and to leave one is not to leave the other', async () => {
    const [engine, elsewhere] = [memoryEngine(), memoryEngine()]
    const one = machine(engine, { machine: 'one' })
    const second = joinFleet(one.hub, { ...FAST, engine: elsewhere, machine: 'one' })
    const [here, there] = [machine(engine), machine(elsewhere)]
    one.add('anna')
    const seesAnna = ({ fleet }: typeof here) => viewOf({ fleet }).join() === 'one anna'
    await until(() => seesAnna(here) && seesAnna(there), 'both fleets see it')
    await second.leave()
    await until(() => viewOf(there).length === 0, 'it is gone where it was left')
    expect(viewOf(here)).toEqual(['one anna'])
    await one.hub.close()
    await until(() => viewOf(here).length === 0, 'the end of the hub leaves the other')
  })

  it('may be twice in one fleet, which is two machines: under one name both say so', async () => {
    const engine = memoryEngine()
    const one = machine(engine, { machine: 'one' })
    const codes: string[] = []
    const twin = joinFleet(one.hub, { ...FAST, engine, machine: 'one' })
    twin.on('error', ({ code }) => codes.push(code))
    one.add('anna')
    await until(() => codes.length > 0 && one.codes.length > 0, 'both say so')
    expect([codes, one.codes]).toEqual([['NAME_TAKEN'], ['NAME_TAKEN']])
    await until(() => viewOf(one).join() === 'one anna,one anna', 'both are shown')
    await twin.leave()
    await until(() => viewOf(one).join() === 'one anna', 'one of them is left')
  })
})

describe.skipIf(!hasRedis)('one client of Redis', () => {
  const begin = async () => {
    const server = ends.add(await startRedis(), (each) => each.end())
    const client = ends.add(new Redis(server.url, { enableOfflineQueue: false }), (each) =>
      each.disconnect(),
    )
    client.on('error', () => {})
    return client
  }
  const join = (engine: ReturnType<typeof redisEngine>, options = {}) =>
    ends.add(machineOn(engine, { ...FAST, ...options }), (each) => each.end())

  it.each([30, 'block'] as const)('serves the engines of one fleet, poll: %s', async (poll) => {
    const client = await begin()
    const [one, other, third] = [1, 2, 3].map(() => join(redisEngine(client), { poll })) as [
      TestMachine,
      TestMachine,
      TestMachine,
    ]
    one.add('anna')
    other.add('ben')
    await untilEqual([one, other, third])
    const gone = removedAt(third)
    await one.end()
    expect(await redisEngine(client).find('kben')).toHaveLength(1)
    other.add('carla')
    await untilEqual([other, third])
    expect(gone).toEqual(['anna'])
    expect([one.codes, other.codes, third.codes]).toEqual([[], [], []])
    expect(client.status).toBe('ready')
  })

  it('serves two fleets, which see nothing of each other', async () => {
    const client = await begin()
    const one = join(redisEngine(client, { name: 'a' }), { machine: 'one' })
    const other = join(redisEngine(client, { name: 'b' }), { machine: 'other' })
    one.add('anna')
    other.add('ben')
    await Promise.all([one.fleet.ready, other.fleet.ready])
    // Whoever comes now reads all that there is before it is ready.
    for (const [name, machine, key] of [
      ['a', 'one', 'anna'],
      ['b', 'other', 'ben'],
    ]) {
      const late = join(redisEngine(client, { name }))
      await late.fleet.ready
      expect(viewOf(late)).toEqual([`${machine} ${key}`])
    }
  })

  it('may be one on which the app watches a key: what it says then is plain, and the fleet goes on', async () => {
    const client = await begin()
    const [one, other] = [join(redisEngine(client), { machine: 'one' }), join(redisEngine(client))]
    const messages: string[] = []
    one.fleet.on('error', ({ message }) => messages.push(message))
    await Promise.all([one.fleet.ready, other.fleet.ready])
    await client.multi().set('mine', '1').exec()
    client.watch('mine')
    client.set('mine', '2')
    one.add('anna')
    await untilEqual([one, other])
    expect(messages).toEqual([expect.stringContaining('watches')])
  })
})
