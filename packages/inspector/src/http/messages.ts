import type { Messages } from '../protocol.js'

/** In characters: what waits for a reader that is slow is little more than one part. */
const PART = 64 * 1024
/** What the fields of an entry or event take beside its longest texts. */
const ROUGHLY = 300

type Weighed = { readonly address: string; readonly data?: string } | string

/** The next items, as many as make one part of a message; the iterator gives the rest. */
export const nextPart = <T extends Weighed>(items: Iterator<T>): { part: T[]; more: boolean } => {
  const part: T[] = []
  for (let weight = 0; weight < PART; ) {
    const { done, value } = items.next()
    if (done) return { part, more: false }
    part.push(value)
    weight += ROUGHLY + weightOf(value)
  }
  return { part, more: true }
}

const weightOf = (item: Weighed): number =>
  typeof item === 'string' ? item.length : item.address.length + (item.data?.length ?? 0)

/** A message as Server-Sent Events have it. JSON text has no line breaks. */
export const toMessage = <N extends keyof Messages>(
  name: N,
  data: Messages[N],
  id?: string,
): string => {
  const place = id === undefined ? '' : `id: ${id}\n`
  return `${place}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
