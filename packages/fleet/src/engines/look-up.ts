import { messageOf } from '../edges/failures.js'
import type { Commands } from './clients.js'
import { type Pair, pairsOf, timeOf } from './replies.js'

/** What was found of a field. */
export interface LookedUp {
  /** By the clock of Redis, in ms. */
  readonly now: number
  /** Each incarnation with the end of its lease. */
  readonly leases: readonly Pair[]
  /** What each has of the field. */
  readonly values: ReadonlyMap<string, unknown>
}

/** How Redis says that it will never run this command: by the rights of the user, or because it is a node of a cluster. */
const DENIED = /denied|NOPERM|unknown command/i

/** One field of each incarnation's hash, in one go: `SORT` puts each member of a set into the name of a hash, and gives a field of that. */
export const createLookUp = (
  commands: Commands,
  machines: string,
  hashOf: (incarnation: string) => string,
): ((field: string) => Promise<LookedUp>) => {
  const leases = [['TIME'], ['ZRANGE', machines, '0', '-1', 'WITHSCORES']]
  const pattern = hashOf('*')
  // The first star is the one that is replaced.
  let canSort = !(commands.prefix + pattern.slice(0, -1)).includes('*')

  const sorted = async (field: string): Promise<LookedUp> => {
    const sort = ['SORT', machines, 'BY', 'nosort', 'GET', '#', 'GET', `${pattern}->${field}`]
    const [time, scores, values] = await commands.pipeline([...leases, sort])
    return { now: timeOf(time), leases: pairsOf(scores), values: new Map(pairsOf(values)) }
  }

  const oneByOne = async (field: string): Promise<LookedUp> => {
    const [time, scores] = await commands.pipeline(leases)
    const known = pairsOf(scores)
    const gets = known.map(([id]) => ['HGET', hashOf(id), field])
    const values = gets.length > 0 ? await commands.pipeline(gets) : []
    return {
      now: timeOf(time),
      leases: known,
      values: new Map(known.map(([id], at) => [id, values[at]])),
    }
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
