import { availableParallelism, cpus, loadavg } from 'node:os'
import { chooseRows, readArguments } from './arguments.js'
import { bringNode, bringPeers } from './prepare.js'
import { type Report, writeReport } from './report.js'
import type { Round, Row, Size } from './row.js'
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
    const figures = row.figures(rounds, size).map((figure) => judge(row.id, figure))
    results.push(...figures)
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
  { rounds, quick, node }: { rounds: number; quick: boolean; node: string },
): Promise<Round[]> => {
  const done: Round[] = []
  const subjects = Object.keys(row.subjects)
  for (let round = 0; round < (row.once ? 1 : rounds); round++) {
    const measures: Record<string, Round[string]> = {}
    // Whoever is first meets a cooler processor: so each is first once in a while.
    for (const [i] of subjects.entries()) {
      const subject = subjects[(i + round) % subjects.length] as string
      print(`${row.id}, round ${round + 1}: ${subject}`)
      measures[subject] = await runSample({ node, row: row.id, subject, quick })
    }
    done.push(measures)
  }
  return done
}

const currentLoad = (): number => Number((loadavg()[0] ?? 0).toFixed(1))

await run()
