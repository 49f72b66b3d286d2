import type { Column, Order } from '../state/sort.js'

const COLUMNS: readonly Column[] = [
  'state',
  'direction',
  'kind',
  'address',
  'key',
  'since',
  'sessions',
]

interface Props {
  readonly order: Order
  readonly setOrder: (order: Order) => void
}

/** The names of the columns, by which one sorts. */
export const TableHead = ({ order, setOrder }: Props) => (
  <thead>
    <tr>
      {COLUMNS.map((column) => {
        const sorted = order.column === column
        const direction = order.descending ? 'descending' : 'ascending'
        return (
          <th key={column} scope="col" class={column} aria-sort={sorted ? direction : 'none'}>
            <button
              type="button"
              class="plain"
              onClick={() => setOrder({ column, descending: sorted && !order.descending })}
            >
              {column}
            </button>
          </th>
        )
      })}
    </tr>
  </thead>
)
