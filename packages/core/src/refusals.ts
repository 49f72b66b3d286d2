import { HubError } from './errors.js'

// Why a dial or a disconnect ended without an answer of the transport. Made only where somebody waits for it.

export const cancelled = (): HubError =>
  new HubError('DIAL_CANCELLED', 'disconnect() was called for this address during the dial.')

export const hubClosed = (): HubError =>
  new HubError('HUB_CLOSED', 'The hub was closed during this dial.')

export const entryGone = (): HubError =>
  new HubError(
    'SESSION_CLOSED',
    'The connection to this address ended, and this extra dial with it.',
  )

export const closedAtOnce = (): HubError =>
  new HubError('SESSION_CLOSED', 'The session closed before it could be used. Try again.')

export const closeTimedOut = (timeout: number): HubError =>
  new HubError('CLOSE_TIMEOUT', `The session did not close within ${timeout} ms. Disconnect again.`)
