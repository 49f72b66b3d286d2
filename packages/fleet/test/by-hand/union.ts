import { until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { Asked, bundled } from '../bundled.js'
import { joined } from '../digest.js'
import { startRedis } from '../redis-server.js'

// Many hubs in a few processes, and each fault, or some: `node packages/fleet/test/by-hand/run.js union [MACHINES] [ENTRIES] [LEASE] [FAULT,…]`.
// Each machine follows all the others: 100 of 1,000 entries take 2 GB in all.

const [machines = 100, entries = 1_000, lease = 15_000] = process.argv.slice(2, 5).map(Number)
const PROCESSES = 4

const server = await startRedis('--maxmemory', '1gb')
const admin = new Redis(server.url)
admin.on('error', () => {})
const { file, end } = await bundled('machine')
const args = (name: string) => [
  `${server.port}`,
  name,
  `${Math.ceil(machines / PROCESSES)}`,
  `${entries}`,
  `${lease}`,
  '200',
]
const all = Array.from({ length: PROCESSES }, (_, at) => new Asked(file, args(`p${at}`)))

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const untilUnion = async (what: string, some: readonly Asked[] = all) => {
  const begun = performance.now()
  const ask = <T>(question: string) => Promise.all(some.map((one) => one.ask<T>({ ask: question })))
  const areEqual = async (question: 'told' | 'views') => {
    const want = joined(await ask<string>('hubs'))
    return (await ask<string[]>(question)).flat().every((view) => view === want)
  }
  // To go through all views takes longer than what is measured: what their readers were told is counted as it comes.
  const untilTold = async () => {
    await wait(100)
    return areEqual('told')
  }
  await until(untilTold, what, 10 * lease + 60_000)
  const took = (performance.now() - begun) / 1_000
  await until(() => areEqual('views'), `${what}: views`, 60_000)
  console.log(`${what.padEnd(60)} ${took.toFixed(1)} s`)
}
const stir = (some = all) => Promise.all(some.map((one) => one.ask({ ask: 'stir' })))
const [first, ...others] = all as [Asked, ...Asked[]]

const faults: Record<string, () => Promise<void>> = {
  stir: async () => {
    await stir()
    await untilUnion('some have come and gone')
  },
  empty: async () => {
    await server.kill()
    await stir()
    await server.start()
    await untilUnion('Redis was killed, and is back, empty')
  },
  dump: async () => {
    await admin.save()
    await stir()
    await untilUnion('some have come and gone')
    await server.kill()
    await server.start()
    await untilUnion('Redis was restarted from an old dump')
  },
  still: async () => {
    server.signal('SIGSTOP')
    await wait(Math.max(20_000, lease))
    await stir()
    server.signal('SIGCONT')
    await untilUnion('Redis has stood still for 20 s')
  },
  sleep: async () => {
    first.kill('SIGSTOP')
    await stir(others)
    await untilUnion('a quarter of the machines stands still', others)
    first.kill('SIGCONT')
    await untilUnion('they are back')
  },
  crash: async () => {
    first.kill('SIGKILL')
    await untilUnion('a quarter of the machines was killed', others)
  },
}
const names = process.argv[5]?.split(',') ?? Object.keys(faults)
try {
  await untilUnion(`${machines} hubs of ${entries} entries have joined`)
  for (const name of names) await faults[name]?.()
} finally {
  for (const { child } of all) child.kill('SIGKILL')
  admin.disconnect()
  end()
  await server.end()
}
