import Table from 'cli-table3'
import colors from 'picocolors'
import type { Row } from './picture.js'
import { age, describeEvent, short, shortAddress } from './words.js'

const HEAD = ['address', 'state', 'direction', 'kind', 'since', 'last event']
/** Without the last, which takes what is left of the line. */
const WIDTHS = [29, 14, 11, 10, 8]
const LEAST_WIDTH = 12

const COLOURS = {
  connecting: colors.yellow,
  connected: colors.green,
  disconnecting: colors.magenta,
  disconnected: colors.dim,
}

/** Many terminals are small: lines between the cells would take a quarter of one. */
const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((place) =>
    [place, `${place}-mid`, `${place}-left`, `${place}-right`].map((part) => [part, '']),
  ),
)

/** `now`: by the clock that the rows go by. */
export const drawTable = (rows: readonly Row[], now: number, columns: number): string => {
  const rest = columns - WIDTHS.reduce((sum, width) => sum + width, 0) - 1
  const table = new Table({
    head: HEAD.map((title) => colors.bold(title)),
    chars: { ...NO_LINES, middle: '' },
    colWidths: [...WIDTHS, Math.max(LEAST_WIDTH, rest)],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  })
  for (const { address, state, direction, kind, since, last } of rows) {
    table.push([
      shortAddress(address),
      COLOURS[state](state),
      direction,
      short(kind),
      age(now - since),
      last ? describeEvent(last) : '',
    ])
  }
  return table.toString()
}
