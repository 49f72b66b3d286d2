import type { Figure, Unit } from './row.js'
import { type Summary, summarize } from './statistics.js'

/** A figure in the end: what is printed, published and drawn. */
export interface Result extends Summary {
  readonly row: string
  readonly work: string
  readonly against: string
  readonly unit: Unit
  readonly values: readonly number[]
  readonly reach?: Figure['reach']
  /** By its median. None: nothing had to be reached. */
  readonly reached?: boolean
}

export const judge = (row: string, { work, against, unit, values, reach }: Figure): Result => {
  const summary = summarize(values)
  const result = { row, work, against, unit, ...summary, values }
  return reach ? { ...result, reach, reached: isWithin(summary.median, reach) } : result
}

const isWithin = (value: number, reach: NonNullable<Figure['reach']>): boolean =>
  'atLeast' in reach ? value >= reach.atLeast : value <= reach.atMost
