import type { ConnectionEvent } from '@conn-hub/core'
import type { PlainError, PlainEvent } from '../protocol.js'
import { MAX, Scissors } from './scissors.js'

/** An event without its session, and without anything that is long. */
export const toPlainEvent = (event: ConnectionEvent<unknown>): PlainEvent => {
  const scissors = new Scissors()
  const { seq, at, type, address, key } = event
  return {
    seq,
    at,
    type,
    address: scissors.text(address, MAX.address),
    key: scissors.optional(key, MAX.key),
    ...detailsOf(event, scissors),
  }
}

const detailsOf = (event: ConnectionEvent<unknown>, scissors: Scissors): Partial<PlainEvent> => {
  switch (event.type) {
    case 'connecting':
      return {}
    case 'connected':
      return { direction: event.direction }
    case 'connecting-failed':
    case 'disconnecting-failed':
      return { error: toPlainError(event.error) }
    case 'disconnecting':
    case 'disconnected': {
      const { reason, initiator } = event
      const error = 'error' in event && event.error !== undefined ? event.error : undefined
      return {
        reason: scissors.text(reason, MAX.text),
        initiator,
        error: error === undefined ? undefined : toPlainError(error),
      }
    }
  }
}

/** What was thrown can be anything, and may throw when it is read. */
export const toPlainError = (error: unknown): PlainError => {
  const scissors = new Scissors()
  try {
    const { code, message = error } = Object(error) as { code?: unknown; message?: unknown }
    return {
      code: typeof code === 'string' ? scissors.text(code, MAX.key) : undefined,
      message: scissors.text(String(message), MAX.text),
    }
  } catch {
    return { message: 'an error that cannot be printed' }
  }
}
