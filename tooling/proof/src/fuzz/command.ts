import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { addChance, type Chance } from '../chance.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export const addFuzz = (program: Command): void => {
  const command = program
    .command('fuzz')
    .description('Gives the packages what peers and transports may send, and calls wrong.')
  addChance(command, 'inputs of each property', 20_000).action(fuzz)
}

/** The properties are tests: `pnpm test` tries some inputs, this command as many as one likes. */
const fuzz = async ({ runs, seed }: Chance): Promise<void> => {
  console.log(`fuzz: ${runs} inputs of each property, --runs ${runs} --seed ${seed}`)
  // It takes 10 MB, which no other command should carry.
  const { startVitest } = await import('vitest/node')
  await startVitest('test', ['tooling/proof/test/fuzz'], {
    config: `${ROOT}/tooling/test/vitest.config.ts`,
    watch: false,
    testTimeout: 600_000,
    env: { FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed) },
  })
}
