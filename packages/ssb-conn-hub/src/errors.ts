import { HubError, isHubError } from '@conn-hub/core'

// Apps compare these messages, so they are those of ssb-conn-hub to the letter.

export const invalidAddress = (cause?: unknown): HubError =>
  new HubError('INVALID_ADDRESS', 'The given address is not a valid multiserver-address', { cause })

export const invalidData = (cause?: unknown): HubError =>
  new HubError('INVALID_DATA', 'The data must be an object of named fields, all of them readable', {
    cause,
  })

export const closed = (): HubError =>
  new HubError('HUB_CLOSED', 'This ConnHub instance is closed, create a new one.')

/** The error as ssb-conn-hub would give it: what the sbot said, not what the hub made of it. */
export const toOriginal = (error: unknown): unknown => {
  if (!isHubError(error)) return error
  if (error.code === 'HUB_CLOSED') return closed()
  if (error.code === 'INVALID_ADDRESS' || error.code === 'ADDRESS_TOO_LONG') {
    return invalidAddress(error)
  }
  const wrapped = error.code === 'DIAL_FAILED' || error.code === 'CLOSE_FAILED'
  return wrapped && error.cause !== undefined ? error.cause : error
}
