/** What one process found out, by name: nanoseconds, bytes and counts. */
export type Measures = Readonly<Record<string, number>>

/** `size(4_000, 400)` is 400 in a quick run, which shows that all works and no more. */
export type Size = (full: number, quick: number) => number

/** Runs in a process of its own, after which nothing of it is left. */
export type Sample = (size: Size) => Promise<Measures>

/** What each subject measured in one round, by the name of the subject. */
export type Round = Readonly<Record<string, Measures>>

/** One value a round, so that what disturbs the machine shows as spread. */
export interface Figure {
  readonly work: string
  /** With whom, or with what, it is compared. */
  readonly against: string
  readonly unit: Unit
  readonly values: readonly number[]
  /** None: the figure is there to be known, and nothing has to be reached. */
  readonly reach?: { readonly atLeast: number } | { readonly atMost: number }
}

/** `faster`, `smaller`: how many times. `times`: as a factor of the other; below 1 is less than the other. */
export type Unit = 'faster' | 'smaller' | 'times' | 'bytes' | 'percent' | 'per second' | 'count'

export interface Row {
  readonly id: string
  /** By name. In each round all of them run, one after the other, and the next round in another order. */
  readonly subjects: Readonly<Record<string, Sample>>
  /** For what is the same however often it is measured. */
  readonly once?: boolean
  figures(rounds: readonly Round[], size: Size): Figure[]
}

export const OURS = 'ours'

/** A count for people. */
export const grouped = (count: number): string => count.toLocaleString('en')

/** One measure of one subject, round by round. */
export const valuesOf = (
  rounds: readonly Round[],
  subject: string,
  measure: string,
): readonly number[] =>
  rounds.map((round) => {
    const value = round[subject]?.[measure]
    if (value === undefined) throw new Error(`${subject} did not measure ${measure}`)
    return value
  })

/** Round by round, because both were measured in the same minute. */
export const ratios = (over: readonly number[], under: readonly number[]): readonly number[] =>
  over.map((value, round) => value / (under[round] as number))
