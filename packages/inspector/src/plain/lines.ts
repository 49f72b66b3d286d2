import type { Explained } from '../protocol.js'
import { MAX, Truncator } from './truncator.js'

const MOST = 20
/** By which an explanation may tell how long it holds. */
const TIMES = ['until', 'at'] as const
/** By which it may tell what it says. */
const TEXTS = ['text', 'message', 'why', 'what'] as const

/** What explains a peer, whatever its form: texts, or objects with texts and times. What cannot be read is left out. */
export const toLines = (given: unknown): Explained => {
  const lines: string[] = []
  let nextAt: number | undefined
  const items = Array.isArray(given) ? given : given === undefined ? [] : [given]
  for (const item of items.slice(0, MOST)) {
    const { text, at } = toLine(item)
    if (text) lines.push(new Truncator().text(text, MAX.text))
    if (at !== undefined) nextAt = Math.min(nextAt ?? at, at)
  }
  return { lines, ...(nextAt !== undefined && { nextAt }) }
}

const toLine = (item: unknown): { text?: string; at?: number } => {
  try {
    if (typeof item === 'string') return { text: item }
    const record = Object(item) as Record<string, unknown>
    const at = TIMES.map((name) => record[name]).find((time) => Number.isFinite(time))
    const words = TEXTS.map((name) => record[name]).find((text) => typeof text === 'string')
    const by = typeof record.by === 'string' ? `${record.by}: ` : ''
    const nextAt = Number.isFinite(record.nextAt) ? { at: record.nextAt as number } : {}
    const until = at === undefined ? '' : ` (${new Date(at as number).toISOString().slice(0, 19)}Z)`
    return words === undefined ? nextAt : { text: `${by}${words}${until}`, ...nextAt }
  } catch {
    return {}
  }
}
