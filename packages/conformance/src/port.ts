import type { Address, DialAttempt, Direction, Metadata, PeerKey } from '@conn-hub/core'

// The port as the rules see it: what a transport may have, of either edition. What is optional here is judged
// where it is there.

/** What has passed over a session so far. The numbers never go down. */
export interface Traffic {
  readonly bytesIn?: number | undefined
  readonly bytesOut?: number | undefined
  readonly messagesIn?: number | undefined
  readonly messagesOut?: number | undefined
  /** When anything at all came last, in ms since 1970. */
  readonly heardAt?: number | undefined
}

export interface PortSession<S> {
  readonly handle: S
  readonly direction: Direction
  readonly key?: PeerKey | undefined
  readonly kind?: string | undefined
  close(reason: string): void | Promise<void>
  /** Ends the link at once. */
  destroy?(): void
  onClosed(listener: (error?: unknown, reason?: string) => void): void
  /** Resolves when the other side has answered. */
  probe?(signal: AbortSignal): Promise<void>
  traffic?(): Traffic
}

export interface PortAttempt<S> extends DialAttempt<S> {
  readonly data: Metadata
  readonly key?: PeerKey | undefined
  hold(why: string): () => void
  ended(listener: () => void): void
}

export interface PortInbound<S> {
  readonly address: Address
  readonly session: PortSession<S>
}

/** What a transport sees of the hub that listens. */
export interface PortSide {
  get(address: Address): undefined
  byKey(key: PeerKey): readonly []
  entries(): IterableIterator<never>
  readonly size: number
  readonly sessions: { readonly inbound: number; readonly outbound: number }
  disconnect(address: Address): Promise<boolean>
  refused(refusal: unknown): void
}

export interface PortTransport<S> {
  dial(address: Address, attempt: PortAttempt<S>): unknown
  listen?(accept: (inbound: PortInbound<S>) => void, side: PortSide): () => void
}
