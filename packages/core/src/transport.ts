import type { Address, PeerKey, Session } from './connection.js'

/** What can be read off an address without dialing it. */
export interface Description {
  readonly key?: PeerKey | undefined
  /** The sort of link, in the transport's own words. */
  readonly kind?: string | undefined
}

/**
 * One try to open a session. The transport settles it once, at once or later, and never after `signal` has
 * aborted; what comes twice or late is ignored, and a session that comes late is closed.
 */
export interface DialAttempt<S> {
  /** Aborts when nobody waits any more: cancelled, out of time, or the hub has closed. */
  readonly signal: AbortSignal
  succeed(session: Session<S>): void
  fail(error: unknown): void
}

/** A session that this hub did not dial. */
export interface Inbound<S> {
  readonly address: Address
  readonly session: Session<S>
}

/** What the hub needs of a network. Everything else of it stays the transport's own business. */
export interface Transport<S> {
  /** Our own key: sessions with ourselves are never tracked. */
  readonly self?: PeerKey | undefined
  /** Reads an address, without side effects and without delay. Throws where it is none. */
  describe(address: Address): Description
  /** Opens a session; settles `attempt`. What it throws fails the attempt. */
  dial(address: Address, attempt: DialAttempt<S>): void
  /** Hands over each session that others open, until the returned function is called. */
  listen?(accept: (inbound: Inbound<S>) => void): () => void
}

/**
 * Turns a dialer that returns a promise into the `dial` of a transport.
 *
 * @example
 * const transport = {
 *   describe: () => ({}),
 *   dial: dialer(async (address, signal) => toSession(await open(address, { signal }))),
 * }
 */
export const dialer =
  <S>(open: (address: Address, signal: AbortSignal) => Promise<Session<S>>): Transport<S>['dial'] =>
  (address, attempt) => {
    open(address, attempt.signal).then(
      (session) => attempt.succeed(session),
      (error) => attempt.fail(error),
    )
  }
