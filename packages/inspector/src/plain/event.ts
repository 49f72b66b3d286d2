import type { ConnectionEvent } from '@conn-hub/core'
import type { PlainError, PlainEvent } from '../protocol.js'
import { MAX, Truncator } from './truncator.js'

/** An event without its session, and without anything that is long. */
export const toPlainEvent = (event: ConnectionEvent<unknown>): PlainEvent => {
  const truncator = new Truncator()
  const { seq, at, type, address, key } = event
  return {
    seq,
    at,
    type,
    address: truncator.text(address, MAX.address),
    key: truncator.optional(key, MAX.key),
    ...detailsOf(event, truncator),
  }
}

const detailsOf = (event: ConnectionEvent<unknown>, truncator: Truncator): Partial<PlainEvent> => {
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
        reason: truncator.text(reason, MAX.text),
        initiator,
        error: error === undefined ? undefined : toPlainError(error),
      }
    }
  }
}

/** What was thrown can be anything, and may throw when it is read. */
export const toPlainError = (error: unknown): PlainError => {
  const truncator = new Truncator()
  try {
    const { code, message = error } = Object(error) as { code?: unknown; message?: unknown }
    return {
      code: typeof code === 'string' ? truncator.text(code, MAX.key) : undefined,
      message: truncator.text(String(message), MAX.text),
    }
  } catch {
    return { message: 'an error that cannot be printed' }
  }
}
