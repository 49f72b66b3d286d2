import { toDataText } from './data.js'
import { MAX, Truncator } from './truncator.js'

const MOST_ROWS = 500
const MOST_FIELDS = 12

type Row = Record<string, string>

/** What the app gives, as rows of named texts: an array, a map, or anything that can be gone through. */
export const toRows = (given: unknown): Row[] => {
  const rows: Row[] = []
  try {
    for (const item of toItems(given)) {
      rows.push(toRow(item))
      if (rows.length === MOST_ROWS) break
    }
  } catch {
    // What came before it broke is shown.
  }
  return rows
}

const toItems = (given: unknown): Iterable<unknown> => {
  if (given instanceof Map) return [...given].map(([name, value]) => ({ name, ...value }))
  const isIterable = typeof Object(given)[Symbol.iterator] === 'function'
  if (isIterable && typeof given !== 'string') return given as Iterable<unknown>
  return given === undefined || given === null ? [] : [given]
}

const toRow = (item: unknown): Row => {
  if (typeof item !== 'object' || item === null)
    return { name: new Truncator().text(String(item), MAX.text) }
  const row: Row = Object.create(null)
  for (const name of Object.keys(item).slice(0, MOST_FIELDS)) {
    row[name.slice(0, MAX.name)] = toText(item as Record<string, unknown>, name)
  }
  return row
}

const toText = (item: Record<string, unknown>, name: string): string => {
  let value: unknown
  try {
    value = item[name]
  } catch {
    return '[unreadable]'
  }
  const text =
    typeof value === 'string' ? value : (toDataText({ value }).text ?? '{"value":}').slice(9, -1)
  return new Truncator().text(text, MAX.text)
}
