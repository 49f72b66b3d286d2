import type { Command } from 'commander'
import { addChance, type Chance } from '../chance.js'
import { MODES, runModel } from './run.js'

export const addModel = (program: Command): void => {
  const command = program
    .command('model')
    .description('Plays stories by chance on the hub, in fake time, and holds it to its contract.')
  addChance(command, 'stories of each mode', 10_000).action(model)
}

const model = async ({ runs, seed }: Chance): Promise<void> => {
  for (const mode of Object.keys(MODES) as (keyof typeof MODES)[]) {
    console.log(`model, ${mode}: ${runs} stories, --seed ${seed}`)
    await runModel({ mode, runs, seed, onRun: progress(runs) })
  }
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
