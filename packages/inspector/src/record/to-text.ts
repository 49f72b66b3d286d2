import type { Line, RecordedEntry, StepLine } from './lines.js'

/** How many texts are remembered as JSON: addresses and keys come again with each step. */
const REMEMBERED = 10_000

/** In characters: longer texts, which strangers may send, are not remembered. */
const MOST_REMEMBERED = 256

/** A line as JSON: character by character what `JSON.stringify` makes, which takes twice as long for the step of an entry. */
export const createToText = (): ((line: Line) => string) => {
  const known = new Map<string, string>()
  const quote = (text: string): string => {
    let quoted = known.get(text)
    if (quoted === undefined) {
      quoted = JSON.stringify(text)
      if (text.length > MOST_REMEMBERED) return quoted
      if (known.size === REMEMBERED) known.clear()
      known.set(text, quoted)
    }
    return quoted
  }

  const entryText = (entry: RecordedEntry): string => {
    const { address, key, kind, state, sessions, createdAt, since, updatedAt } = entry
    const { reason, waits, data } = entry
    let text = `{"address":${quote(address)}`
    if (key !== undefined) text += `,"key":${quote(key)}`
    if (kind !== undefined) text += `,"kind":${quote(kind)}`
    text += `,"state":"${state}","sessions":[`
    let comma = ''
    for (const session of sessions) {
      text += `${comma}{"id":${session.id},"direction":${quote(session.direction)}`
      if (session.key !== undefined) text += `,"key":${quote(session.key)}`
      if (session.kind !== undefined) text += `,"kind":${quote(session.kind)}`
      text += '}'
      comma = ','
    }
    text += `],"createdAt":${createdAt},"since":${since},"updatedAt":${updatedAt}`
    if (reason !== undefined) text += `,"reason":${JSON.stringify(reason)}`
    if (waits !== undefined) text += `,"waits":${JSON.stringify(waits)}`
    if (data !== undefined) text += `,"data":${JSON.stringify(data)}`
    return `${text}}`
  }

  const stepText = (line: StepLine): string => {
    const { type, seq, at, address, key, session, direction, reason, initiator, error, entry } =
      line
    let text = `{"type":"${type}"`
    if (seq !== undefined) text += `,"seq":${seq}`
    text += `,"at":${at},"address":${quote(address)}`
    if (key !== undefined) text += `,"key":${quote(key)}`
    if (session !== undefined) text += `,"session":${session}`
    if (direction !== undefined) text += `,"direction":${quote(direction)}`
    if (reason !== undefined) text += `,"reason":${JSON.stringify(reason)}`
    if (initiator !== undefined) text += `,"initiator":"${initiator}"`
    if (error !== undefined) text += `,"error":${JSON.stringify(error)}`
    if (entry !== undefined) text += `,"entry":${entryText(entry)}`
    return `${text}}`
  }

  return (line) =>
    line.type === 'begin' ||
    line.type === 'entry' ||
    line.type === 'ready' ||
    line.type === 'refused' ||
    line.type === 'error' ||
    line.type === 'close'
      ? JSON.stringify(line)
      : stepText(line)
}
