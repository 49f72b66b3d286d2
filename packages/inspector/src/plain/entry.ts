import type { Connection, Session } from '@conn-hub/core'
import type { PlainEntry } from '../protocol.js'
import { toDataText } from './data.js'
import { MAX, Scissors } from './scissors.js'

/** An entry without its sessions and without anything that is long. */
export const toPlainEntry = (entry: Connection<unknown>): PlainEntry => {
  const scissors = new Scissors()
  const { address, key, kind, state, sessions, createdAt, since, updatedAt } = entry
  const data = toDataText(entry.data)
  const plain = {
    address: scissors.text(address, MAX.address),
    key: scissors.optional(key, MAX.key),
    kind: scissors.optional(kind, MAX.key),
    state,
    direction: directionOf(sessions),
    sessions: sessions.length,
    createdAt,
    since,
    updatedAt,
    reason: scissors.optional(state === 'disconnecting' ? entry.reason : undefined, MAX.text),
    data: data.text,
  }
  return scissors.cut || data.cut ? { ...plain, cut: true } : plain
}

const directionOf = (sessions: readonly Session<unknown>[]): PlainEntry['direction'] => {
  const directions = new Set(sessions.map(({ direction }) => direction))
  const [only] = directions
  return directions.size > 1 ? 'both' : only
}
