import { printable } from '../edges/printable.js'
import type { PeerKey } from '../model/connection.js'
import { HubError } from '../model/errors.js'

// Why a call ended without an answer of the transport. Made only where somebody waits for it.

export const cancelled = (): HubError =>
  new HubError('DIAL_CANCELLED', 'disconnect() was called for this address during the dial.')

export const hubClosed = (): HubError =>
  new HubError('HUB_CLOSED', 'The hub was closed during this call.')

export const entryGone = (): HubError =>
  new HubError(
    'SESSION_CLOSED',
    'The connection to this address ended, and this extra dial with it.',
  )

export const closedAtOnce = (): HubError =>
  new HubError('SESSION_CLOSED', 'The session closed before it could be used. Try again.')

export const closeTimedOut = (timeout: number): HubError =>
  new HubError('CLOSE_TIMEOUT', `The session did not close within ${timeout} ms. Disconnect again.`)

export const dialTimedOut = (timeout: number): HubError =>
  new HubError(
    'DIAL_TIMEOUT',
    `No answer within ${timeout} ms. Check that the peer is online, or raise the timeout.`,
  )

export const heldTooLong = (timeout: number, why: string): HubError =>
  new HubError(
    'DIAL_TIMEOUT',
    `The dial was held for more than ${timeout} ms (${why}). Raise holdTimeout, or hold shorter.`,
  )

export const dialSelf = (): HubError =>
  new HubError('DIAL_SELF', 'This address is our own: nothing to connect to.')

export const wrongPeer = (expected: PeerKey | undefined, proved: PeerKey | undefined): HubError =>
  new HubError(
    'WRONG_PEER',
    `The peer proved the key ${printable(String(proved))}, and ${printable(String(expected))} was expected.`,
  )

export const outOfPatience = (timeout: number): HubError =>
  new HubError(
    'WAIT_TIMEOUT',
    `The dial that this call joined did not end within ${timeout} ms. Wait longer, or call connect() again.`,
  )
