import type { Batch, Changes, ChangesRequest, Engine, Found, Renewal } from '../model/engine.js'
import { createMemory, type Memory } from './memory-data.js'

/** So many batches are kept for readers that are late, and so many are given at once. */
const KEPT = 10_000
const AT_ONCE = 1_000

/**
 * An engine in the memory of this process: for the machines that are given it, for tests, and for an app that has one machine yet.
 *
 * @example
 * const engine = memoryEngine()
 * const fleets = hubs.map((hub, index) => joinFleet(hub, { engine, machine: `web-${index}` }))
 */
export const memoryEngine = (): Engine => engineOn({ data: createMemory(0) })

/** @param store Its data can be put in the place of older ones: so tests lose them. */
export const engineOn = (store: { data: Memory }): Engine => {
  const waiters = new Set<() => void>()

  const append = (batch: unknown): void => {
    const { data } = store
    data.stream.push([++data.position, batch])
    // Twice as many, so that cutting costs little.
    if (data.stream.length >= 2 * KEPT) data.stream = data.stream.slice(-KEPT)
    for (const wake of [...waiters]) wake()
  }

  const renew = async (incarnation: string, ms: number): Promise<Renewal> => {
    const { data } = store
    const now = Date.now()
    const held = (data.leases.get(incarnation) ?? 0) > now
    data.leases.set(incarnation, now + ms)
    const own = hashOf(data, incarnation)
    if (own) own.until = now + 3 * ms
    const leases = [...data.leases]
    for (const [other, until] of leases) if (until < now - ms) data.leases.delete(other)
    // They outlive their leases.
    for (const other of data.hashes.keys()) hashOf(data, other)
    return { epoch: data.epoch, now, held, record: own?.fields.get('m'), leases }
  }

  const publish = async (batch: Batch, keep: number): Promise<string | undefined> => {
    const { incarnation, record, first, set, remove } = batch
    const { hashes } = store.data
    const before = hashOf(store.data, incarnation)
    const fields = first ? new Map<string, string>() : (before?.fields ?? new Map())
    const old = before?.fields.get('m')
    fields.set('m', record)
    for (let at = 0; at < set.length; at += 2) fields.set(set[at] ?? '', set[at + 1] ?? '')
    for (const field of remove) fields.delete(field)
    hashes.set(incarnation, { until: Date.now() + keep, fields })
    append(batch)
    return old
  }

  const find = async (field: string): Promise<readonly Found[]> => {
    const now = Date.now()
    return [...store.data.leases].flatMap(([incarnation, until]) => {
      const value = until > now ? hashOf(store.data, incarnation)?.fields.get(field) : undefined
      return value === undefined ? [] : [{ incarnation, value, until, now }]
    })
  }

  const look = (after: string | undefined): Changes => {
    const { stream, position } = store.data
    if (after === undefined) return { after: `${position}`, batches: [], lost: false }
    const from = Number(after)
    const lost = position < from || (stream[0]?.[0] ?? position + 1) > from + 1
    const first = firstAfter(stream, from)
    const page = stream.slice(first, first + AT_ONCE)
    const last = page.at(-1)?.[0] ?? from
    return { after: `${last}`, batches: page.map(([, batch]) => batch), lost }
  }

  const changes = async ({ after, wait, signal }: ChangesRequest): Promise<Changes> => {
    const found = look(after)
    const isIdle = after !== undefined && found.batches.length === 0 && !found.lost
    if (!isIdle || wait === 0 || signal.aborted) return found
    await new Promise<void>((resolve) => {
      const wake = () => {
        waiters.delete(wake)
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, wait)
      ;(timer as { unref?: () => void }).unref?.()
      waiters.add(wake)
      signal.addEventListener('abort', wake)
    })
    return look(after)
  }

  return {
    renew,
    publish,
    read: async (incarnation) => new Map(hashOf(store.data, incarnation)?.fields),
    find,
    changes,
    release: async (incarnation) => {
      store.data.leases.delete(incarnation)
      store.data.hashes.delete(incarnation)
      append({ incarnation, left: true })
    },
  }
}

/** A hash whose time is over is gone. */
const hashOf = ({ hashes }: Memory, incarnation: string) => {
  const hash = hashes.get(incarnation)
  if (hash && hash.until <= Date.now()) hashes.delete(incarnation)
  return hashes.get(incarnation)
}

/** The stream is in order: the half that has it is halved. */
const firstAfter = (stream: Memory['stream'], position: number): number => {
  let [from, to] = [0, stream.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((stream[middle]?.[0] ?? 0) <= position) from = middle + 1
    else to = middle
  }
  return from
}
