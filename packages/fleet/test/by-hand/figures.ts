import { setMaxListeners } from 'node:events'
import net from 'node:net'
import { until } from '@conn-hub/testkit'
import { Redis } from 'ioredis'
import { joinFleet, redisEngine } from '../../src/index.js'
import { packRecord } from '../../src/wire/record.js'
import { startRedis } from '../redis-server.js'
import { createToyHub } from '../toy-hub.js'

// The figures of the README, in one run: `node packages/fleet/test/by-hand/run.js figures [LATENCY,…]`.

// A reader that hangs must not take the memory of the machine.
const server = await startRedis(
  '--maxmemory',
  '1gb',
  '--client-output-buffer-limit',
  'normal',
  '64mb',
  '0',
  '0',
)
const clients: Redis[] = []
const connect = async (): Promise<Redis> => {
  const client = new Redis(server.url, { enableOfflineQueue: false })
  clients.push(client)
  await until(() => client.status === 'ready', 'the client is ready')
  return client
}
const admin = await connect()
/** What was told in all. */
const codes: Record<string, number> = {}
const key = (at: number) => `@${`${at}`.padStart(43, 'x')}=.ed25519`
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const say = (what: string, figure: string) => console.log(`${what.padEnd(74)} ${figure}`)
const quantile = (all: number[], part: number) =>
  all.sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))] ?? 0

const machine = async (name: string, more = {}) => {
  const toy = createToyHub()
  const options = { engine: redisEngine(await connect()), machine: name, ...more }
  const fleet = joinFleet(toy.hub, options)
  fleet.on('error', ({ code }) => {
    codes[code] = (codes[code] ?? 0) + 1
  })
  await fleet.ready
  return { toy, fleet }
}

type Running = Awaited<ReturnType<typeof machine>>
const end = async (all: readonly Running[]) => {
  await Promise.all(all.map(({ fleet }) => fleet.leave()))
  for (const client of clients.splice(1)) client.disconnect()
  await admin.flushall()
}

const cpuOfRedis = async () => {
  const info = await admin.info('cpu')
  const part = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1])
  return part('used_cpu_user') + part('used_cpu_sys')
}
const commands = async () =>
  Number(/total_commands_processed:(\d+)/.exec(await admin.info('stats'))?.[1])
const callsOf = async (name: string) =>
  Number(
    new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(await admin.info('commandstats'))?.[1] ?? 0,
  )

/** How long a change takes to be seen at all others. */
const latency = async (count: number, poll: number | 'block', changes: number, pause: number) => {
  const all: Running[] = []
  for (let at = 0; at < count; at++) all.push(await machine(`m${at}`, { poll }))
  const begun = new Map<string, number>()
  const delays: number[] = []
  for (const { fleet } of all) {
    ;(async () => {
      for await (const { added } of fleet.changes()) {
        for (const { key, machine: where } of added) {
          const from = begun.get(key ?? '')
          if (from !== undefined && where !== fleet.machine) delays.push(performance.now() - from)
        }
      }
    })()
  }
  await wait(500)
  const [before, from] = [await cpuOfRedis(), performance.now()]
  for (let at = 0; at < changes; at++) {
    begun.set(key(at), performance.now())
    all[at % count]?.toy.add(key(at))
    await wait(pause)
  }
  const took = (performance.now() - from) / 1_000
  await until(() => delays.length === changes * (count - 1), 'all are seen', 60_000)
  const share = (((await cpuOfRedis()) - before) / ((performance.now() - from) / 1_000)) * 100
  const seen = `p50 ${quantile(delays, 0.5).toFixed(0)} ms, p99 ${quantile(delays, 0.99).toFixed(0)} ms`
  say(
    `seen elsewhere: ${count} machines, ${poll}, ${(changes / took).toFixed(0)} changes a second`,
    `${seen}; Redis ${share.toFixed(1)} % of a core`,
  )
  await end(all)
}

/** So many peers come and go, one after the other. */
const KEYS = 20_000

const spentSince = (from: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(from)
  return user + system
}

/** Peers come and go at a hub; half of them are there at each moment. */
const toggle = async ({ add, remove }: Running['toy'], changes: number) => {
  for (let at = 0; at < changes; at++) {
    const peer = key(at % KEYS)
    if (Math.floor(at / KEYS) % 2 === 0) add(peer, peer)
    else remove(peer)
    if (at % 500 === 499) await wait(0)
  }
}

/** So often what writing costs is measured, between a hub that is in no fleet: of differences of two figures the middle one counts. */
const ROUNDS = 7

