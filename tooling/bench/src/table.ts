import Table from 'cli-table3'
import type { Result } from './verdict.js'
import { HEAD, toCells } from './words.js'

const WIDTHS = [44, 30, 18, 20, 20, 9]

export const drawTable = (results: readonly Result[]): string => {
  const table = new Table({
    head: HEAD,
    colWidths: WIDTHS,
    wordWrap: true,
    style: { head: [], border: [] },
  })
  for (const result of results) table.push(toCells(result))
  return table.toString()
}

/** For a README. */
export const drawMarkdown = (results: readonly Result[]): string => {
  const lines = [HEAD, HEAD.map(() => '---'), ...results.map(toCells)]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
