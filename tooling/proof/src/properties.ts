import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { addChance, type Chance } from './chance.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

interface Properties {
  readonly name: string
  readonly description: string
  /** What one run is. */
  readonly what: string
  readonly runs: number
  readonly tests: readonly string[]
}

/** Adds a command. The properties are tests: `pnpm test` tries some runs, this command as many as one likes. */
export const addProperties = (program: Command, properties: Properties): void => {
  const { name, description, what, runs, tests } = properties
  const run = async ({ runs, seed }: Chance): Promise<void> => {
    console.log(`${name}: ${runs} ${what}, --runs ${runs} --seed ${seed}`)
    // It takes 10 MB, which no other command should carry.
    const { startVitest } = await import('vitest/node')
    await startVitest('test', [...tests], {
      config: `${ROOT}/tooling/test/vitest.config.ts`,
      watch: false,
      testTimeout: 0,
      env: { CHANCE_RUNS: String(runs), CHANCE_SEED: String(seed) },
    })
  }
  addChance(program.command(name).description(description), what, runs).action(run)
}
