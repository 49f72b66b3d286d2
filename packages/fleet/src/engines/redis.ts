import { checkNames, expect, token } from '../edges/options.js'
import type { Batch, Changes, ChangesRequest, Engine, Renewal } from '../model/engine.js'
import { RECORD_FIELD } from '../wire/record.js'
import { type IoRedisLike, type NodeRedisLike, toCommands } from './clients.js'
import { Hearing, Waits } from './connections.js'
import { createLookUp } from './look-up.js'
import { packBatch, packLeft, unpack } from './packing.js'
import { entriesOf, type Pair, pairsOf, streamOf, textsOf, timeOf } from './replies.js'

/** So many batches are kept for readers that are late, and so many are given at once. */
const KEPT = 10_000
const AT_ONCE = 1_000

/** The position before anything. */
const BEGIN = '0-0'

/** What was read of the stream, and whether the entry after which it was read is still there. */
interface Page {
  readonly entries: readonly Pair[]
  readonly isThere: boolean
}

/** What `redisEngine()` is given beside the client. */
export interface RedisEngineOptions {
  /** The name of the fleet: the hash tag of all its keys. Default `conn-hub`. Two fleets on one Redis need two names. */
  readonly name?: string | undefined
}

/**
 * A fleet on Redis 6.2 or later, or on Valkey. The client is yours: you make it, connect it and close it. Throws `CLIENT_UNKNOWN`,
 * `CLIENT_IS_CLUSTER`, `CLIENT_QUEUES` or `INVALID_OPTION`.
 *
 * @param client Of `ioredis` with `enableOfflineQueue: false`, or of `redis` with `disableOfflineQueue: true`.
 *
 * @example
 * const client = createClient({ url: 'redis://127.0.0.1', disableOfflineQueue: true })
 * client.on('error', () => {})
 * await client.connect()
 * const fleet = joinFleet(hub, { engine: redisEngine(client), machine: 'web-1' })
 */
