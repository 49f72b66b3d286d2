import { randomInt } from 'node:crypto'
import type { Command } from 'commander'
import { toCount } from './count.js'

/** What a run by chance takes. */
export interface Chance {
  readonly runs: number
  readonly seed: number
}

const MAX_SEED = 2 ** 31 - 1

/** The same seed gives the same run; without one, each run is another. */
export const addChance = (command: Command, what: string, runs: number): Command =>
  command
    .option('--runs <number>', `how many ${what}`, toCount, runs)
    .option('--seed <number>', 'the run to repeat', toCount, randomInt(1, MAX_SEED))
