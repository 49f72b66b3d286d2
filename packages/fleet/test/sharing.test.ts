import { until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { joinFleet, memoryEngine, redisEngine } from '../src/index.js'
import { FAST, machineOn, machinesOfTest, untilEqual, viewOf } from './fixture.js'
import { hasRedis, startRedis } from './redis-server.js'

// What an app may use twice, on purpose or not.
const { ends, machine } = machinesOfTest()

describe('one engine', () => {
  it('serves two machines of one process, and goes on when one of them leaves', async () => {
    const engine = memoryEngine()
    const [one, other] = [machine(engine), machine(engine)]
    one.add('anna')
    other.add('ben')
    await untilEqual([one, other])
    await one.fleet.leave()
    other.add('carla')
    await until(() => viewOf(other).length === 2, 'what has left is gone, and the rest goes on')
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

  it.each([30, 'block'] as const)('serves two engines of one fleet, poll: %s', async (poll) => {
    const client = await begin()
    const one = join(redisEngine(client), { poll })
    const other = join(redisEngine(client), { poll })
    one.add('anna')
    other.add('ben')
    await untilEqual([one, other])
    await one.end()
    other.add('carla')
    await until(() => viewOf(other).length === 2, 'the other goes on')
    expect([one.codes, other.codes]).toEqual([[], []])
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
})
