import { LONG_WARM_UP, measure } from '../clock.js'
import {
  type Figure,
  grouped,
  OURS,
  type Row,
  ratios,
  type Sample,
  type Size,
  valuesOf,
} from '../row.js'
import { ORIGINAL, original, ours, type Stage } from '../subjects/sbot-hubs.js'
import { costOfCycle } from './cost-of-cycle.js'

const FEW = 1_000
/** At 100,000 peers 1.2.1 would take hours. */
const ENOUGH = 10_000
const MANY = 100_000

const sizesUpTo = (most: number, size: Size): number[] =>
  [FEW, 3_000, ENOUGH, 30_000, MANY].filter((n) => n <= most).map((n) => size(n, n / 20))

const upTo =
  (stage: Stage, most: number): Sample =>
  async (size) => {
    const open = await stage()
    await measure(() => costOfCycle(open, 200), { warmUp: LONG_WARM_UP, measure: 0 })
    const costs: Record<string, number> = {}
    for (const peers of sizesUpTo(most, size)) {
      costs[peers] = await measure(() => costOfCycle(open, peers), { warmUp: 0, measure: 500 })
    }
    return costs
  }

export const growth: Row = {
  id: 'growth',
  subjects: {
    [OURS]: upTo(ours, MANY),
    [ORIGINAL]: upTo(original, ENOUGH),
  },
  figures: (rounds, size) => {
    const few = size(FEW, FEW / 20)
    const grown = (subject: string, full: number): Figure => {
      const many = size(full, full / 20)
      return {
        work: `the cost of a peer among ${grouped(many)}: ${subject}`,
        against: `itself among ${grouped(few)}`,
        unit: 'times',
        values: ratios(
          valuesOf(rounds, subject, String(many)),
          valuesOf(rounds, subject, String(few)),
        ),
      }
    }
    return [{ ...grown(OURS, MANY), reach: { atMost: 1.3 } }, grown(ORIGINAL, ENOUGH)]
  },
}
