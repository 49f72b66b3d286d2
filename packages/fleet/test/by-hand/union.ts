import { until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { Asked, bundled } from '../bundled.js'
import { digestOf } from '../digest.js'
import { startRedis } from '../redis-server.js'

// Many hubs in a few processes, and each fault: `node packages/fleet/test/by-hand/run.js union [MACHINES] [ENTRIES] [LEASE]`.
// Each machine follows all the others: 100 of 1,000 entries take 2 GB in all.

const [machines = 100, entries = 1_000, lease = 15_000] = process.argv.slice(2).map(Number)
const PROCESSES = 4

const server = await startRedis()
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

const untilUnion = async (what: string, some: readonly Asked[] = all) => {
  const begun = performance.now()
  await until(
    async () => {
      const hubs = await Promise.all(some.map((one) => one.ask<string[]>({ ask: 'hubs' })))
      const want = digestOf(hubs.flat())
      const views = await Promise.all(some.map((one) => one.ask<string[]>({ ask: 'views' })))
      await new Promise((resolve) => setTimeout(resolve, 500))
      return views.flat().every((view) => view === want)
    },
    what,
    10 * lease + 60_000,
  )
  console.log(`${what.padEnd(60)} ${((performance.now() - begun) / 1_000).toFixed(1)} s`)
}
const stir = (some = all) => Promise.all(some.map((one) => one.ask({ ask: 'stir' })))
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

try {
  await untilUnion(`${machines} hubs of ${entries} entries have joined`)
  await stir()
  await untilUnion('some have come and gone')
  await server.kill()
  await stir()
  await server.start()
  await untilUnion('Redis was killed, and is back, empty')
  await admin.save()
  await stir()
  await untilUnion('some have come and gone')
  await server.kill()
  await server.start()
  await untilUnion('Redis was restarted from an old dump')
  server.signal('SIGSTOP')
  await wait(Math.max(20_000, lease))
  await stir()
  server.signal('SIGCONT')
  await untilUnion('Redis has stood still for 20 s')
  const [first, ...others] = all as [Asked, ...Asked[]]
  first.kill('SIGSTOP')
  await stir(others)
  await untilUnion('a quarter of the machines stands still', others)
  first.kill('SIGCONT')
  await untilUnion('they are back')
  first.kill('SIGKILL')
  await untilUnion('a quarter of the machines was killed', others)
} finally {
  for (const { child } of all) child.kill('SIGKILL')
  admin.disconnect()
  end()
  await server.end()
}
