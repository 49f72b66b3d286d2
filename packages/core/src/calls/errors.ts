import { printable } from '../edges/printable.js'
import type { PeerKey } from '../model/connection.js'
import { HubError } from '../model/errors.js'

// Why a call ended without an answer of the transport. Made only where somebody waits for it.

export const cancelled = (): HubError =>
  new HubError('DIAL_CANCELLED', 'disconnect() was called during the dial.')

export const hubClosed = (): HubError =>
  new HubError('HUB_CLOSED', 'This hub is closed. Create a new one.')

export const entryGone = (): HubError =>
  new HubError('SESSION_CLOSED', 'The connection ended, and this extra dial with it.')

export const closedAtOnce = (): HubError =>
  new HubError('SESSION_CLOSED', 'The session closed at once. Try again.')

export const closeTimedOut = (timeout: number): HubError =>
  new HubError('CLOSE_TIMEOUT', `The session did not close within ${timeout} ms. Disconnect again.`)

export const dialTimedOut = (timeout: number): HubError =>
  new HubError(
    'DIAL_TIMEOUT',
    `No answer within ${timeout} ms. Is the peer online? Else raise the timeout.`,
  )

export const heldTooLong = (timeout: number, why: string): HubError =>
  new HubError(
    'DIAL_TIMEOUT',
    `Held for more than ${timeout} ms (${why}). Hold shorter, or raise holdTimeout.`,
  )

export const dialSelf = (): HubError =>
  new HubError('DIAL_SELF', 'This address is our own: nothing to connect to.')

export const wrongPeer = (expected: PeerKey | undefined, proved: PeerKey | undefined): HubError =>
  new HubError('WRONG_PEER', printable(`The peer proved the key ${proved}, not ${expected}.`))

export const outOfPatience = (timeout: number): HubError =>
  new HubError(
    'WAIT_TIMEOUT',
    `The dial did not end within ${timeout} ms. Raise the timeout, or connect again.`,
  )
