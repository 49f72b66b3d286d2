import type { Command } from 'commander'
import { addChance, type Chance } from '../chance.js'
import { flood } from './flood.js'
import { costOf, ESCAPED_SHAPES, PLAIN_SHAPES } from './slow.js'

export const addFuzz = (program: Command): void => {
  const command = program
    .command('fuzz')
    .description('Calls every public function with what nobody should give it, and floods a hub.')
  addChance(command, 'calls', 100_000).action(fuzz)
}

const fuzz = async ({ runs, seed }: Chance): Promise<void> => {
  console.log(`fuzz: ${runs} calls, --runs ${runs} --seed ${seed}`)
  // Its generators take 80 MB, which no other command should carry.
  const { runFuzz } = await import('./fuzz.js')
  const { accepted, refused, faults } = await runFuzz({ runs, seed, print: console.log })
  console.log(`fuzz: ${accepted} accepted; refused by code: ${JSON.stringify(refused)}`)
  console.log(slowest('without escapes, 4096 characters', PLAIN_SHAPES, 4_096))
  console.log(slowest('with escapes, 512 characters', ESCAPED_SHAPES, 512))
  const { entries, came, went, left, events, errors } = await flood()
  console.log(
    `flood: ${entries} sessions came in ${Math.round(came)} ms and left in ${Math.round(went)} ms, ${left.entries} stay; ${events} events, ${errors} errors of a listener told`,
  )
  for (const fault of faults) console.error(fault)
  console.log(`fuzz: ${faults.length} kinds of faults`)
  process.exitCode = faults.length > 0 ? 1 : 0
}

const slowest = (what: string, shapes: typeof PLAIN_SHAPES, length: number): string => {
  const costs = shapes.map(([name, shape]) => ({ name, ms: costOf(shape(length), 20, 1) }))
  const { name, ms } = costs.reduce((worst, cost) => (cost.ms > worst.ms ? cost : worst))
  return `slow addresses ${what}: ${costs.length} shapes, at most ${ms.toFixed(2)} ms (${name})`
}
