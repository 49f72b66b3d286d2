import type { Address, Connection, Metadata, PeerKey, Session } from './connection.js'
import type { Refusal } from './events.js'

/** What can be read off an address without dialing it. */
export interface Description {
  /** Whom the address names. A name, until a session has proved it. */
  readonly key?: PeerKey | undefined
  /** The sort of link, in the transport's own words. */
  readonly kind?: string | undefined
}

/**
 * One try to open a session. The transport settles it once, at once or later; what comes twice or late is ignored, and a
 * session that comes late is closed. Its functions need no `this`.
 */
export interface DialAttempt<S> {
  /** Aborts when nobody waits any more: cancelled, out of time, or the hub has closed. Made when it is asked for. */
  readonly signal: AbortSignal
  /** What the `connect()` that began the dial was given as `data`. */
  readonly data: Metadata
  /** Who is expected, by the address or by the caller. A session that proves another key is refused. */
  readonly key?: PeerKey | undefined
  /** The dial worked. A session of our own key, one that has closed already, and one that proves another key fail the attempt. */
  succeed(session: Session<S>): void
  /** The dial failed. An error that has a `code` of a `HubError` keeps it; else the caller gets `DIAL_FAILED` with this as `cause`. */
  fail(error: unknown): void
  /**
   * Stops the clock of this dial, for what must happen before it can begin: a place in a queue, a permit. Give back what it returns to
   * let the clock begin anew, in full. Holds count. All of them together last at most `holdTimeout`; then the dial fails
   * with `DIAL_TIMEOUT`.
   *
   * @param why What it waits for; the `connecting` entry shows it as `waits`.
   *
   * @example
   * const queued = decorate(transport, {
   *   dial: (address, attempt, inner) => {
   *     const release = attempt.hold('a place in the queue')
   *     queue.add(() => {
   *       release()
   *       inner(address, attempt)
   *     })
   *   },
   * })
   * await createHub({ transport: queued }).connect('mem:bob')
   */
  hold(why: string): () => void
  /**
   * Calls `listener` once when the attempt has ended, however it did; at once where it has. What it throws or rejects with goes to `error`.
   *
   * @example
   * const limited = decorate(transport, {
   *   dial: (address, attempt, inner) => {
   *     count.running++
   *     attempt.ended(() => count.running--)
   *     inner(address, attempt)
   *   },
   * })
   * await createHub({ transport: limited }).connect('mem:bob')
   */
  ended(listener: () => void): void
}

/** A session that this hub did not dial. */
export interface Inbound<S> {
  /** Where the peer is reached, as far as the transport can say: its entry stands under it. */
  readonly address: Address
  /** The open session. */
  readonly session: Session<S>
}

/** The hub that listens, as its transport may see it: live, and each hub gives its own. */
export interface HubSide<S> {
  /** As `hub.get()`. */
  get(address: Address): Connection<S> | undefined
  /** As `hub.byKey()`. */
  byKey(key: PeerKey): readonly Connection<S>[]
  /** As `hub.entries()`. */
  entries(): IterableIterator<Connection<S>>
  /** How many entries there are. */
  readonly size: number
  /** How many sessions are open in the entries, counted when they enter and leave. */
  readonly sessions: { readonly inbound: number; readonly outbound: number }
  /** As `hub.disconnect()`: told as ours. */
  disconnect(
    address: Address,
    options?: { readonly session?: Session<S>; readonly reason?: string | undefined },
  ): Promise<boolean>
  /** Tells whoever listens to `refused` what was turned away. Checks it, cuts it, and never throws. */
  refused(refusal: Refusal): void
}

/**
 * What the hub needs of a network. Everything else of it stays the transport's own business.
 *
 * @example
 * const transport: Transport<Socket> = {
 *   describe: (address) => ({ kind: address.startsWith('play:') ? 'play' : undefined }),
 *   dial: (address, attempt) => attempt.succeed(open(address)),
 * }
 * const socket = await createHub({ transport }).connect('play:anna')
 */
export interface Transport<S> {
  /** Our own key: sessions with ourselves are never tracked. */
  readonly self?: PeerKey | undefined
  /** Reads an address, without side effects and without delay. Throws where it is none. */
  describe(address: Address): Description
  /**
   * Opens a session and settles `attempt`, now or later. What it throws fails the attempt. It returns nothing: an async
   * function belongs in `dialer()`.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: the union keeps the compiler from taking a function that returns a promise.
  dial(address: Address, attempt: DialAttempt<S>): void | undefined
  /** Hands over each session that others open, until the returned function is called. */
  listen?(accept: (inbound: Inbound<S>) => void, side: HubSide<S>): () => void
}
