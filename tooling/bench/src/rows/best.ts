import { OURS, type Round, ratios, valuesOf } from '../row.js'
import { median } from '../statistics.js'

/** Ours against whoever of the others is the fastest at this, over all rounds. */
export const againstBest = (
  rounds: readonly Round[],
  measure: string,
): { against: string; times: readonly number[]; faster: readonly number[] } => {
  const others = Object.keys(rounds[0] ?? {}).filter((name) => name !== OURS)
  const typical = (name: string) => median(valuesOf(rounds, name, measure))
  const against = others.reduce((best, name) => (typical(name) < typical(best) ? name : best))
  const ours = valuesOf(rounds, OURS, measure)
  const best = valuesOf(rounds, against, measure)
  return { against, times: ratios(ours, best), faster: ratios(best, ours) }
}
