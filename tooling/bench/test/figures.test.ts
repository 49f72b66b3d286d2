import { describe, expect, it } from 'vitest'
import { chooseRows } from '../src/arguments.js'
import { AGAIN, BEFORE, besideBefore } from '../src/before.js'
import { putBetween } from '../src/report.js'
import { ratios, valuesOf } from '../src/row.js'
import { againstBest } from '../src/rows/best.js'
import { summarize } from '../src/statistics.js'
import { judge } from '../src/verdict.js'
import { toCells } from '../src/words.js'

const rounds = [
  { ours: { ns: 2 }, slow: { ns: 10 }, quick: { ns: 1 } },
  { ours: { ns: 4 }, slow: { ns: 40 }, quick: { ns: 4 } },
  { ours: { ns: 3 }, slow: { ns: 60 }, quick: { ns: 2 } },
]

describe('a figure', () => {
  it('has one ratio for each round', () => {
    const of = (name: string) => valuesOf(rounds, name, 'ns')
    expect(ratios(of('slow'), of('ours'))).toEqual([5, 10, 20])
  })

  it('is not made of what nobody measured', () => {
    expect(() => valuesOf(rounds, 'ours', 'bytes')).toThrow('ours did not measure bytes')
  })

  it('is compared with the one that is the fastest by its median', () => {
    expect(againstBest(rounds, 'ns')).toEqual({
      against: 'quick',
      times: [2, 1, 1.5],
      faster: [0.5, 1, 2 / 3],
    })
  })

  it('has a median and a spread', () => {
    expect(summarize([5, 20, 10])).toEqual({ median: 10, min: 5, max: 20 })
    expect(summarize([1, 2, 3, 10])).toEqual({ median: 2.5, min: 1, max: 10 })
  })
})

describe('a verdict', () => {
  const figure = { work: 'work', against: 'peer', unit: 'faster' as const, values: [5, 20, 10] }

  it('is by the median, the limit itself included', () => {
    expect(judge('row', { ...figure, reach: { atLeast: 10 } }).reached).toBe(true)
    expect(judge('row', { ...figure, reach: { atLeast: 10.1 } }).reached).toBe(false)
    expect(judge('row', { ...figure, reach: { atMost: 10 } }).reached).toBe(true)
    expect(judge('row', { ...figure, reach: { atMost: 9.9 } }).reached).toBe(false)
    expect(judge('row', figure).reached).toBeUndefined()
  })

  it('says NO in the table where a figure is not reached', () => {
    expect(toCells(judge('row', { ...figure, reach: { atLeast: 1_000 } }))).toEqual([
      'work',
      'peer',
      '10 times faster',
      '5 to 20',
      'at least 1,000 times faster',
      'NO',
    ])
  })
})

describe('the command', () => {
  it('chooses rows by parts of their names', () => {
    const rows = ['bus', 'hub-bus', 'heap']
    expect(chooseRows(rows, ['bus'])).toEqual(['bus', 'hub-bus'])
    expect(chooseRows(rows, ['heap', 'hub'])).toEqual(['hub-bus', 'heap'])
    expect(chooseRows(rows, [])).toEqual(rows)
    expect(chooseRows(rows, ['nothing'])).toEqual([])
  })

  it('replaces the results in a README, and nothing else of it', () => {
    const readme = 'before\n<!-- results -->\nold\n<!-- /results -->\nafter'
    expect(putBetween(readme, 'results', 'new')).toBe(
      'before\n<!-- results -->\n\nnew\n\n<!-- /results -->\nafter',
    )
    expect(() => putBetween('no place', 'results', 'new')).toThrow('no place for results')
  })
})

describe('another build', () => {
  const round = (ours: number, before: number, again: number) => ({
    ours: { ns: ours, isNew: 1 },
    [BEFORE]: { ns: before },
    [AGAIN]: { ns: again },
  })

  it('is held beside ours by what both measure, within 5 %', () => {
    expect(besideBefore('row', [round(10, 10, 10), round(12, 10, 10.1)])).toEqual([
      expect.objectContaining({ work: 'row, ns', values: [1, 1.2], reach: { atMost: 1.05 } }),
    ])
  })

  it('may be left behind by as much as it differs from itself', () => {
    const [figure] = besideBefore('row', [round(10, 10, 12), round(10, 10, 8)])
    expect(figure?.reach).toEqual({ atMost: 1.25 })
  })

  it('that has no such row is left out', () => {
    expect(besideBefore('row', [{ ours: { ns: 1 }, [BEFORE]: {}, [AGAIN]: {} }])).toEqual([])
  })
})
