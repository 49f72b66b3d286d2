import { Redis, type RedisOptions } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { redisEngine } from '../src/index.js'
import { Ends } from './fixture.js'
import { hasRedis, startRedis } from './redis-server.js'

// One field of all machines, in one command where Redis lets us.
const ends = new Ends()
afterEach(() => ends.all())

const batch = { number: 1, record: '[1]', first: true, remove: [] }

const begin = async (
  options: string[] = [],
  client: Partial<RedisOptions> = {},
  name = 'conn-hub',
) => {
  const server = ends.add(await startRedis(...options), (each) => each.end())
  const admin = ends.add(new Redis(server.url), (each) => each.disconnect())
  await admin.acl('SETUSER', 'some', 'on', '>secret', '+@all', '~{conn-hub}:*')
  const made = new Redis(server.url, { enableOfflineQueue: false, ...client })
  const engine = redisEngine(
    ends.add(made, (each) => each.disconnect()),
    { name },
  )
  return { admin, engine }
}

const publish = async (engine: Awaited<ReturnType<typeof begin>>['engine']) => {
  for (const machine of ['a', 'b*', 'c']) {
    const incarnation = `${machine}/1`
    await engine.renew(incarnation, 10_000)
    const set = machine === 'c' ? [] : ['kanna->*', `[0,1,"${machine}"]`]
    await engine.publish({ ...batch, incarnation, set }, 30_000)
  }
}

const valuesOf = async (engine: Awaited<ReturnType<typeof begin>>['engine']) => {
  const found = await engine.find('kanna->*')
  return found.map(({ incarnation, value }) => `${incarnation} ${value}`).sort()
}

const WANTED = ['a/1 [0,1,"a"]', 'b*/1 [0,1,"b*"]']

const callsOf = async (admin: Redis, command: string) =>
  Number(
    new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await admin.info('commandstats'))?.[1] ?? 0,
  )

const SORT_REFUSED = /cmdstat_sort:.*(rejected|failed)_calls=[1-9]/

const WAYS: Record<string, Parameters<typeof begin>> = {
  'a user who may not read all keys': [[], { username: 'some', password: 'secret' }],
  'a node of a cluster': [['--cluster-enabled', 'yes']],
  'a name with a star': [[], {}, 'conn*hub'],
  'a prefix with a star': [[], { keyPrefix: 'app*:' }],
  'a name with a zero': [[], {}, 'conn\0hub'],
}

describe.skipIf(!hasRedis)('find() of the Redis engine', () => {
  it.each([
    ['as it is', {}],
    ['with a prefix', { keyPrefix: 'app:' }],
  ])('takes one command for all machines: %s', async (_, client) => {
    const { admin, engine } = await begin([], client)
    await publish(engine)
    const before = await callsOf(admin, 'hget')
    expect(await valuesOf(engine)).toEqual(WANTED)
    expect(await callsOf(admin, 'sort')).toBe(1)
    expect(await callsOf(admin, 'hget')).toBe(before)
  })

  it('reads the leases again where the end that it knows is over, and for the records', async () => {
    const { admin, engine } = await begin()
    const client = ends.add(admin.duplicate({ enableOfflineQueue: false }), (each) =>
      each.disconnect(),
    )
    await expect.poll(() => client.status).toBe('ready')
    const other = redisEngine(client)
    for (const incarnation of ['a/1', 'b/1']) {
      await other.renew(incarnation, 100)
      await other.publish({ ...batch, incarnation, set: ['kanna', '[0,1]'] }, 30_000)
    }
    // It has seen both, and a/1 is renewed elsewhere; no renewal at this engine tells it so.
    await engine.renew('here/1', 10_000)
    await other.renew('a/1', 60_000)
    const records = await engine.find('m')
    const record = records.find(({ incarnation }) => incarnation === 'a/1')
    expect((record?.until ?? 0) - (record?.now ?? 0)).toBeGreaterThan(50_000)
    await expect.poll(async () => (await engine.find('kanna')).length).toBe(1)
    expect(await engine.find('kanna')).toMatchObject([{ incarnation: 'a/1', value: '[0,1]' }])
  })

  it.each(Object.keys(WAYS))('asks one by one where it must: %s', async (name) => {
    const { admin, engine } = await begin(...(WAYS[name] as Parameters<typeof begin>))
    if (name.includes('cluster')) {
      const slots = Array.from({ length: 16_384 }, (_, slot) => slot)
      await admin.cluster('ADDSLOTS', ...slots)
      await expect
        .poll(() => admin.cluster('INFO'), { timeout: 10_000 })
        .toContain('cluster_state:ok')
    }
    await publish(engine)
    const before = await callsOf(admin, 'hget')
    expect(await valuesOf(engine)).toEqual(WANTED)
    // Redis 6.2 lets the user do it, and Valkey 8 the node of a cluster.
    const mayRefuse = !/star|zero/.test(name)
    const isRefused = SORT_REFUSED.test(await admin.info('commandstats'))
    const asked = (await callsOf(admin, 'hget')) - before
    expect(asked).toBe(mayRefuse && !isRefused ? 0 : 3)
    const sorts = await callsOf(admin, 'sort')
    expect(await valuesOf(engine)).toEqual(WANTED)
    // Once refused, it is not tried again.
    if (asked > 0) expect(await callsOf(admin, 'sort')).toBe(sorts)
  })

  it('still answers where Redis is full, and takes one command again when it is not', async () => {
    const { admin, engine } = await begin()
    await publish(engine)
    await admin.config('SET', 'maxmemory', '1')
    expect(await valuesOf(engine)).toEqual(WANTED)
    await admin.config('SET', 'maxmemory', '0')
    const before = await callsOf(admin, 'hget')
    expect(await valuesOf(engine)).toEqual(WANTED)
    expect(await callsOf(admin, 'hget')).toBe(before)
  })

  it('finds keys of any letters, and no others', async () => {
    const { engine } = await begin()
    const odd = [
      '*',
      '->',
      '->*',
      '{}',
      '{a}',
      '\r\n',
      '__proto__',
      '#',
      'nosort',
      'a\0->b',
      '\ufffd',
    ]
    const set = odd.flatMap((key) => [`k${key}`, JSON.stringify([0, 1, key])])
    await engine.renew('a->*#{}/1', 10_000)
    await engine.publish({ ...batch, incarnation: 'a->*#{}/1', set }, 30_000)
    for (const key of odd) {
      const value = JSON.stringify([0, 1, key])
      expect(await engine.find(`k${key}`)).toMatchObject([{ incarnation: 'a->*#{}/1', value }])
    }
    for (const key of ['', '**', '*->', 'constructor', '\0', 'x'.repeat(10_000)])
      expect(await engine.find(`k${key}`), key).toEqual([])
  })
})
