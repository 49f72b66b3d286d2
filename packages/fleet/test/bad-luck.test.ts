import { until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { joinFleet, memoryEngine } from '../src/index.js'
import { Ends, machineAt, machineOn, untilEqual, viewOf } from './fixture.js'
import { hasRedis, startRedis } from './redis-server.js'
import { createToyHub } from './toy-hub.js'

const FAST = { lease: 1_000, poll: 30, batch: 5 } as const
const CHANGES = '{conn-hub}:changes'

const ends = new Ends()
afterEach(() => ends.all())

const told = (machine: { codes: string[] }, code: string) =>
  until(() => machine.codes.includes(code), `${code} is told, and not ${machine.codes}`)

const countOf = ({ codes }: { codes: string[] }, code: string) =>
  codes.filter((each) => each === code).length

describe('options', () => {
  it('refuses what is none, by its name', () => {
    const { hub } = createToyHub()
    const bad: Record<string, unknown>[] = [
      { leese: 1 },
      { lease: 1 },
      { lease: '15s' },
      { batch: 0 },
      { poll: 1 },
      { poll: 'blocking' },
      { machine: '' },
      { machine: 'a\nb' },
      { machine: 'x'.repeat(129) },
      { follow: 1 },
      { publish: {} },
      { engine: {} },
    ]
    for (const options of bad) {
      const name = Object.keys(options)[0] as string
      expect(() => joinFleet(hub, options), name).toThrow(`"${name}"`)
    }
    expect(() => joinFleet({} as never)).toThrow('"hub"')
    expect(() => joinFleet(hub, null as never)).toThrow('"options"')
  })
})

describe('what publish gives', () => {
  const throwing = () =>
    Object.defineProperty({}, 'then', {
      get: () => {
        throw new Error('no')
      },
    })
  const circle = () => {
    const round: { self?: unknown } = {}
    round.self = round
    return round
  }
  const begin = (publish: (entry: never) => unknown) => {
    const engine = memoryEngine()
    const options = { ...FAST, publish: publish as () => unknown }
    const one = ends.add(machineOn(engine, options), (each) => each.end())
    const other = ends.add(machineOn(engine, FAST), (each) => each.end())
    one.add('anna')
    one.add('ben')
    return { one, other }
  }

  it.each([
    ['DATA_NOT_JSON', () => 1n],
    ['DATA_NOT_JSON', circle],
    ['DATA_NOT_JSON', throwing],
    ['DATA_NOT_JSON', () => Promise.resolve('soon')],
    ['DATA_NOT_JSON', () => () => {}],
    ['DATA_TOO_BIG', () => 'x'.repeat(1_000_000)],
    [
      'PUBLISH_FAILED',
      () => {
        throw new Error('no')
      },
    ],
  ])('is told once as %s, and the entry goes without it', async (code, publish) => {
    const { one, other } = begin(publish)
    await untilEqual([one, other])
    expect(one.codes).toEqual([code])
    const [found] = await other.fleet.find('anna')
    expect(found).toMatchObject({ key: 'anna', data: undefined })
  })

  it('is seen by the others, or hides the entry', async () => {
    const { one, other } = begin(({ key }: { key: string }) => key === 'anna' && { colour: 'red' })
    await until(() => viewOf(other).length > 0, 'the other sees it')
    await other.fleet.ready
    expect((await other.fleet.find('anna'))[0]?.data).toEqual({ colour: 'red' })
    expect(await other.fleet.find('ben')).toEqual([])
    expect(one.codes).toEqual([])
  })

  it('may be of a key that is too long for others', async () => {
    const engine = memoryEngine()
    const one = ends.add(machineOn(engine, FAST), (each) => each.end())
    const other = ends.add(machineOn(engine, FAST), (each) => each.end())
    one.add('x'.repeat(5_000), 'toy:long')
    one.add('anna')
    await told(one, 'DATA_TOO_BIG')
    await until(() => viewOf(other).length === 1, 'the rest is seen')
  })

  it('may be of a key that is no whole text: as bytes it would be another one', async () => {
    const engine = memoryEngine()
    const one = ends.add(machineOn(engine, FAST), (each) => each.end())
    for (const half of ['\ud83d', 'a\ude00', '\ude00\ud83d']) one.add(half)
    one.add('😀')
    await told(one, 'DATA_NOT_JSON')
    await until(() => viewOf(one).length === 1, 'the rest is seen')
    expect((await one.fleet.find('😀')).length).toBe(1)
    expect(await one.fleet.find('\ud83d')).toEqual([])
  })
})

describe('two machines of one name', () => {
  it('are both shown, and both say so', async () => {
    const engine = memoryEngine()
    const options = { ...FAST, machine: 'web' }
    const two = [0, 1].map(() => ends.add(machineOn(engine, options), (each) => each.end()))
    for (const one of two) one.add('anna')
    await untilEqual(two)
    for (const one of two) await told(one, 'NAME_TAKEN')
    const places = await two[0]?.fleet.find('anna')
    expect(places?.map(({ machine }) => machine)).toEqual(['web', 'web'])
    expect(new Set(places?.map(({ incarnation }) => incarnation)).size).toBe(2)
  })

  it('are none where one of them is the life before', async () => {
    const engine = memoryEngine()
    // As by a crash: its lease stays.
    const dying = { ...engine, release: async () => {} }
    const before = machineOn(dying, { ...FAST, machine: 'web' })
    before.add('anna')
    await before.fleet.ready
    await before.end()
    const now = ends.add(machineOn(engine, { ...FAST, machine: 'web' }), (each) => each.end())
    await now.fleet.ready
    expect(viewOf(now)).toEqual(['web anna'])
    await until(() => viewOf(now).length === 0, 'what died vanishes with its lease')
    expect(now.codes).toEqual([])
  })
})

describe.skipIf(!hasRedis)('a Redis that is not as it should be', () => {
  const begin = async (...options: string[]) => {
    const server = ends.add(await startRedis(...options), (one) => one.end())
    const admin = ends.add(new Redis(server.url), (one) => one.disconnect())
    admin.on('error', () => {})
    const join = async (kind: 'ioredis' | 'redis', more = {}) =>
      ends.add(await machineAt(server.port, kind, { ...FAST, ...more }), (one) => one.end())
    return { server, admin, join }
  }

  it.each(['ioredis', 'redis'] as const)('a wrong URL: %s', async (kind) => {
    const machine = ends.add(await machineAt(1, kind, FAST), (one) => one.end())
    await told(machine, 'FLEET_UNREACHABLE')
    machine.add('anna')
    await until(() => viewOf(machine).length === 1, 'it sees its own hub')
    expect(machine.fleet.state).toBe('isolated')
    expect(countOf(machine, 'FLEET_UNREACHABLE')).toBe(1)
  })

  it('without follow, find() rejects where nobody can be asked', async () => {
    const options = { ...FAST, follow: false }
    const machine = ends.add(await machineAt(1, 'ioredis', options), (one) => one.end())
    await expect(machine.fleet.find('anna')).rejects.toMatchObject({ code: 'FLEET_UNREACHABLE' })
    await expect(machine.fleet.machines()).rejects.toMatchObject({ code: 'FLEET_UNREACHABLE' })
    expect(() => machine.fleet.entries()).toThrow('follow: true')
  })

  it.each(['ioredis', 'redis'] as const)('a refused login: %s', async (kind) => {
    const { join } = await begin('--requirepass', 'secret')
    const machine = await join(kind)
    await told(machine, 'LOGIN_REFUSED')
    expect(machine.fleet.state).toBe('isolated')
  })

  it('a user who may not write', async () => {
    const { admin, join } = await begin()
    await admin.call('ACL', 'SETUSER', 'default', '-zadd')
    const machine = await join('redis')
    await told(machine, 'LOGIN_REFUSED')
    await admin.call('ACL', 'SETUSER', 'default', '+zadd')
    await machine.fleet.ready
  })

  it('a replica that only reads', async () => {
    const { server, join } = await begin()
    const options = ['--replicaof', '127.0.0.1', `${server.port}`]
    const replica = ends.add(await startRedis(...options), (one) => one.end())
    const good = await join('redis')
    const bad = ends.add(await machineAt(replica.port, 'ioredis', FAST), (one) => one.end())
    await told(bad, 'READ_ONLY')
    await good.fleet.ready
    expect(bad.fleet.state).toBe('isolated')
  })

  it('a node of a cluster', async () => {
    const { admin, join } = await begin('--cluster-enabled', 'yes')
    await admin.call('CLUSTER', 'MEET', '127.0.0.1', '1')
    const machine = await join('ioredis')
    await told(machine, 'WRONG_SHARD')
  })

  it.each(['ioredis', 'redis'] as const)('is full: %s', async (kind) => {
    const { admin, join } = await begin()
    const [one, other] = [await join(kind), await join('ioredis')]
    one.add('anna')
    await untilEqual([one, other])
    await admin.config('SET', 'maxmemory', '1')
    one.add('ben')
    await told(one, 'OUT_OF_MEMORY')
    await admin.config('SET', 'maxmemory', '0')
    await untilEqual([one, other])
    expect(countOf(one, 'OUT_OF_MEMORY')).toBe(1)
  })

  it('is slow', async () => {
    const { server, join } = await begin()
    const machine = await join('redis')
    await machine.fleet.ready
    server.signal('SIGSTOP')
    await told(machine, 'ENGINE_SLOW')
    server.signal('SIGCONT')
    await untilEqual([machine])
  })

  it.each(['ioredis', 'redis'] as const)(
    'is taken for slow by nobody who was busy himself meanwhile: %s',
    async (kind) => {
      const { join } = await begin()
      const machine = await join(kind, { follow: false })
      await machine.fleet.ready
      const found = machine.fleet.find('anna')
      await new Promise(setImmediate)
      const end = performance.now() + 2_200
      while (performance.now() < end);
      expect(await found).toEqual([])
      expect(machine.codes).not.toContain('ENGINE_SLOW')
    },
  )

  it('has foreign data under our keys', async () => {
    const { admin, join } = await begin()
    const [one, other] = [await join('redis', { machine: 'one' }), await join('ioredis')]
    one.add('anna')
    await untilEqual([one, other])
    await admin.xadd(CHANGES, '*', 'b', '{"hello":1}')
    await admin.xadd(CHANGES, '*', 'x', 'no JSON {')
    const alien = JSON.stringify(['x/1', 1, '[]', true, [], []])
    await admin.xadd(CHANGES, '*', 'b', alien)
    const [hash] = await admin.keys('{conn-hub}:of:one/*')
    await admin.hset(
      hash as string,
      'kben',
      'garbage',
      'odd',
      '1',
      'kcarla',
      '[0,1,2,3',
      'kx',
      '[0,5,[]]',
    )
    await admin.zadd('{conn-hub}:machines', Date.now() + 60_000, 'not a machine')
    await admin.set('{conn-hub}:of:not a machine', 'a string')
    await told(other, 'FOREIGN_DATA')
    one.add('dora')
    await until(() => viewOf(other).includes('one dora'), 'the rest is seen')
    const third = await join('redis')
    await told(third, 'FOREIGN_DATA')
    await until(() => viewOf(third).join() === 'one anna,one dora', 'who reads all leaves it out')
    expect(await third.fleet.find('ben')).toEqual([])
  })

  it('has machines of another version', async () => {
    const { admin, join } = await begin()
    const record = JSON.stringify([2, 'anything'])
    await admin.zadd('{conn-hub}:machines', Date.now() + 60_000, 'new/1')
    await admin.hset('{conn-hub}:of:new/1', 'm', record, 'kanna', '{"v2":1}')
    const machine = await join('ioredis')
    await told(machine, 'OTHER_VERSION')
    const batch = JSON.stringify(['new/1', 2, record, false, [], []])
    await admin.xadd(CHANGES, '*', 'b', batch)
    machine.add('anna')
    await untilEqual([machine])
    expect(countOf(machine, 'OTHER_VERSION')).toBe(1)
  })

  it('has keys of other types, until they are taken away', async () => {
    const { admin, join } = await begin()
    await admin.set('{conn-hub}:machines', 'a string')
    const machine = await join('ioredis')
    await told(machine, 'FOREIGN_DATA')
    await admin.del('{conn-hub}:machines')
    await untilEqual([machine])
  })
})

describe('clocks that are an hour apart', () => {
  it('count for nothing: leases go by the clock of the engine, and so do the times of entries', async () => {
    const engine = memoryEngine()
    const ahead = 3_600_000
    // This machine sees an engine whose clock is an hour ahead of its own.
    const far = {
      ...engine,
      renew: async (incarnation: string, ms: number) => {
        const { now, leases, ...rest } = await engine.renew(incarnation, ms)
        const shifted = leases.map(([id, until]) => [id, until + ahead] as const)
        return { ...rest, now: now + ahead, leases: shifted }
      },
    }
    const one = ends.add(machineOn(far, { ...FAST, machine: 'far' }), (each) => each.end())
    one.add('anna')
    await one.fleet.ready
    const [entry] = await one.fleet.find('anna')
    expect(Math.abs((entry?.since ?? 0) - Date.now() - ahead)).toBeLessThan(60_000)
    const [self] = await one.fleet.machines()
    expect(self?.endsIn).toBeLessThanOrEqual(1_000)
    expect(self?.endsIn).toBeGreaterThan(0)
  })
})
