import { randomInt } from 'node:crypto'
import type { Command } from 'commander'
import { toCount } from '../count.js'
import { runModel, WEATHERS } from './run.js'

const MAX_SEED = 2 ** 31 - 1

export const addModel = (program: Command): void => {
  program
    .command('model')
    .description('Plays stories by chance on the hub, in fake time, and holds it to its contract.')
    .option('--runs <number>', 'how many stories of each weather', toCount, 10_000)
    .option('--seed <number>', 'the chance to repeat', toCount, randomInt(1, MAX_SEED))
    .action(async ({ runs, seed }: { runs: number; seed: number }) => {
      for (const weather of Object.keys(WEATHERS) as (keyof typeof WEATHERS)[]) {
        console.log(`model, ${weather}: ${runs} stories, --seed ${seed}`)
        await runModel({ weather, runs, seed, onRun: progress(runs) })
      }
    })
}

/** Says each tenth that is done. */
const progress = (runs: number): (() => void) => {
  const step = Math.ceil(runs / 10)
  let done = 0
  return () => {
    if (done > 0 && done % step === 0) console.log(`  ${done}`)
    done++
  }
}