/** What writing costs, beside a hash and a time to live for each connection. */
const throughput = async () => {
  const bare = createToyHub()
  const one = await machine('one', { follow: false })
  const hash = (await admin.keys('{conn-hub}:of:one*'))[0] as string
  const changes = 2 * KEYS
  const alone = async () => {
    const from = process.cpuUsage()
    await toggle(bare, changes)
    return spentSince(from) / changes
  }
  const published = async (round: number) => {
    const [from, begun] = [process.cpuUsage(), performance.now()]
    await toggle(one.toy, changes)
    one.toy.add(`last-${round}`)
    const isWritten = async () => (await admin.hexists(hash, `klast-${round}`)) === 1
    await until(isWritten, 'all are written', 60_000)
    const rate = changes / ((performance.now() - begun) / 1_000)
    return { rate, spent: spentSince(from) / changes }
  }
  const figures: { rate: number; each: number; hub: number }[] = []
  for (let round = -2; round < ROUNDS; round++) {
    const hub = await alone()
    const { rate, spent } = await published(round)
    // What runs for the first time is compiled.
    if (round >= 0) figures.push({ rate, each: spent - hub, hub })
  }
  const middle = (of: 'rate' | 'each' | 'hub') =>
    quantile(
      figures.map((figure) => figure[of]),
      0.5,
    )
  say(
    'changes a second from one machine; client CPU for one',
    `${middle('rate').toFixed(0)}; ${middle('each').toFixed(1)} µs (the hub's own ${middle('hub').toFixed(1)})`,
  )
  await end([one])

  const client = await connect()
  const theirFrom = process.cpuUsage()
  const theirBegun = performance.now()
  for (let at = 0; at < changes; at += 200) {
    const pipeline = client.pipeline()
    for (let next = at; next < at + 200; next++) {
      pipeline.hset(`conn:${key(next)}`, 'machine', 'one', 'since', Date.now())
      pipeline.pexpire(`conn:${key(next)}`, 30_000)
    }
    await pipeline.exec()
  }
  const theirs = changes / ((performance.now() - theirBegun) / 1_000)
  const theirCpu = spentSince(theirFrom) / changes
  say(
    '  a hash and a time to live for each, pipelines of 200',
    `${theirs.toFixed(0)}; ${theirCpu.toFixed(1)} µs`,
  )
  await end([])
}

/** Machines that only stand in the store. */
const publishAll = async (machines: number, entries: number) => {
  const engine = redisEngine(await connect())
  const since = Date.now()
  for (let at = 0; at < machines; at++) {
    const incarnation = `m${at}/1`
    const { now } = await engine.renew(incarnation, 3_600_000)
    const set: string[] = []
    for (let peer = 0; peer < entries; peer++) {
      set.push(`k${key(at * entries + peer)}`, `[0,${since},"ws-in"]`)
    }
    const record = {
      whole: true,
      lease: 3_600_000,
      until: now + 3_600_000,
      sessions: entries,
      draining: false,
    }
    for (let part = 0, number = 1; part < set.length; part += 1_000, number++) {
      await engine.publish(
        {
          incarnation,
          number,
          record: packRecord({ number, ...record }),
          first: number === 1,
          set: set.slice(part, part + 1_000),
          remove: [],
        },
        3_600_000,
      )
    }
  }
}

const find = async () => {
  await publishAll(100, 1_000)
  const follower = await machine('follower')
  const asker = await machine('asker', { follow: false })
  const times = async (fleet: Running['fleet'], count: number) => {
    const [from, begun] = [process.cpuUsage(), performance.now()]
    for (let at = 0; at < count; at++) await fleet.find(key((at * 7_919) % 100_000))
    const took = ((performance.now() - begun) / count) * 1_000
    return `${took.toFixed(1)} µs, ${(spentSince(from) / count).toFixed(1)} of CPU`
  }
  await times(follower.fleet, 20_000)
  say('find(), 100 machines, with follow', await times(follower.fleet, 50_000))
  await times(asker.fleet, 200)
  say('find(), 100 machines, without follow', await times(asker.fleet, 1_000))
  await end([follower, asker])
}

const million = async () => {
  await publishAll(100, 10_000)
  const collect = () => {
    for (let times = 0; times < 3; times++) (globalThis as { gc?(): void }).gc?.()
    return process.memoryUsage()
  }
  const before = collect()
  const begun = performance.now()
  const follower = await machine('follower', { lease: 60_000 })
  const took = (performance.now() - begun) / 1_000
  await until(() => [...follower.fleet.entries()].length === 1_000_000, 'it has all', 60_000)
  await wait(1_000)
  const after = collect()
  const each = (after.heapUsed - before.heapUsed + after.external - before.external) / 1_000_000
  say(
    'a follower of 1,000,000 entries, for one',
    `${each.toFixed(0)} bytes, read in ${took.toFixed(1)} s`,
  )
  await end([follower])
}

