import type { Kept } from '../journal.js'
import type { PlainTotals } from '../protocol.js'

/** What was counted, without what only a scrape asks for. */
export const toPlainTotals = ({ from, totals }: Pick<Kept, 'from' | 'totals'>): PlainTotals => ({
  from,
  dials: totals.dials,
  failed: toRecord(totals.failed),
  broken: toRecord(totals.broken),
  refused: toRecord(totals.refused),
  times: totals.times.counts,
})

/** Without a prototype: names are others'. */
const toRecord = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.assign(Object.create(null), Object.fromEntries(counts))
