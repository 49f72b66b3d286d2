import { useMemo, useRef, useState } from 'preact/hooks'
import type { PlainEntry } from '../../../src/protocol.js'
import { toStep } from '../focus.js'
import { useHeld } from '../hold.js'
import { useVirtual, useWidth } from '../hooks.js'
import { cutApart } from '../state/cut.js'
import { type Filter, toTest } from '../state/filter.js'
import type { Mirror } from '../state/mirror.js'
import { type Order, sortEntries } from '../state/sort.js'
import { TableHead } from './table-head.js'
import { TableRow } from './table-row.js'
import type { ViewProps } from './view-props.js'

const ROW_HEIGHT = 30
/** How often the order is made anew, in ms: rows that jump at each frame cannot be read. */
const CALM = 250
/** Of a character, in px, and what is beside the address in its cell. */
const CHAR = 7.25
const BESIDE = 20
/** In characters, at most, with the space after it. */
const NAME = 19

interface Rows {
  readonly at: number
  readonly filter: Filter
  readonly order: Order
  /** How many there were when the order was made: rows and numbers are of one moment. */
  readonly total: number
  readonly entries: readonly PlainEntry[]
}

/** The rows: at once where the reader asked for another order, else now and then, and never while they are pointed at. */
const useRows = (mirror: Mirror, filter: Filter, order: Order, isHeld: () => boolean): Rows => {
  const made = useRef<Rows>()
  const now = performance.now()
  const { current } = made
  if (current?.filter === filter && current.order === order && mirror.complete) {
    if (now - current.at < CALM || (current.entries.length > 0 && isHeld())) return current
  }
  const test = toTest(filter)
  const all = [...mirror.entries.values()]
  const former = current?.order === order ? current.entries : []
  const entries = sortEntries(test ? all.filter(test) : all, order, former)
  made.current = { at: now, filter, order, total: all.length, entries }
  return made.current
}

/** All entries, to search and to sort. */
export const Table = ({ mirror, filter, chosen, choose, now }: ViewProps) => {
  const scroller = useRef<HTMLDivElement>(null)
  const body = useRef<HTMLTableSectionElement>(null)
  const [order, setOrder] = useState<Order>({ column: 'since', descending: true })
  const [tabbable, setTabbable] = useState(0)
  const isHeld = useHeld(body)
  const rows = useRows(mirror, filter, order, isHeld)
  const { entries } = rows
  const width = useWidth(scroller)
  const virtual = useVirtual(scroller, { count: entries.length, heightOf: () => ROW_HEIGHT })
  const items = virtual.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const stop = Math.min(Math.max(tabbable, first), last)
  const step = useMemo(() => toStep(body, setTabbable), [])
  const room = Math.floor((addressWidth(scroller.current, width) - BESIDE) / CHAR)
  const shown = items.map(({ index }) => entries[index]?.address ?? '')
  const words = cutApart(shown, room)
  const besideName = cutApart(shown, room - NAME)

  return (
    <>
      <p class="count">
        {entries.length.toLocaleString('en')} of {rows.total.toLocaleString('en')}
        {rows.at < performance.now() - CALM && ' · order held'}
      </p>
      <div ref={scroller} class="scroll">
        <table aria-label="Connections" aria-rowcount={entries.length + 1}>
          <TableHead order={order} setOrder={setOrder} />
          <tbody ref={body} onKeyDown={step}>
            <tr class="space" aria-hidden="true" style={{ height: above }} />
            {items.map(({ index }) => {
              const known = entries[index]
              if (!known) return null
              const entry = mirror.entries.get(known.address)
              const { address, label } = known
              const short = label ? besideName : words
              const place = { index, choose, stops: index === stop, isChosen: address === chosen }
              return (
                <TableRow
                  key={address}
                  {...place}
                  entry={entry ?? known}
                  isGone={!entry}
                  words={short.get(address) ?? ''}
                  age={now - (entry ?? known).since}
                />
              )
            })}
            <tr class="space" aria-hidden="true" style={{ height: below }} />
          </tbody>
        </table>
        {entries.length === 0 && (
          <p class="hint">
            {mirror.entries.size > 0
              ? 'Nothing passes the filter. Clear it to see all.'
              : 'No entries.'}
          </p>
        )}
      </div>
    </>
  )
}

/** In px. What gives way does so by the width of the table. */
const addressWidth = (scroller: HTMLElement | null, width: number): number =>
  scroller?.querySelector<HTMLElement>('th.address')?.clientWidth ?? width / 2
