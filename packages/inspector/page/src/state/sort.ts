import type { PlainEntry } from '../../../src/protocol.js'

export type Column = 'state' | 'direction' | 'kind' | 'address' | 'key' | 'since' | 'sessions'

export interface Order {
  readonly column: Column
  readonly descending: boolean
}

type Comparer = (a: PlainEntry, b: PlainEntry) => number

// Not by the rules of a language, which would take a hundred times as long.
const byText =
  (column: 'state' | 'direction' | 'kind' | 'address' | 'key'): Comparer =>
  (a, b) => {
    const one = a[column] ?? ''
    const other = b[column] ?? ''
    return one < other ? -1 : one > other ? 1 : 0
  }

const COMPARERS: Record<Column, Comparer> = {
  state: byText('state'),
  direction: byText('direction'),
  kind: byText('kind'),
  address: byText('address'),
  key: byText('key'),
  since: (a, b) => a.since - b.since,
  sessions: (a, b) => a.sessions - b.sessions,
}

/** In this order, and those that are alike by their address. `former`: as they were sorted before, in the same order. */
export const sortEntries = (
  entries: readonly PlainEntry[],
  { column, descending }: Order,
  former: readonly PlainEntry[] = [],
): PlainEntry[] => {
  const compare = COMPARERS[column]
  const sign = descending ? -1 : 1
  const had = new Set(former)
  const has = new Set(entries)
  // What stays is in order already: a sort goes through that once, and puts in the few that are new.
  const mixed = [
    ...former.filter((entry) => has.has(entry)),
    ...entries.filter((entry) => !had.has(entry)),
  ]
  return mixed.sort((a, b) => sign * compare(a, b) || COMPARERS.address(a, b))
}
