import type { Unit } from './row.js'
import type { Result } from './verdict.js'

export const HEAD = ['work', 'against', 'median', 'spread', 'to reach', 'reached']

/** The cells of one line, for people. */
export const toCells = (result: Result): string[] => {
  const { work, against, unit, median, min, max, reached } = result
  return [
    work,
    against,
    withUnit(median, unit),
    min === max ? '' : `${toText(min)} to ${toText(max)}`,
    reachOf(result),
    reached === undefined ? '' : reached ? 'yes' : 'NO',
  ]
}

const reachOf = ({ reach, unit }: Result): string => {
  if (!reach) return ''
  return 'atLeast' in reach
    ? `at least ${withUnit(reach.atLeast, unit)}`
    : `at most ${withUnit(reach.atMost, unit)}`
}

const withUnit = (value: number, unit: Unit): string => {
  const text = toText(value)
  switch (unit) {
    case 'faster':
      return `${text} times faster`
    case 'smaller':
      return `${text} times less`
    case 'times':
      return `${text} times`
    case 'percent':
      return `${text} %`
    case 'bytes':
      return `${text} ${value === 1 ? 'byte' : 'bytes'}`
    case 'per second':
      return `${text} per second`
    case 'count':
      return text
  }
}

/** Three digits say all that such measurements know. */
const toText = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)))
