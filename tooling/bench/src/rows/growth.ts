import { LONG_WARM_UP, measure } from '../clock.js'
import { type Figure, grouped, OURS, type Row, ratios, type Sample, valuesOf } from '../row.js'
import { ORIGINAL, original, ours, type Stage } from '../subjects/sbot-hubs.js'
import { costOfCycle } from './cost-of-cycle.js'

const FEW = 1_000
/** At 100,000 peers 1.2.1 would take hours. */
const ENOUGH = 10_000
const MANY = 100_000

const among =
  (stage: Stage, most: number): Sample =>
  async (size) => {
    const open = await stage()
    await measure(() => costOfCycle(open, 200), { warmUp: LONG_WARM_UP, measure: 0 })
    const costs: Record<string, number> = {}
    for (const full of [FEW, most]) {
      const peers = size(full, full / 20)
      costs[peers] = await measure(() => costOfCycle(open, peers), { warmUp: 0, measure: 500 })
    }
    return costs
  }

export const growth: Row = {
  id: 'growth',
  subjects: {
    [OURS]: among(ours, MANY),
    [ORIGINAL]: among(original, ENOUGH),
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
