import { type Report, SimulationError } from './failure.js'
import { expect, isCount, isFunction, isSeed } from './options.js'
import { findShortest } from './prefix.js'
import { readOptions, type SimulateOptions } from './settings.js'
import { play } from './simulate.js'
import { formatHappening, formatTimeline, Hash } from './timeline.js'
import type { Scenario } from './world.js'

type Print = (line: string) => void

export interface ExploreOptions extends Omit<SimulateOptions, 'seed'> {
  /** How many seeds. */
  readonly seeds: number
  /** The first of them. Default 0. */
  readonly from?: number | undefined
  /** Gets what there is to say, in lines: a failure, and progress each five seconds. Default: `console.log`. */
  readonly print?: Print | undefined
}

/** What became of many worlds. */
export interface Exploration {
  readonly seeds: number
  /** A hash of all their hashes. */
  readonly hash: string
  /** How many things happened in all of them. */
  readonly happenings: number
}

/** In real ms, between two lines of progress. */
const PROGRESS = 5_000

/** So many lines of what led to a failure are printed. */
const LINES = 40

/**
 * Plays a scenario with one seed after another. At the first failure it stops, looks for the shortest beginning that fails in the same way,
 * prints seed and timeline, and rejects with the `SimulationError` of that.
 *
 * @example
 * await explore({ seeds: 1_000, duration: 60_000 }, scenario)
 */
export const explore = async (
  options: ExploreOptions,
  scenario: Scenario,
): Promise<Exploration> => {
  const { seeds, from = 0, print = console.log, ...rest } = options
  expect(isCount(seeds), 'a whole number from 1 on', 'seeds')
  expect(
    isSeed(from) && isSeed(from + seeds - 1),
    'a whole number; no seed is above 2147483647',
    'from',
  )
  expect(isFunction(print), 'a function', 'print')
  const total = new Total()
  const begun = performance.now()
  let due = PROGRESS
  for (let seed = from; seed < from + seeds; seed++) {
    const settings = readOptions({ ...rest, seed })
    try {
      total.add(await play(settings, scenario))
    } catch (error) {
      if (!(error instanceof SimulationError)) throw error
      throw await explain(error, (until) => play({ ...settings, until }, scenario), print)
    }
    if (performance.now() - begun < due) continue
    due = performance.now() - begun + PROGRESS
    print(`${seed - from + 1} of ${seeds} seeds, ${total.happenings} happenings`)
  }
  return total.exploration
}

/**
 * Plays one seed again, and prints each line of its timeline when it happens.
 *
 * @example
 * await replay({ seed: 17, duration: 60_000 }, scenario)
 */
export const replay = (
  { print = console.log, ...options }: SimulateOptions & { readonly print?: Print | undefined },
  scenario: Scenario,
): Promise<Report> => {
  expect(isFunction(print), 'a function', 'print')
  return play(readOptions(options), scenario, (happening) => print(formatHappening(happening)))
}

const explain = async (
  first: SimulationError,
  play: (until: number) => Promise<Report>,
  print: Print,
): Promise<SimulationError> => {
  const { failure, until } = await findShortest(first, play)
  const { seed, timeline } = failure.report
  print(failure.message)
  print(`The shortest course that fails: the scenario does nothing any more after ${until} ms.`)
  print(formatTimeline(timeline, LINES))
  print(`replay({ seed: ${seed}, … }) plays it again.`)
  return failure
}

class Total {
  readonly #hash = new Hash()
  #seeds = 0
  happenings = 0

  add({ hash, happenings }: Report): void {
    this.#seeds++
    this.#hash.add(hash)
    this.happenings += happenings
  }

  get exploration(): Exploration {
    return { seeds: this.#seeds, hash: this.#hash.toString(), happenings: this.happenings }
  }
}
