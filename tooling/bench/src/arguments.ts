import { Command, InvalidArgumentError } from 'commander'

export interface Arguments {
  readonly rounds: number
  /** Only the rows whose name contains one of these. */
  readonly only: readonly string[]
  readonly quick: boolean
  /** Another checkout, whose build is held beside this one. */
  readonly before?: string
  /** Replaces the published results. */
  readonly write: boolean
}

export const readArguments = (argv: readonly string[], rows: readonly string[]): Arguments => {
  const command = new Command('pnpm bench')
    .description('Runs ours and the peers by turns, and prints how they compare.')
    .option('--rounds <number>', 'how often each of them runs', toRounds, 5)
    .option('--only <texts...>', `rows whose name contains it, of ${rows.join(', ')}`, [])
    .option('--quick', 'small sizes: shows that all works, not how fast it is', false)
    .option('--before <folder>', 'another checkout of this repository, built: held beside this one')
    .option('--write', 'put the results into tooling/bench/results and its README', false)
    .parse(argv, { from: 'user' })
  const options = command.opts<Arguments>()
  const chosen = chooseRows(rows, options.only)
  if (chosen.length === 0) command.error(`No row has such a name. There are: ${rows.join(', ')}`)
  if (options.write && (options.quick || chosen.length < rows.length)) {
    command.error('What is published is measured whole: --write goes without --only and --quick.')
  }
  return options
}

export const chooseRows = (rows: readonly string[], only: readonly string[]): readonly string[] =>
  only.length === 0 ? rows : rows.filter((row) => only.some((text) => row.includes(text)))

const toRounds = (text: string): number => {
  const rounds = Number(text)
  if (Number.isInteger(rounds) && rounds >= 1) return rounds
  throw new InvalidArgumentError('It must be a whole number from 1 on.')
}
