import { type Command, InvalidArgumentError } from 'commander'
import { keepFromCompiling } from './heap.js'
import { faultsOf, runSoak, summaryOf } from './soak.js'

interface Options {
  readonly memoryCycles: number
  readonly sbotCycles: number
}

export const addSoak = (program: Command): void => {
  program
    .command('soak')
    .description('Connects and disconnects for long, and counts what that leaves in memory.')
    .option('--memory-cycles <number>', 'on the in-memory transport', toCycles, 1_000_000)
    .option('--sbot-cycles <number>', 'between real sbots', toCycles, 20_000)
    .action(soak)
}

const soak = async (options: Options): Promise<void> => {
  keepFromCompiling()
  const reports = await runSoak({ ...options, print: console.log })
  for (const report of reports) console.log(summaryOf(report))
  const faults = reports.flatMap(faultsOf)
  for (const fault of faults) console.error(fault)
  process.exitCode = faults.length > 0 ? 1 : 0
}

/** 0 leaves a part out. */
const toCycles = (text: string): number => {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new InvalidArgumentError('It must be a whole number from 0 on.')
}
