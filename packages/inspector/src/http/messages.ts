import type { Messages } from '../protocol.js'

/** In characters: what waits for a reader that is slow is little more than one part. */
export const PART = 64 * 1024
/** What each text of a list takes beside itself. */
const ROUGHLY = 20

/** The next texts, as many as make one part of a message; the iterator gives the rest. */
export const nextPart = (items: Iterator<string>): { part: string[]; more: boolean } => {
  const part: string[] = []
  for (let weight = 0; weight < PART; ) {
    const { done, value } = items.next()
    if (done) return { part, more: false }
    part.push(value)
    weight += ROUGHLY + value.length
  }
  return { part, more: true }
}

/** Texts that are JSON already, as a list. */
export const toList = (texts: readonly string[]): string => `[${texts.join(',')}]`

/** A message as Server-Sent Events have it. JSON text has no line breaks. */
export const toMessage = <N extends keyof Messages>(
  name: N,
  data: Messages[N],
  id?: string,
): string => toRawMessage(name, JSON.stringify(data), id)

/** The same, of JSON text. */
export const toRawMessage = (name: keyof Messages, json: string, id?: string): string => {
  const place = id === undefined ? '' : `id: ${id}\n`
  return `${place}event: ${name}\ndata: ${json}\n\n`
}
