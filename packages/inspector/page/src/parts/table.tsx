import { useMemo, useRef, useState } from 'preact/hooks'
import { useVirtual } from '../hooks.js'
import { type Filter, toTest } from '../state/filter.js'
import type { Mirror } from '../state/mirror.js'
import { type Column, type Order, sortEntries } from '../state/sort.js'
import { TableRow } from './table-row.js'

interface Props {
  readonly mirror: Mirror
  readonly filter: Filter
  readonly chosen: string | undefined
  readonly choose: (address: string) => void
  readonly now: number
}

const COLUMNS: readonly Column[] = [
  'state',
  'direction',
  'kind',
  'address',
  'key',
  'since',
  'sessions',
]
const ROW_HEIGHT = 30
/** How often the order is made anew, in ms: rows that jump at each frame cannot be read. */
const CALM = 250

/** The addresses of the rows: at once where the reader asked for another order, else now and then. */
const useRows = (mirror: Mirror, filter: Filter, order: Order): readonly string[] => {
  const made = useRef<{ at: number; filter: Filter; order: Order; rows: string[] }>()
  const now = performance.now()
  const { current } = made
  if (current?.filter === filter && current.order === order && now - current.at < CALM) {
    return current.rows
  }
  const test = toTest(filter)
  const all = [...mirror.entries.values()]
  const rows = sortEntries(test ? all.filter(test) : all, order).map(({ address }) => address)
  made.current = { at: now, filter, order, rows }
  return rows
}

/** All entries, to search and to sort. */
export const Table = ({ mirror, filter, chosen, choose, now }: Props) => {
  const scroller = useRef<HTMLDivElement>(null)
  const body = useRef<HTMLTableSectionElement>(null)
  const [order, setOrder] = useState<Order>({ column: 'since', descending: true })
  const [tabbable, setTabbable] = useState(0)
  const rows = useRows(mirror, filter, order)
  const virtual = useVirtual(scroller, { count: rows.length, heightOf: () => ROW_HEIGHT })
  const items = virtual.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const stop = Math.min(Math.max(tabbable, first), last)
  const step = useMemo(() => toStep(body, setTabbable), [])

  return (
    <section class="table" aria-labelledby="table-title">
      <div class="head">
        <h2 id="table-title">Connections</h2>
        <p class="hint">
          {rows.length.toLocaleString('en')} of {mirror.entries.size.toLocaleString('en')}
        </p>
      </div>
      <div ref={scroller} class="scroll">
        <table aria-labelledby="table-title" aria-rowcount={rows.length + 1}>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <Head key={column} {...{ column, order, setOrder }} />
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={step}>
            <tr class="space" aria-hidden="true" style={{ height: above }} />
            {items.map(({ index }) => {
              const entry = mirror.entries.get(rows[index] ?? '')
              const stops = index === stop
              const row = { entry, index, choose, stops, isChosen: entry?.address === chosen }
              return <TableRow key={index} {...row} age={entry ? now - entry.since : 0} />
            })}
            <tr class="space" aria-hidden="true" style={{ height: below }} />
          </tbody>
        </table>
        {rows.length === 0 && mirror.entries.size > 0 && (
          <p class="hint">Nothing passes the filter. Clear it to see all.</p>
        )}
      </div>
    </section>
  )
}

/** The arrows lead from row to row. */
const toStep =
  (body: { current: HTMLElement | null }, setTabbable: (index: number) => void) =>
  (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const from = (event.target as Element).closest<HTMLElement>('[data-row]')
    if (!by || !from) return
    const index = Number(from.dataset.row) + by
    const next = body.current?.querySelector<HTMLElement>(`[data-row="${index}"] button`)
    if (!next) return
    event.preventDefault()
    setTabbable(index)
    next.focus()
  }

interface HeadProps {
  readonly column: Column
  readonly order: Order
  readonly setOrder: (order: Order) => void
}

const Head = ({ column, order, setOrder }: HeadProps) => {
  const sorted = order.column === column
  const direction = order.descending ? 'descending' : 'ascending'
  return (
    <th scope="col" class={column} aria-sort={sorted ? direction : 'none'}>
      <button
        type="button"
        class="plain"
        onClick={() => setOrder({ column, descending: sorted && !order.descending })}
      >
        {column}
      </button>
    </th>
  )
}
