import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Figure, OURS, type Round, ratios, valuesOf } from './row.js'

export const BEFORE = 'before'
/** The same build once more: what differs between those two is the machine. */
export const AGAIN = 'before, again'

/** The samples of another checkout of this repository, as it is built. */
export const programOf = (checkout: string): string => {
  const program = resolve(checkout, 'tooling/bench/dist/sample.js')
  if (!existsSync(program)) throw new Error(`There is no ${program}: build it first.`)
  return program
}

/** What both builds measure of themselves, side by side: within 5 %, or within what that build differs from itself. */
export const besideBefore = (row: string, rounds: readonly Round[]): Figure[] => {
  const measures = Object.keys(rounds[0]?.[OURS] ?? {})
  const known = measures.filter((measure) => measure in (rounds[0]?.[BEFORE] ?? {}))
  return known.map((measure) => {
    const of = (subject: string) => valuesOf(rounds, subject, measure)
    const noise = Math.max(
      ...ratios(of(AGAIN), of(BEFORE)).map((ratio) => Math.max(ratio, 1 / ratio)),
    )
    return {
      work: `${row}, ${measure}`,
      against: `the build before, which differs ${noise.toPrecision(3)} times from itself`,
      unit: 'times',
      values: ratios(of(OURS), of(BEFORE)),
      reach: { atMost: Math.max(1.05, noise) },
    }
  })
}
