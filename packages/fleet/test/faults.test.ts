import { copyFileSync } from 'node:fs'
import { until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type ClientKind,
  Ends,
  machineAt,
  type TestMachine,
  untilEqual,
  viewOf,
} from './fixture.js'
import { hasRedis, type RedisServer, startRedis } from './redis-server.js'
import { Way } from './way.js'

const LEASE = 1_000
const KINDS: readonly ClientKind[] = ['ioredis', 'redis', 'ioredis']

/** Three machines with ten peers each, on one server. */
describe.skipIf(!hasRedis)('with a real Redis', () => {
  const ends = new Ends()
  afterEach(() => ends.all())

  /** @param way Over a way of its own for each, that can be cut. */
  const begin = async (way?: 'ways') => {
    const server = ends.add(await startRedis(), (one) => one.end())
    const machines: TestMachine[] = []
    const ways: Way[] = []
    for (const [at, kind] of KINDS.entries()) {
      const own = ends.add(await new Way(server.port).start(), (one) => one.end())
      const port = way ? own.port : server.port
      const poll = at === 2 ? 'block' : 50
      const options = { machine: `m${at}`, lease: LEASE, poll } as const
      const machine = ends.add(await machineAt(port, kind, options), (one) => one.end())
      for (let peer = 0; peer < 10; peer++) machine.add(`p${at}-${peer}`)
      machines.push(machine)
      ways.push(own)
    }
    await untilEqual(machines)
    return { server, machines, ways }
  }

  /** Something comes and goes at each machine. */
  const stir = (machines: readonly TestMachine[]) => {
    for (const [at, machine] of machines.entries()) {
      machine.remove(`toy:p${at}-0`)
      machine.add(`new${at}`)
    }
  }

  const client = (server: RedisServer) => ends.add(new Redis(server.url), (one) => one.disconnect())

  it('finds its way back after Redis was killed and restarted empty', async () => {
    const { server, machines } = await begin()
    await server.kill()
    await until(() => machines.every(({ fleet }) => fleet.state === 'isolated'), 'all are isolated')
    stir(machines)
    const [first] = machines as [TestMachine]
    const known = await first.fleet.find('p1-5')
    expect(known.map(({ stale }) => typeof stale)).toEqual(['number'])
    await server.start()
    await untilEqual(machines)
    for (const { codes, states } of machines) {
      expect(codes).toContain('FLEET_UNREACHABLE')
      expect(codes).toContain('ENGINE_LOST_DATA')
      expect(states).toEqual(['joined', 'isolated', 'joined'])
    }
  })

  it('survives a restart from an old dump', async () => {
    const { server, machines } = await begin()
    const redis = client(server)
    await redis.save()
    redis.disconnect()
    copyFileSync(server.dump, `${server.folder}/old.rdb`)
    stir(machines)
    await untilEqual(machines)
    await server.kill()
    copyFileSync(`${server.folder}/old.rdb`, server.dump)
    await server.start()
    await untilEqual(machines)
    // What was before must not come again.
    for (const machine of machines) expect(viewOf(machine)).not.toContain('m0 p0-0')
    await until(
      () => machines.every(({ codes }) => codes.includes('ENGINE_LOST_DATA')),
      'each has seen that its last batches are gone',
    )
  })

  it('goes on after Redis has stood still for longer than a lease', async () => {
    const { server, machines } = await begin()
    server.signal('SIGSTOP')
    await until(() => machines.every(({ fleet }) => fleet.state === 'isolated'), 'all are isolated')
    stir(machines)
    server.signal('SIGCONT')
    await untilEqual(machines)
  })

  it('follows a replica that was promoted with lost writes', async () => {
    const { server, machines, ways } = await begin('ways')
    const replica = ends.add(await startRedis(), (one) => one.end())
    const second = client(replica)
    await second.replicaof('127.0.0.1', server.port)
    await until(async () => /master_link_status:up/.test(await second.info()), 'it is in step')
    await until(
      async () => (await second.keys('*')).length === (await client(server).keys('*')).length,
      'it has all',
    )
    // It hears no more, and the machines go on writing to the old one.
    await second.call('REPLICAOF', 'NO', 'ONE')
    stir(machines)
    await untilEqual(machines)
    for (const way of ways) way.lead(replica.port)
    await server.kill()
    await untilEqual(machines)
  })

  it('shows a machine that was cut off as gone, and lets it come back', async () => {
    const { machines, ways } = await begin('ways')
    const [one, two, three] = machines as [TestMachine, TestMachine, TestMachine]
    ways[0]?.cut()
    await until(() => one.fleet.state === 'isolated', 'it knows that it is cut off')
    await untilEqual([two, three])
    one.add('meanwhile')
    await until(() => viewOf(one).includes('m0 meanwhile'), 'it sees its own hub all the same')
    ways[0]?.heal()
    await untilEqual(machines)
  })

  it('does the same where the network swallows everything', async () => {
    const { machines, ways } = await begin('ways')
    const [one, two, three] = machines as [TestMachine, TestMachine, TestMachine]
    ways[0]?.silence()
    await until(() => one.fleet.state === 'isolated', 'it knows that it is cut off')
    await until(() => one.codes.includes('ENGINE_SLOW'), 'it says that nobody answers')
    await untilEqual([two, three])
    ways[0]?.heal()
    await untilEqual(machines)
  })

  it('reads all anew where the changes were trimmed under a reader', async () => {
    const { server, machines } = await begin()
    const redis = client(server)
    const [one, ...others] = machines as [TestMachine, TestMachine, TestMachine]
    // Each has read changes by then.
    for (const machine of machines) machine.add('before')
    await untilEqual(machines)
    // Trimmed in the moment in which they are written: nobody has read them.
    stir(machines)
    await until(async () => {
      await redis.xtrim('{conn-hub}:changes', 'MAXLEN', 0)
      return others.some(({ codes }) => codes.includes('STREAM_TRIMMED'))
    }, 'a reader has seen it')
    one.add('after')
    await untilEqual(machines)
  })
})
