import type { Address, PeerKey } from '@conn-hub/core'
import type { Message, UpgradeRequest } from './link.js'

/**
 * How two sides find out who is there, before the hub sees the link. Both sides have the same kind of identity. What it throws refuses
 * the link: a `HubError` with the code `UNAUTHORIZED`, `FORBIDDEN`, `TRY_LATER` or `REFUSED` is told to the other side by its close code.
 *
 * @example
 * const byName: Identity = {
 *   dial: async (hello) => void hello.send('anna'),
 *   accept: async (hello) => String(await hello.receive()),
 * }
 */
export interface Identity {
  /** Our own key: links with ourselves are not kept. */
  readonly self?: PeerKey | undefined
  /** Runs where we dialed. Gives the key that the other side has proved, if any. */
  dial?(hello: Hello): Promise<PeerKey | undefined>
  /** Runs where the other side dialed. Gives the key that it has proved, if any. */
  accept?(hello: Hello): Promise<PeerKey | undefined>
}

/** A link on which the hello runs. */
export interface Hello {
  /** The URL that we dialed. */
  readonly address: Address | undefined
  /** The request by which the other side came. */
  readonly request: UpgradeRequest | undefined
  /** Whether a message waits that nobody has received. */
  readonly hasMore: boolean
  send(message: Message): void
  /** The next message; it may have 16 KiB. Rejects when the link closes: when `helloTimeout` is over, too. */
  receive(): Promise<Message>
}
