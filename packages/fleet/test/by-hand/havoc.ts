import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { chanceOf, until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { joinFleet, redisEngine } from '../../src/index.js'
import { Asked, bundled } from '../bundled.js'
import { joined } from '../digest.js'
import { type RedisServer, startRedis } from '../redis-server.js'
import { createToyHub } from '../toy-hub.js'
import { Way } from '../way.js'

// Everything that can fail, in an order by chance, again and again: `node packages/fleet/test/by-hand/run.js havoc [MINUTES] [SEED] [CLIENT]`.
// After each round all views must be the union of the hubs within the lease and two seconds.

const [minutes = 5, seed = Date.now() % 100_000] = process.argv.slice(2, 4).map(Number)
const only = process.argv[4]
const LEASE = 3_000
const OPTIONS = ['--maxmemory', '200mb', '--repl-diskless-sync-delay', '0'] as const
const NAMES = ['a', 'b', 'c', 'd', 'e'] as const
const POLLS = ['100', 'block', '100', '200', 'block'] as const
const KINDS = NAMES.map((_, at) => only ?? (at % 2 === 0 ? 'ioredis' : 'redis'))

const random = chanceOf(seed)
/** A whole number below `most`. */
const below = (most: number): number => Math.floor(random() * most)
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const note = (what: string) => console.log(`${(performance.now() / 1_000).toFixed(1)} ${what}`)

const { file, end } = await bundled('machine')
let server: RedisServer = await startRedis(...OPTIONS)
const ways = await Promise.all([...NAMES, 'own'].map(() => new Way(server.port).start()))
const start = (at: number): Asked => {
  const args = [`${ways[at]?.port}`, NAMES[at], '2', '30', `${LEASE}`, POLLS[at], KINDS[at]]
  return new Asked(file, args as string[])
}
const processes = NAMES.map((_, at) => start(at))
const asAdmin = async (run: (redis: Redis) => Promise<unknown>) => {
  const redis = new Redis(server.url, { maxRetriesPerRequest: 0, commandTimeout: 2_000 })
  redis.on('error', () => {})
  await run(redis).catch(() => {})
  redis.disconnect()
}
// A machine in this process that follows nobody: what it finds is asked of Redis.
const client = new Redis(ways.at(-1)?.port ?? 0, '127.0.0.1', {
  enableOfflineQueue: false,
  retryStrategy: () => 100,
})
client.on('error', () => {})
const toy = createToyHub()
const fleet = joinFleet(toy.hub, {
  engine: redisEngine(client),
  machine: 'asks',
  lease: LEASE,
  follow: false,
})
fleet.on('error', () => {})

const old = () => `${server.folder}/old.rdb`
const ofServer: Record<string, () => unknown> = {
  'Redis is killed, and comes back empty': async () => {
    await server.kill()
    rmSync(server.dump, { force: true })
    await wait(below(3_000))
    await server.start()
  },
  'Redis is dumped': () =>
    asAdmin(async (redis) => {
      await redis.save()
      copyFileSync(server.dump, old())
    }),
  'Redis comes back from an old dump': async () => {
    await server.kill()
    if (existsSync(old())) copyFileSync(old(), server.dump)
    await wait(below(1_000))
    await server.start()
  },
  'Redis stands still': async () => {
    server.signal('SIGSTOP')
    await wait(300 + below(2 * LEASE))
    server.signal('SIGCONT')
  },
  'Redis answers about as slowly as it may': async () => {
    for (let turn = 0; turn < 4; turn++) {
      server.signal('SIGSTOP')
      await wait(1_700 + below(600))
      server.signal('SIGCONT')
      await wait(below(30))
    }
  },
  'a replica is promoted': async () => {
    const replica = await startRedis(...OPTIONS)
    const redis = new Redis(replica.url)
    redis.on('error', () => {})
    await redis.replicaof('127.0.0.1', server.port)
    const isInStep = async () => /master_link_status:up/.test(await redis.info())
    await until(isInStep, 'the replica is in step', 20_000)
    await redis.call('REPLICAOF', 'NO', 'ONE')
    redis.disconnect()
    await wait(below(2_000))
    const before = server
    server = replica
    for (const way of ways) way.lead(replica.port)
    await before.end()
  },
  'all connections are broken': () => asAdmin((redis) => redis.client('KILL', 'TYPE', 'normal')),
  'the changes are trimmed': () =>
    asAdmin((redis) => redis.xtrim('{conn-hub}:changes', 'MAXLEN', 0)),
}
const ofMachines: Record<string, (at: number) => unknown> = {
  'is cut off': async (at) => {
    ways[at]?.cut()
    await wait(below(2 * LEASE))
    ways[at]?.heal()
  },
  'hears nothing': async (at) => {
    ways[at]?.silence()
    await wait(below(2 * LEASE))
    ways[at]?.heal()
  },
  'is killed': async (at) => {
    processes[at]?.kill('SIGKILL')
    await wait(below(LEASE))
    processes[at] = start(at)
  },
  'stands still': async (at) => {
    processes[at]?.kill('SIGSTOP')
    await wait(below(2 * LEASE))
    processes[at]?.kill('SIGCONT')
  },
  'is busy': (at) => processes[at]?.ask({ ask: 'busy', ms: 100 + below(9_900) }),
  'has peers that come and go': (at) => processes[at]?.ask({ ask: 'stir' }),
}
const any = <T>(all: Record<string, T>) =>
  Object.entries(all)[below(Object.keys(all).length)] as [string, T]

const failServer = async () => {
  for (let left = below(4); left > 0; left--) {
    await wait(below(2_000))
    const [name, run] = any(ofServer)
    note(name)
    await run()
  }
}
const failMachines = async () => {
  for (let left = 1 + below(4); left > 0; left--) {
    await wait(below(1_000))
    const at = below(NAMES.length)
    const [name, run] = any(ofMachines)
    note(`${NAMES[at]} ${name}`)
    await run(at)
  }
}

const ask = <T>(what: string) => Promise.all(processes.map((one) => one.ask<T>({ ask: what })))
/** Who is not as it should be. */
const late = async (): Promise<string> => {
  const want = joined(await ask<string>('hubs'))
  const parts = await Promise.all(['states', 'views', 'told'].map((what) => ask<string[]>(what)))
  const isFine = (seen: string) => seen === want || seen === 'joined'
  const wrong = NAMES.map((name, at) => {
    const seen = parts.flatMap((part) => part[at] ?? []).filter((each) => !isFine(each))
    return seen.length > 0 ? `${name} by ${KINDS[at]}: ${seen}` : ''
  })
  return `${wrong.filter(Boolean).join('; ')}; found: ${await areFound()}; want: ${want}`
}
const areEqual = async () => {
  const want = joined(await ask<string>('hubs'))
  const seen = [...(await ask<string[]>('views')), ...(await ask<string[]>('told'))]
  const states = (await ask<string[]>('states')).flat()
  return states.every((each) => each === 'joined') && seen.flat().every((view) => view === want)
}
/** The first five peers of each machine never leave. */
const areFound = async () => {
  const keys = NAMES.flatMap((name) => [0, 1].map((at) => `${name}.${at}.${below(5)}`))
  const found = await Promise.all(keys.map((key) => fleet.find(key).catch(() => [])))
  return found.every((all, at) => all.length === 1 && keys[at]?.startsWith(all[0]?.machine ?? '-'))
}

const took: number[] = []
try {
  await until(areEqual, 'all have joined', 30_000)
  note(`seed ${seed}`)
  while (performance.now() < minutes * 60_000) {
    await Promise.all([failServer(), failMachines()])
    const begun = performance.now()
    const isOver = async () => (await areEqual()) && areFound()
    await until(isOver, 'all is as it was', LEASE + 2_000).catch(async () => {
      note(`LATE: ${await late()}`)
      await until(isOver, 'all is as it was', 600_000)
    })
    const ms = Math.round(performance.now() - begun)
    took.push(ms)
    const codes = [...new Set((await ask<string[]>('codes')).flat())]
    note(`all views are equal after ${ms} ms (${codes})`)
  }
} finally {
  took.sort((a, b) => a - b)
  note(`${took.length} rounds; p50 ${took[took.length >> 1]} ms, the longest ${took.slice(-3)} ms`)
  for (const { child } of processes) child.kill('SIGKILL')
  client.disconnect()
  for (const way of ways) way.end()
  end()
  await server.end()
}
process.exit()
