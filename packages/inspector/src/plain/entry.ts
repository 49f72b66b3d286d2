import type { Connection, Session } from '@conn-hub/core'
import type { PlainEntry } from '../protocol.js'
import { toDataText } from './data.js'
import { type LabelOf, labelByName } from './label.js'
import { MAX, Truncator } from './truncator.js'

/** An entry without its sessions and without anything that is long. */
export const toPlainEntry = (
  entry: Connection<unknown>,
  labelOf: LabelOf = labelByName,
): PlainEntry => {
  const truncator = new Truncator()
  const { address, key, kind, state, sessions, createdAt, since, updatedAt } = entry
  const data = toDataText(entry.data)
  const plain = {
    address: truncator.text(address, MAX.address),
    key: truncator.optional(key, MAX.key),
    kind: truncator.optional(kind, MAX.key),
    label: labelOf(entry),
    state,
    waits: truncator.optional(state === 'connecting' ? entry.waits : undefined, MAX.text),
    direction: directionOf(sessions),
    sessions: sessions.length,
    createdAt,
    since,
    updatedAt,
    reason: truncator.optional(state === 'disconnecting' ? entry.reason : undefined, MAX.text),
    data: data.text,
  }
  return truncator.cut || data.cut ? { ...plain, cut: true } : plain
}

const directionOf = (sessions: readonly Session<unknown>[]): PlainEntry['direction'] => {
  const directions = new Set(sessions.map(({ direction }) => direction))
  const [only] = directions
  return directions.size > 1 ? 'both' : only
}