export const redisEngine = (
  client: IoRedisLike | NodeRedisLike,
  options: RedisEngineOptions = {},
): Engine => {
  const hearing = new Hearing(toCommands(client))
  const commands = hearing.commands
  checkNames(options, ['name'])
  const { name = 'conn-hub' } = options
  const isName = typeof name === 'string' && /^[^{}]{1,64}$/.test(name)
  expect(isName, 'a string of 1 to 64 characters, without { and }', 'name')
  const key = (what: string) => `{${name}}:${what}`
  const hashOf = (incarnation: string) => key(`of:${incarnation}`)
  const [epoch, machines, stream] = [key('epoch'), key('machines'), key('changes')]
  const append = (text: string) => ['XADD', stream, 'MAXLEN', '~', `${KEPT}`, '*', 'b', text]
  const waits = new Waits(commands)
  /** The leases as the last renewal gave them. */
  let ends: ReadonlyMap<string, number> = new Map()
  const find = createLookUp({ commands, machines, hashOf, endOf: (id) => ends.get(id) })

  /** The lease is counted by the clock of Redis, so that is asked for first. */
  const renew = async (incarnation: string, ms: number): Promise<Renewal> => {
    hearing.begin(incarnation)
    const hash = hashOf(incarnation)
    const [id, time, scores, record] = await commands.pipeline([
      ['GET', epoch],
      ['TIME'],
      ['ZRANGE', machines, '0', '-1', 'WITHSCORES'],
      ['HGET', hash, RECORD_FIELD],
    ])
    const now = timeOf(time)
    const leases = pairsOf(scores).map(([other, until]) => [other, Number(until)] as const)
    ends = new Map(leases)
    const before = ends.get(incarnation)
    const write = [
      ['ZADD', machines, `${now + ms}`, incarnation],
      ['PEXPIRE', hash, `${3 * ms}`],
      ['ZREMRANGEBYSCORE', machines, '-inf', `${now - ms}`],
    ]
    const mine = token()
    if (id !== null) await commands.pipeline(write)
    // Whoever is first after a loss begins the epoch; the others take it.
    else await commands.pipeline([['SET', epoch, mine, 'NX'], ...write])
    const known = id ?? (await commands.pipeline([['GET', epoch]]))[0] ?? mine
    const held = before !== undefined && before > now
    return { epoch: String(known), now, held, record: text(record), leases }
  }

  const publish = async (batch: Batch, keep: number): Promise<string | undefined> => {
    const { incarnation, record, first, set, remove } = batch
    const hash = hashOf(incarnation)
    const [before] = await commands.transaction([
      ['HGET', hash, RECORD_FIELD],
      ...(first ? [['DEL', hash]] : []),
      // concat() copies a thousand of them at once; spread takes them one by one.
      ['HSET', hash, RECORD_FIELD, record].concat(set),
      ...(remove.length > 0 ? [['HDEL', hash].concat(remove)] : []),
      ['PEXPIRE', hash, `${keep}`],
      append(packBatch(batch)),
    ])
    return text(before)
  }

  const changes = async ({ after, wait, signal }: ChangesRequest): Promise<Changes> => {
    if (after === undefined) {
      return { after: await position(), batches: [], lost: false }
    }
    const found = await (wait > 0 ? waited(after, wait, signal) : polled(after))
    const { entries, isThere } = found
    return {
      after: entries.at(-1)?.[0] ?? after,
      batches: entries.map(([, batch]) => unpack(batch)),
      lost: !isThere && (await isLost(after, entries.length)),
    }
  }

  /** One command: the entry from which it is read comes first, where it is still there. */
  const polled = async (after: string): Promise<Page> => {
    const [reply] = await commands.pipeline([
      ['XRANGE', stream, after, '+', 'COUNT', `${AT_ONCE + 1}`],
    ])
    const entries = entriesOf(reply, 'b')
    const isThere = entries[0]?.[0] === after
    return { entries: isThere ? entries.slice(1) : entries.slice(0, AT_ONCE), isThere }
  }

  /** In one go: to ask afterwards would take another way there and back before anybody sees what has come. */
  const waited = async (after: string, wait: number, signal: AbortSignal): Promise<Page> => {
    const [reply, same] = await waits.pipeline(signal, [
      ['XREAD', 'BLOCK', `${wait}`, 'COUNT', `${AT_ONCE}`, 'STREAMS', stream, after],
      ['XRANGE', stream, after, after],
    ])
    return { entries: streamOf(reply, 'b'), isThere: entriesOf(same, 'b').length > 0 }
  }

  /** Nothing: there is no stream. */
  const infoOf = async (): Promise<ReadonlyMap<string, unknown>> => {
    const [exists] = await commands.pipeline([['EXISTS', stream]])
    if (Number(exists) === 0) return new Map()
    // A client that puts something before each key does not know where the key is in this command.
    const [info] = await commands.pipeline([['XINFO', 'STREAM', commands.prefix + stream]])
    return new Map(pairsOf(info))
  }

  /** The id that was given last: it stays when all is trimmed away. */
  const position = async (): Promise<string> =>
    String((await infoOf()).get('last-generated-id') ?? BEGIN)

  /** Trimming begins with the oldest: where the stream had the entry itself, it would have all that came after it. */
  const isLost = async (after: string, found: number): Promise<boolean> => {
    if (after !== BEGIN || found === 0) return (await position()) !== after
    // There was no stream then: it must have all that it ever had. Redis 6.2 does not count that, and we trim it only once it is long.
    const info = await infoOf()
    const length = Number(info.get('length'))
    const added = Number(info.get('entries-added'))
    return added >= 0 ? added > length : found === AT_ONCE && length >= KEPT
  }

  return {
    renew,
    publish,
    read: async (incarnation) => {
      const [reply] = await commands.pipeline([['HGETALL', hashOf(incarnation)]])
      return textsOf(reply)
    },
    find,
    changes,
    release: async (incarnation) => {
      hearing.end(incarnation)
      await commands.transaction([
        ['ZREM', machines, incarnation],
        ['DEL', hashOf(incarnation)],
        append(packLeft(incarnation)),
      ])
    },
  }
}

const text = (reply: unknown): string | undefined =>
  reply === null || reply === undefined ? undefined : String(reply)
