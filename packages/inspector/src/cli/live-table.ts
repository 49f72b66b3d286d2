import { createLogUpdate } from 'log-update'
import type { Listener } from './link.js'
import { Picture } from './picture.js'
import { drawTable } from './table.js'

/** In ms: fast enough to follow, and slow enough for any terminal. */
const FRAME = 100
/** The ages in the table go on, also where nothing happens. */
const TICK = 1_000
/** Title, head, what is left out, the last line, and the one where the cursor is. */
const OTHER_LINES = 5
const LEAST_ROWS = 3

/** A table that is drawn again in place. `end` draws it for the last time. */
export const createLiveTable = (
  title: string,
  output: NodeJS.WriteStream,
): Listener & { end(): void } => {
  const draw = createLogUpdate(output)
  const picture = new Picture()
  let isLost = false
  let frame: NodeJS.Timeout | undefined

  const paint = () => {
    frame = undefined
    const rows = picture.rows(Math.max(LEAST_ROWS, output.rows - OTHER_LINES))
    const shown = rows.filter(({ state }) => state !== 'disconnected').length
    const more = picture.size - shown
    const lines = [
      `${title}: ${summaryOf(picture, isLost)}`,
      drawTable(rows, picture.now, output.columns),
      ...(more > 0 ? [`… and ${more} more, where nothing has changed for longer`] : []),
      'Ctrl-C ends it.',
    ]
    draw(lines.join('\n'))
  }
  const paintSoon = () => {
    frame ??= setTimeout(paint, FRAME)
  }
  const ticking = setInterval(paintSoon, TICK)

  return {
    hear: (message) => {
      isLost = false
      picture.take(message)
      paintSoon()
    },
    lost: () => {
      isLost = true
      paintSoon()
    },
    end: () => {
      clearInterval(ticking)
      clearTimeout(frame)
      paint()
      draw.done()
    },
  }
}

const summaryOf = (picture: Picture, isLost: boolean): string => {
  if (isLost) return 'the link is lost, trying again'
  if (picture.isClosed) return 'the hub has closed'
  if (picture.size === 0) return 'no entries'
  const counts = (['connected', 'connecting', 'disconnecting'] as const)
    .map((state) => [picture.countOf(state), state] as const)
    .filter(([count]) => count > 0)
  return counts.map((part) => part.join(' ')).join(', ')
}
