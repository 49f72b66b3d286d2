import { type Address, HubError, type Initiator, type PeerKey } from '@conn-hub/core'

/** How a session, or a dial that was cancelled, has ended. */
export interface End {
  readonly address: Address
  readonly reason: string
  readonly initiator: Initiator
  readonly error: unknown
  /** What the session had proved; none: there was no session, or it had proved nothing. */
  readonly key: PeerKey | undefined
  readonly hadSession: boolean
}

/** What `lastError` shows of a connection that ended. The reason is printable already: the hub has seen to that. */
export const errorOf = ({ reason, initiator, error }: End): unknown =>
  error ??
  new HubError(
    'SESSION_CLOSED',
    `${initiator === 'local' ? 'This side' : 'The other side'} ended the connection: ${reason}.`,
  )

export const keeperClosed = (): HubError =>
  new HubError('KEEPER_CLOSED', 'This keeper is closed, or its hub is. Create a new one.')

/** A dial worked, and yet nothing satisfies: nobody has proved the key. */
export const noLink = (): HubError =>
  new HubError(
    'KEY_NOT_PROVED',
    'A session is open there, and proves no key: nobody knows who it is. Keep the address instead.',
  )
