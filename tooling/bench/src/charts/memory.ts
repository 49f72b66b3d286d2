import type { Report } from '../report.js'
import { COLOURS, chart } from './style.js'

/** Bytes for an idle entry, with what is to be reached as a line. */
export const memoryChart = ({ results }: Report): object => {
  const entries = results.filter(({ row, unit }) => row === 'heap' && unit === 'bytes')
  const values = entries.map(({ work, median }) => ({
    subject: work.replace(/^.*: /, ''),
    bytes: median,
    isOurs: /: our /.test(work),
  }))
  const [limit] = entries.flatMap(({ reach }) => (reach && 'atMost' in reach ? [reach.atMost] : []))
  return chart('Heap for an idle connected entry, in bytes; the line is what is to be reached', {
    height: { step: 30 },
    layer: [
      {
        data: { values },
        mark: 'bar',
        encoding: {
          x: { field: 'bytes', type: 'quantitative', title: 'bytes' },
          color: { condition: { test: 'datum.isOurs', value: COLOURS[0] }, value: '#999999' },
          y: { field: 'subject', type: 'nominal', sort: null, title: null },
        },
      },
      {
        data: { values: limit === undefined ? [] : [{ limit }] },
        mark: { type: 'rule', strokeDash: [4, 3] },
        encoding: { x: { field: 'limit', type: 'quantitative' } },
      },
    ],
  })
}
