import { readFile, writeFile } from 'node:fs/promises'
import type { Measures } from './row.js'
import { drawMarkdown } from './table.js'
import type { Result } from './verdict.js'

const results = new URL('../results/results.json', import.meta.url)
const readme = new URL('../README.md', import.meta.url)

/** What was measured, where, and all that came of it. */
export interface Report {
  readonly date: string
  readonly node: string
  readonly machine: string
  /** How many processes wanted to run at the begin and at the end, on average; one is ours. */
  readonly load: readonly [begin: number, end: number]
  readonly rounds: number
  readonly results: readonly Result[]
  /** By row and subject, round by round. */
  readonly measures: Readonly<Record<string, readonly Readonly<Record<string, Measures>>[]>>
}

export const writeReport = async (report: Report): Promise<void> => {
  await writeFile(results, `${JSON.stringify(report, null, 2)}\n`)
  const text = await readFile(readme, 'utf8')
  await writeFile(readme, putBetween(text, 'results', toMarkdown(report)))
}

const toMarkdown = ({ date, node, machine, load, rounds, results }: Report): string => {
  const missed = results.filter(({ reached }) => reached === false)
  return [
    drawMarkdown(results),
    missed.length === 0
      ? 'Everything that was to be reached is reached.'
      : `${missed.length} of ${results.filter(({ reach }) => reach).length} are not reached.`,
    `Measured on ${date}, ${rounds} rounds, Node ${node}, ${machine}, load ${load.join(' to ')}.`,
    'All that was measured is in [results/results.json](results/results.json).',
  ].join('\n\n')
}

/** Replaces what is between `<!-- NAME -->` and `<!-- /NAME -->`. */
export const putBetween = (text: string, name: string, content: string): string => {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the README has no place for ${name}`)
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`
}
