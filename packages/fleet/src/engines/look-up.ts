import { messageOf } from '../edges/failures.js'
import type { Found } from '../model/engine.js'
import { RECORD_FIELD } from '../wire/record.js'
import type { Commands } from './clients.js'
import { pairsOf, timeOf } from './replies.js'

export interface LookUpParts {
  readonly commands: Commands
  /** The key of the sorted set of leases. */
  readonly machines: string
  hashOf(incarnation: string): string
  /** The end of a lease as it was seen last. It is never later than the true one. */
  endOf(incarnation: string): number | undefined
}

/** How Redis says that it will never run this command: by the rights of the user, or because it is a node of a cluster. */
const DENIED = /denied|NOPERM|unknown command/i

/**
 * One field of each incarnation whose lease is alive, in one go: `SORT` puts each member of a set into the name of a hash, and gives a field of
 * that. The leases are read only where the end that is known is over: a hundred of them take longer than all the rest.
 */
export const createLookUp = (parts: LookUpParts): ((field: string) => Promise<Found[]>) => {
  const { commands, machines, hashOf } = parts
  const pattern = hashOf('*')
  // The first star is the one that is replaced, and Redis looks for none behind a zero.
  let canSort = !/[*\0]/.test(commands.prefix + pattern.slice(0, -1))

  const sorted = async (field: string): Promise<Found[]> => {
    const sort = ['SORT', machines, 'BY', 'nosort', 'GET', '#', 'GET', `${pattern}->${field}`]
    const [time, reply] = await commands.pipeline([['TIME'], sort])
    const held = pairsOf(reply).filter(([, value]) => value !== null && value !== undefined)
    const now = timeOf(time)
    const ends = new Map(held.map(([id]) => [id, parts.endOf(id) ?? 0]))
    // Whoever asks for the records wants to know how long each lease lasts.
    const isOver = (id: string) => field === RECORD_FIELD || (ends.get(id) ?? 0) <= now
    const unsure = held.map(([id]) => id).filter(isOver)
    if (unsure.length > 0) {
      const [scores] = await commands.pipeline([['ZMSCORE', machines, ...unsure]])
      for (const [at, id] of unsure.entries()) ends.set(id, Number((scores as unknown[])[at]))
    }
    return held.flatMap(([id, value]) => found(id, value, ends.get(id), now))
  }

  const oneByOne = async (field: string): Promise<Found[]> => {
    const leases = [['TIME'], ['ZRANGE', machines, '0', '-1', 'WITHSCORES']]
    const [time, scores] = await commands.pipeline(leases)
    const known = pairsOf(scores)
    if (known.length === 0) return []
    const values = await commands.pipeline(known.map(([id]) => ['HGET', hashOf(id), field]))
    const now = timeOf(time)
    return known.flatMap(([id, until], at) => found(id, values[at], Number(until), now))
  }

  return async (field) => {
    if (!canSort) return oneByOne(field)
    try {
      return await sorted(field)
    } catch (error) {
      // It counts as a write: where Redis takes none now, it still reads.
      canSort = !DENIED.test(messageOf(error))
      return oneByOne(field)
    }
  }
}

const found = (incarnation: string, value: unknown, until = 0, now = 0): Found[] =>
  value === null || value === undefined || !(until > now)
    ? []
    : [{ incarnation, value: String(value), until, now }]
