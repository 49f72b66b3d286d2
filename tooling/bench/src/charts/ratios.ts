import type { Report } from '../report.js'
import { chart } from './style.js'

/** Each ratio as a point, from its slowest round to its fastest; right of 1 ours is the faster one. */
export const ratiosChart = ({ results }: Report): object => {
  const values = results
    .filter(({ unit, reach }) => unit === 'faster' || (unit === 'times' && reach))
    .map(({ work, against, unit, median, min, max, reach, reached }) => {
      const line = `${work} / ${against.replace(', the fastest', '')}`
      const limit = reach && ('atLeast' in reach ? reach.atLeast : 1 / reach.atMost)
      const verdict =
        reached === undefined ? 'nothing to reach' : reached ? 'reached' : 'not reached'
      // `times` says how much ours costs: less is more.
      return unit === 'faster'
        ? { line, median, min, max, limit, verdict }
        : { line, median: 1 / median, min: 1 / max, max: 1 / min, limit, verdict }
    })
  const x = { type: 'quantitative', scale: { type: 'log' } }
  const y = { field: 'line', type: 'nominal', sort: null, title: null }
  const domain = ['reached', 'not reached', 'nothing to reach']
  const color = {
    field: 'verdict',
    type: 'nominal',
    title: null,
    scale: { domain, range: ['#1b7f5c', '#c8553d', '#777777'] },
  }
  return chart(
    'How many times faster ours is: median and spread; the bar is what is to be reached',
    {
      data: { values },
      height: { step: 22 },
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: {
            x: { ...x, field: 'min', title: 'times faster' },
            x2: { field: 'max' },
            y,
            color,
          },
        },
        {
          mark: { type: 'point', filled: true, size: 60 },
          encoding: { x: { ...x, field: 'median' }, y, color },
        },
        {
          transform: [{ filter: 'isValid(datum.limit)' }],
          mark: { type: 'tick', thickness: 2, color: 'black' },
          encoding: { x: { ...x, field: 'limit' }, y },
        },
      ],
    },
  )
}
