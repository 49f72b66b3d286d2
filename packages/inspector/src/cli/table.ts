import { cutApart } from '../plain/cut.js'
import { toCell } from './cells.js'
import { bold, inColourOf } from './colours.js'
import type { Row } from './picture.js'
import { age, bareAddress, short } from './words.js'

/** In cells. What is left over is for the address and the last event. */
const WIDTHS = { state: 14, direction: 10, kind: 10, since: 8 }
/** Narrower terminals do without. */
const NEEDS = { direction: 70, kind: 100 }

type Column = 'address' | 'state' | 'direction' | 'kind' | 'since' | 'last event'

const widthsOf = (columns: number): [Column, number][] => {
  const fixed: [Column, number][] = [
    ['state', WIDTHS.state],
    ...(columns >= NEEDS.direction ? [['direction', WIDTHS.direction] as [Column, number]] : []),
    ...(columns >= NEEDS.kind ? [['kind', WIDTHS.kind] as [Column, number]] : []),
    ['since', WIDTHS.since],
  ]
  const rest = Math.max(24, columns - fixed.reduce((sum, [, width]) => sum + width, 0))
  const address = Math.floor(rest * 0.52)
  return [['address', address], ...fixed, ['last event', rest - address]]
}

/** In cells: a name, and the space after it. */
const NAME = 14

/** Name and address of each row, cut in the middle, and never where an address differs from the others. */
const toAddresses = (rows: readonly Row[], room: number): Map<Row, string> => {
  const bare = rows.map(({ address }) => bareAddress(address))
  const alone = cutApart(bare, room)
  const besideName = cutApart(bare, room - NAME)
  return new Map(
    rows.map((row, i) => {
      const address = bare[i] ?? ''
      if (row.label === undefined) return [row, alone.get(address) ?? '']
      const name = toCell(short(row.label, NAME), NAME).trimEnd()
      return [row, `${name} ${besideName.get(address)}`]
    }),
  )
}

/** `now`: by the clock that the rows go by. */
export const drawTable = (rows: readonly Row[], now: number, columns: number): string => {
  const widths = widthsOf(columns)
  const line = (textOf: (column: Column, width: number) => string) =>
    widths.map(([column, width]) => textOf(column, width)).join('')
  const addresses = toAddresses(rows, (widths[0]?.[1] ?? 0) - 1)
  const drawRow = (row: Row) =>
    line((column, width) => {
      if (column === 'address') return toCell(addresses.get(row) ?? '', width)
      if (column === 'state') return inColourOf(row.state, toCell(short(row.state), width))
      if (column === 'since') return toCell(age(now - row.since), width)
      return toCell(column === 'last event' ? row.last : short(row[column]), width)
    })
  return [line((column, width) => bold(toCell(column, width))), ...rows.map(drawRow)].join('\n')
}
