import { HubError } from '@conn-hub/core'
import { type Report, SimulationError } from './failure.js'
import { hasThreads, ownJob, playInThreads } from './jobs.js'
import { checkNames, expect, isCount, isFunction, isSeed, isUrl } from './options.js'
import { failureOf, findShortest } from './prefix.js'
import { guarded, type Print } from './print.js'
import { COMMON, readOptions, type Settings, type SimulateOptions } from './settings.js'
import { playShare } from './share.js'
import { play } from './simulate.js'
import { formatTimeline } from './timeline.js'
import { type Exploration, Total } from './total.js'
import type { Scenario } from './world.js'

export interface ExploreOptions extends Omit<SimulateOptions, 'seed'> {
  /** How many seeds. */
  readonly seeds: number
  /** The first of them. Default 0. */
  readonly from?: number | undefined
  /**
   * In how many threads. Default 1. More need `module`, and Node 20.16 or later; elsewhere one thread plays them all.
   *
   * @example
   * await explore({ seeds: 10_000, jobs: 4, module: import.meta.url, duration: 60_000 }, scenario)
   */
  readonly jobs?: number | undefined
  /** The module that calls `explore()`, by its URL: each thread runs it again, up to this call. So it must come to this call first. */
  readonly module?: string | undefined
  /** Gets what there is to say, in lines: a failure, and progress each five seconds. Default: `console.log`. */
  readonly print?: Print | undefined
}

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
  const { seeds, from, jobs, module, print: given, ...rest } = read(options)
  const { print, check } = guarded(given)
  const own = ownJob()
  const call = JSON.stringify({ seeds, from, ...rest })
  const settings = (seed: number) => readOptions({ ...rest, seed })
  if (own && module !== undefined)
    return playShare(own, call, { seeds, from }, (seed) => play(settings(seed), scenario))
  const total = new Total(seeds, from, print)
  const failed =
    jobs > 1 && module !== undefined && hasThreads()
      ? await playInThreads(
          { jobs, module, call },
          ({ seed, report }) => report && total.add(seed, report),
        )
      : await playHere(settings, scenario, total)
  if (failed === undefined) {
    check()
    return total.exploration
  }
  const error = await failureOf(() => play(settings(failed), scenario))
  if (!error)
    throw new HubError(
      'NOT_REPEATABLE',
      `Seed ${failed} has failed, and does not fail again: the scenario uses time or chance that no seed decides.`,
    )
  throw await explain(error, (until) => play({ ...settings(failed), until }, scenario), print)
}

const read = (options: ExploreOptions) => {
  checkNames(options, ['seeds', 'from', 'jobs', 'module', 'print', ...COMMON])
  const { seeds, from = 0, jobs = 1, module, print = console.log, ...rest } = options
  expect(isCount(seeds), 'a whole number from 1 on', 'seeds')
  expect(
    isSeed(from) && isSeed(from + seeds - 1),
    'a whole number; no seed is above 2147483647',
    'from',
  )
  expect(isCount(jobs), 'a whole number from 1 on', 'jobs')
  expect(
    module === undefined ? jobs === 1 : isUrl(module),
    'import.meta.url, where there are several jobs',
    'module',
  )
  expect(isFunction(print), 'a function', 'print')
  readOptions({ ...rest, seed: from })
  return { seeds, from, jobs, module, print, ...rest }
}

/** Gives the seed that fails, if any. */
const playHere = async (
  settings: (seed: number) => Settings,
  scenario: Scenario,
  total: Total,
): Promise<number | undefined> => {
  for (const seed of total.seeds()) {
    try {
      total.add(seed, await play(settings(seed), scenario))
    } catch (error) {
      if (!(error instanceof SimulationError)) throw error
      return seed
    }
  }
  return undefined
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
