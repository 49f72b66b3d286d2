import { availableParallelism, cpus, loadavg } from 'node:os'
import { type Arguments, chooseRows, readArguments } from './arguments.js'
import { AGAIN, BEFORE, besideBefore, programOf } from './before.js'
import { bringNode, bringPeers } from './prepare.js'
import { type Report, writeReport } from './report.js'
import { OURS, type Round, type Row, type Size } from './row.js'
import { ROWS } from './rows/index.js'
import { runSample } from './run-sample.js'
import { drawTable } from './table.js'
import { judge, type Result } from './verdict.js'

/** The load that a benchmark makes by itself is about 1. */
const QUIET = 1.5

const print = (line: string): void => console.log(line)

const run = async () => {
  const ids = ROWS.map(({ id }) => id)
  const options = readArguments(process.argv.slice(2), ids)
  const chosen = chooseRows(ids, options.only)
  const node = await bringNode()
  await bringPeers(print)
  const begin = currentLoad()
  const size: Size = (full, quick) => (options.quick ? quick : full)
  const measures: Record<string, Round[]> = {}
  const results: Result[] = []
  for (const row of ROWS.filter(({ id }) => chosen.includes(id))) {
    const rounds = await runRounds(row, { ...options, node: node.path })
    measures[row.id] = rounds
    const beside = options.before === undefined ? [] : besideBefore(row.id, rounds)
    const own = row.figures(rounds.map(withoutBefore), size)
    results.push(...[...own, ...beside].map((figure) => judge(row.id, figure)))
  }
  print(drawTable(results))
  const load = [begin, currentLoad()] as const
  if (Math.max(...load) > QUIET)
    print(`The load was ${load.join(' to ')}: do not trust these figures.`)
  if (options.quick) print('These are small sizes: do not trust these figures.')
  const date = new Date().toISOString().slice(0, 10)
  const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'an unknown processor'}`
  const { rounds } = options
  const report: Report = { date, node: node.version, machine, load, rounds, results, measures }
  if (options.write) await writeReport(report)
}

const runRounds = async (
  row: Row,
  { rounds, quick, node, before }: Arguments & { readonly node: string },
): Promise<Round[]> => {
  const done: Round[] = []
  const program = before === undefined ? undefined : programOf(before)
  const subjects = [...Object.keys(row.subjects), ...(program ? [BEFORE, AGAIN] : [])]
  for (let round = 0; round < (row.once ? 1 : rounds); round++) {
    const measures: Record<string, Round[string]> = {}
    // Whoever is first meets a cooler processor: so each is first once in a while.
    for (const [i] of subjects.entries()) {
      const subject = subjects[(i + round) % subjects.length] as string
      print(`${row.id}, round ${round + 1}: ${subject}`)
      const order = { node, row: row.id, quick }
      measures[subject] =
        program && [BEFORE, AGAIN].includes(subject)
          ? await runSample({ ...order, subject: OURS, program }).catch(lacksRow)
          : await runSample({ ...order, subject })
    }
    done.push(measures)
  }
  return done
}

/** A row that the other build has not yet. */
const lacksRow = (error: Error): Round[string] => {
  if (!error.message.includes('there is no ')) throw error
  print('The build before has no such row.')
  return {}
}

const withoutBefore = (round: Round): Round =>
  Object.fromEntries(Object.entries(round).filter(([name]) => ![BEFORE, AGAIN].includes(name)))

const currentLoad = (): number => Number((loadavg()[0] ?? 0).toFixed(1))

await run()
