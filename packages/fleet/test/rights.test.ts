import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterEach, describe, expect, it } from 'vitest'
import { engineConformance } from '../src/conformance/index.js'
import { redisEngine } from '../src/index.js'
import { Ends, FAST, machineAt, machineOn, untilEqual } from './fixture.js'
import { hasRedis, type RedisServer, startRedis } from './redis-server.js'

// A user of Redis who may do what the README says, and nothing else.
const ends = new Ends()
afterEach(() => ends.all())

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const RIGHTS = (/^ACL (SETUSER fleet[^`]*)/m.exec(page)?.[1] ?? '').trim().split(/\s+/)
const COMMANDS = RIGHTS.filter((right) => right.startsWith('+')).map((right) => right.slice(1))

const login = { username: 'fleet', password: 'secret' }

const viaIoRedis = async ({ url }: RedisServer) => {
  const client = new Redis(url, { ...login, enableOfflineQueue: false })
  client.on('error', () => {})
  return ends.add(client, (one) => one.disconnect())
}

const viaRedis = async ({ url }: RedisServer, RESP: 2 | 3) => {
  const client = createClient({ ...login, url, RESP, disableOfflineQueue: true })
  client.on('error', () => {})
  await client.connect()
  return ends.add(client, (one) => one.destroy())
}

const CLIENTS = {
  ioredis: viaIoRedis,
  redis: (server: RedisServer) => viaRedis(server, 2),
  'redis, protocol 3': (server: RedisServer) => viaRedis(server, 3),
}
const KINDS = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[]

const begin = async (...more: string[]) => {
  const server = ends.add(await startRedis(), (one) => one.end())
  const admin = ends.add(new Redis(server.url), (one) => one.disconnect())
  await admin.call('ACL', ...RIGHTS, ...more)
  return { server, admin }
}

/** What was refused; what clients say of themselves they try, and go on. */
const refused = async (admin: Redis): Promise<string[]> => {
  const entries = (await admin.call('ACL', 'LOG')) as string[][]
  return entries
    .map((entry) => String(entry[entry.indexOf('object') + 1]))
    .filter((what) => !what.startsWith('client'))
}

/** A machine of somebody who may do everything. */
const join = async ({ port }: RedisServer) => {
  const machine = ends.add(await machineAt(port, 'ioredis'), (one) => one.end())
  await machine.fleet.ready
}

describe.skipIf(!hasRedis)('the rights of the README', () => {
  it.each(KINDS)(
    'are enough, and none is too many: %s',
    async (kind) => {
      const { server, admin } = await begin()
      // Redis 6.2 knows no such right, and needs none.
      await admin.call('ACL', 'SETUSER', 'fleet', '%R~*').catch(() => {})
      const setup = async () => {
        await admin.flushall()
        const [one, other] = [await CLIENTS[kind](server), await CLIENTS[kind](server)]
        return { engines: [redisEngine(one), redisEngine(other)] as const }
      }
      for (const { run } of engineConformance({ setup, teardown: () => {} })) await run()
      expect(await refused(admin)).toEqual([])
      const stats = await admin.info('commandstats')
      const unused = COMMANDS.filter((name) => !new RegExp(`cmdstat_${name}[:|]`).test(stats))
      expect(unused).toEqual([])
    },
    30_000,
  )

  // Of the others one does without, or nobody hears of it: that is so with ZREM, when a machine leaves.
  const needed = COMMANDS.filter((name) => !/^(info|sort|zmscore|zrem)$/.test(name))
  it.each(needed)('are each told of where they are missing, once: %s', async (name) => {
    const { server } = await begin(`-${name}`)
    // Whoever is first has nobody to read, and is alone in what it sets.
    if (name !== 'set') await join(server)
    const machine = ends.add(
      machineOn(redisEngine(await viaIoRedis(server)), { ...FAST, poll: 'block' }),
      (one) => one.end(),
    )
    machine.add('anna')
    const messages: string[] = []
    machine.fleet.on('error', ({ message }) => messages.push(message))
    setTimeout(() => machine.remove('toy:anna'), 300)
    await expect.poll(() => machine.codes, { timeout: 5_000 }).toEqual(['LOGIN_REFUSED'])
    expect(messages.join()).toContain(name)
  })

  it('need no SORT: find() goes another way', async () => {
    const { server, admin } = await begin('-sort')
    const as = async (options: object) => {
      const engine = redisEngine(await viaIoRedis(server))
      return ends.add(machineOn(engine, { ...FAST, ...options }), (one) => one.end())
    }
    const one = await as({ machine: 'one' })
    const other = await as({ follow: false })
    one.add('anna')
    await Promise.all([one.fleet.ready, other.fleet.ready])
    await untilEqual([one])
    expect(await other.fleet.find('anna')).toMatchObject([{ machine: 'one' }])
    expect([one.codes, other.codes]).toEqual([[], []])
    expect(await refused(admin)).toEqual(['sort'])
  })
})
