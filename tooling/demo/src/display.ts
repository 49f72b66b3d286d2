import type { ConnectionEvent, Hub } from '@conn-hub/core'
import { createLogUpdate } from 'log-update'
import { Rows } from './rows.js'
import { drawTable } from './table.js'
import { describeEvent, short, shortAddress } from './words.js'

export interface Display {
  /** Something that is no event of the hub. */
  news(text: string): void
  end(): void
}

type Output = NodeJS.WriteStream

/** A live table on a terminal, plain lines anywhere else. */
export const createDisplay = (
  hub: Hub<unknown>,
  titles: readonly string[],
  output: Output,
): Display => (output.isTTY ? liveTable(hub, titles, output) : plainLines(hub, titles, output))

const plainLines = (hub: Hub<unknown>, titles: readonly string[], output: Output): Display => {
  const line = (text: string) => output.write(`${new Date().toISOString()}  ${text}\n`)
  titles.forEach(line)
  const stop = hub.on('*', (event) => line(toLine(event)))
  return { news: (text) => line(short(text, 200)), end: stop }
}

const toLine = (event: ConnectionEvent<unknown>): string =>
  `#${event.seq}  ${shortAddress(event.address)}  ${describeEvent(event)}`

/** In ms: fast enough to follow, and slow enough for any terminal. */
const FRAME = 100
/** The ages in the table go on, also where nothing happens. */
const TICK = 1_000
const NEWS = 5

const liveTable = (hub: Hub<unknown>, titles: readonly string[], output: Output): Display => {
  const draw = createLogUpdate(output)
  const rows = new Rows(hub)
  const news: string[] = []
  let frame: NodeJS.Timeout | undefined

  const paint = () => {
    frame = undefined
    const now = Date.now()
    const table = drawTable(rows.now(now), now, output.columns)
    draw([...titles, table, ...news, 'Ctrl-C ends it.'].join('\n'))
  }
  const paintSoon = () => {
    frame ??= setTimeout(paint, FRAME)
  }
  const stop = hub.on('change', paintSoon)
  const ticking = setInterval(paintSoon, TICK)
  paint()

  return {
    news: (text) => {
      news.push(short(text, output.columns))
      if (news.length > NEWS) news.shift()
      paintSoon()
    },
    end: () => {
      stop()
      clearInterval(ticking)
      clearTimeout(frame)
      paint()
      draw.done()
    },
  }
}