/** A million connections, nothing happens, and nobody leaves. Two machines follow: a hundred views of a million are too much for one process. */
const still = async () => {
  const all: Running[] = []
  for (let at = 0; at < 100; at++) {
    const one = await machine(`m${at}`, { follow: at < 2 })
    for (let peer = 0; peer < 10_000; peer++) one.toy.add(key(at * 10_000 + peer))
    all.push(one)
    await wait(50)
  }
  const fields = async () => {
    const hashes = await admin.keys('{conn-hub}:of:*')
    const sizes = await Promise.all(hashes.map((hash) => admin.hlen(hash)))
    return sizes.reduce((sum, size) => sum + size - 1, 0)
  }
  await until(async () => (await fields()) === 1_000_000, 'all are published', 300_000)
  const sees = () => [...(all[0]?.fleet.entries() ?? [])].length
  await until(() => sees() === 1_000_000, 'a follower sees them', 60_000)
  const pollsOf = async () => (await callsOf('xread')) + (await callsOf('xrange'))
  await wait(1_000)
  const [before, polled, cpu] = [await commands(), await pollsOf(), await cpuOfRedis()]
  const from = performance.now()
  await wait(30_000)
  const polls = (await pollsOf()) - polled
  const seconds = (performance.now() - from) / 1_000
  const rest = ((await commands()) - before - polls) / seconds / all.length
  const share = (((await cpuOfRedis()) - cpu) / seconds) * 100
  say(
    'standing still, 1,000,000 on 100 machines: commands a second for a machine, beside polls',
    `${rest.toFixed(2)}; Redis ${share.toFixed(1)} % of a core`,
  )
  say(
    '  a time to live of 30 s for each of 10,000 connections, renewed at 27 s',
    (10_000 / 27).toFixed(0),
  )
  const lost = performance.now()
  await admin.flushall()
  const sinceLost = () => ((performance.now() - lost) / 1_000).toFixed(1)
  await until(async () => (await fields()) === 1_000_000, 'all are published again', 300_000)
  const published = sinceLost()
  await until(() => sees() === 1_000_000, 'a follower sees them again', 60_000)
  say('  Redis has lost all: published again, and seen', `${published} s, ${sinceLost()} s`)
  await end(all)
}

/** Asks Redis for the same as a follower that polls, and throws it away: a hundred of those that read it would be too much for one process. */
const readRaw = async (signal: AbortSignal) => {
  const stream = '{conn-hub}:changes'
  const socket = net.connect(server.port, '127.0.0.1')
  let after = '$'
  // One question at a time: else Redis gathers answers for a reader that is late, without a bound.
  let isAsking = false
  const ask = () => {
    if (isAsking) return
    isAsking = true
    if (after === '$') socket.write(`XREVRANGE ${stream} + - COUNT 1\r\nPING\r\n`)
    else socket.write(`XRANGE ${stream} ${after} + COUNT 1001\r\nPING\r\n`)
  }
  socket.on('data', (bytes) => {
    const ids = bytes
      .toString('latin1', Math.max(0, bytes.length - 2_000))
      .match(/\d{13}-\d+(?=\r\n)/g)
    after = ids?.at(-1) ?? after
    if (bytes.toString('latin1', bytes.length - 7) === '+PONG\r\n') isAsking = false
  })
  // A hundred machines were not started in one moment.
  await wait(Math.random() * 200)
  const timer = setInterval(ask, 200)
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    socket.destroy()
  })
}

/** A hundred machines that each write eleven times a second, and a hundred readers that ask as followers do; five follow for real. */
const polled = async (seconds: number, withReaders: boolean) => {
  const writers: Running[] = []
  for (let at = 0; at < 100; at++) writers.push(await machine(`w${at}`, { follow: false }))
  const followers: Running[] = []
  const begun = new Map<string, number>()
  const delays: number[] = []
  const ending = new AbortController()
  setMaxListeners(200, ending.signal)
  for (let at = 0; at < (withReaders ? 5 : 0); at++) {
    const one = await machine(`f${at}`)
    followers.push(one)
    ;(async () => {
      for await (const { added } of one.fleet.changes()) {
        for (const entry of added) {
          const from = begun.get(entry.key ?? '')
          if (from !== undefined) delays.push(performance.now() - from)
        }
      }
    })()
  }
  for (let at = 0; at < (withReaders ? 95 : 0); at++) readRaw(ending.signal)
  await wait(1_000)
  const [before, from] = [await cpuOfRedis(), performance.now()]
  let changes = 0
  while (performance.now() - from < seconds * 1_000) {
    const due = ((performance.now() - from) / 1_000) * 1_111
    for (; changes < due; changes++) {
      begun.set(key(changes), performance.now())
      writers[changes % 100]?.toy.add(key(changes))
    }
    await wait(5)
  }
  const took = (performance.now() - from) / 1_000
  const share = (((await cpuOfRedis()) - before) / took) * 100
  await wait(2_000)
  const seen = withReaders
    ? `p50 ${quantile(delays, 0.5).toFixed(0)} ms, p99 ${quantile(delays, 0.99).toFixed(0)} ms; `
    : ''
  say(
    `${(changes / took).toFixed(0)} changes a second, ${withReaders ? '100 readers that poll' : 'nobody reads'}`,
    `${seen}Redis ${share.toFixed(1)} % of a core`,
  )
  ending.abort()
  await end([...writers, ...followers])
}

const all: Record<string, () => Promise<void>> = {
  block: () => latency(10, 'block', 300, 20),
  poll: async () => {
    await polled(8, false)
    await polled(8, true)
  },
  throughput,
  find,
  still,
  million,
}
const names = process.argv[2]?.split(',') ?? Object.keys(all)
for (const name of names) await all[name]?.()
for (const client of clients) client.disconnect()
if (Object.keys(codes).length > 0) console.log('told:', JSON.stringify(codes))
await server.end()
