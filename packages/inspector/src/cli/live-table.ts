import { dim } from './colours.js'
import { createDrawing } from './drawing.js'
import { FROM_THE_TOP, press } from './keys.js'
import type { Listener } from './link.js'
import { Picture } from './picture.js'
import { drawTable } from './table.js'
import { short } from './words.js'

/** In ms: fast enough to follow, and slow enough for any terminal. */
const FRAME = 100
/** The ages in the table go on, also where nothing happens. */
const TICK = 1_000
/** Title, head, what is left out, the last line, and the one where the cursor is. */
const OTHER_LINES = 5
const LEAST_ROWS = 3

export interface LiveTable extends Listener {
  /** A key was pressed. True: whoever looks has had enough. */
  press(key: string): boolean
  /** Draws it for the last time. */
  end(): void
}

/** A table that is drawn again in place. `hasKeys`: somebody can type. */
export const createLiveTable = (
  title: string,
  output: NodeJS.WriteStream,
  hasKeys = false,
): LiveTable => {
  const drawing = createDrawing(output)
  const picture = new Picture()
  let looked = FROM_THE_TOP
  let name = title
  let isLost = false
  let frame: NodeJS.Timeout | undefined
  let total = 0

  // Some terminals do not say how large they are.
  const widthOf = () => output.columns || 80
  const pageOf = () => Math.max(LEAST_ROWS, (output.rows || 24) - OTHER_LINES)
  const paint = () => {
    frame = undefined
    const { first, filter } = looked
    const found = picture.rows(first, pageOf(), filter)
    total = found.total
    const above = first > 0 ? `${first} above, ` : ''
    const below = Math.max(0, total - first - found.rows.length)
    const lines = [
      short(`${name}: ${summaryOf(picture, isLost)}`, widthOf()),
      drawTable(found.rows, picture.now, widthOf()),
      ...(first > 0 || below > 0 ? [dim(`… ${above}${below} more`)] : []),
      short(hasKeys ? helpOf(looked) : 'Ctrl-C ends it.', widthOf()),
    ]
    drawing.draw(lines.join('\n'))
  }
  const paintSoon = () => {
    frame ??= setTimeout(paint, FRAME)
  }
  const ticking = setInterval(paintSoon, TICK)

  return {
    hear: (message) => {
      isLost = false
      if (message.name === 'hello' && message.data.name) name = `${title}, ${message.data.name}`
      picture.take(message)
      paintSoon()
    },
    lost: () => {
      isLost = true
      paintSoon()
    },
    press: (key) => {
      const next = press(looked, key, { total, page: pageOf() })
      if (next === 'end') return true
      looked = next
      paintSoon()
      return false
    },
    end: () => {
      clearInterval(ticking)
      clearTimeout(frame)
      paint()
      drawing.end()
    },
  }
}

const helpOf = ({ filter, isTyping }: typeof FROM_THE_TOP): string => {
  if (isTyping) return `/${filter}▏ Enter keeps it, Esc clears it`
  const found = filter === '' ? '' : `/${filter} (Esc clears it)  `
  return `${found}↑↓ PgUp PgDn scroll  / filters  q ends it`
}

const STATES = ['connected', 'connecting', 'disconnecting']

const summaryOf = (picture: Picture, isLost: boolean): string => {
  if (isLost) return 'the link is lost, trying again'
  if (picture.isClosed) return 'the hub has closed'
  const counts = STATES.map((state) => [picture.countOf(state), state] as const)
  const known = [...counts, [picture.down, 'down'] as const].filter(([count]) => count > 0)
  return known.length === 0 ? 'no entries' : known.map((part) => part.join(' ')).join(', ')
}
