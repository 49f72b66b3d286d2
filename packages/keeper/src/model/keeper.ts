import type { Address, Metadata, PeerKey } from '@conn-hub/core'
import type { Clock, Online } from './time.js'

/** What `createKeeper` is given. */
export interface KeeperOptions {
  /** How long to wait between two dials. */
  readonly backoff?: Backoff | undefined
  /** How long a connection must have lasted to count as healthy, in ms: only then the wait is short again. Default 15 000. */
  readonly healthy?: number | undefined
  /** Reasons of our own `disconnect()` that pause an intent, besides the default one. Default none. */
  readonly pausedBy?: readonly string[] | undefined
  /** Default: the global timers, as they are when the keeper is made. */
  readonly clock?: Clock | undefined
  /** Chance, from 0 up to 1. Default `Math.random`, looked up at each use. */
  readonly random?: (() => number) | undefined
  /** Default: what the browser says; elsewhere there is always a network. */
  readonly online?: Online | undefined
  /** Keeps the process alive until `close()`: for a program that does nothing else. Default false. */
  readonly keepAlive?: boolean | undefined
}

/** The wait before dial n + 1 is `random × min(max, base × 2ⁿ)`, where n counts what has failed since the last healthy connection. */
export interface Backoff {
  /** In ms. Default 5 000, so that 1,000 clients that lose their server come back over 5 s. For a page with one server of its own take 500. At most `max`. */
  readonly base?: number | undefined
  /** In ms. Default 30 000: nobody waits longer for a peer that is back. */
  readonly max?: number | undefined
}

/** A peer that is known by its key, and some addresses of it. */
export interface KeyTarget {
  /** Who. Any entry satisfies, one that they opened too, that has a session which has proved this key. */
  readonly key: PeerKey
  /** Where to dial: one of them at a time, the next one after each failure. At least one. */
  readonly addresses: readonly Address[]
}

/** What `keep()` is given. */
export interface KeepOptions<D extends Metadata = Metadata> {
  /** Given to `connect()` at each dial: metadata of the entry. */
  readonly data?: Partial<D> | undefined
  /** Releases the intent when it aborts. */
  readonly until?: AbortSignal | undefined
}

/** `released` after `release()` or `close()`; what the others mean is said at `Kept`. */
export type KeptState = 'connected' | 'connecting' | 'waiting' | 'paused' | 'released'

/**
 * One intent: somebody wants this connection, until it is released. It is live: its fields change.
 *
 * @example
 * const kept = keeper.keep('mem:bob')
 * keeper.on('change', () => console.log(kept.state, kept.nextAt))
 * kept.release()
 */
export interface Kept {
  /** Whose, where it is kept by key. */
  readonly key: PeerKey | undefined
  /** Where it is dialed. */
  readonly addresses: readonly Address[]
  /**
   * `connected`: there is a session. `connecting`: it is being dialed, by whomever. `waiting`: for `nextAt`, or for a network.
   * `paused`: somebody disconnected it on this side, or the keeper is paused.
   */
  readonly state: KeptState
  /** When it will be dialed, in ms since 1970. None while it is open, paused, dialed by the keeper, or there is no network. */
  readonly nextAt: number | undefined
  /** How many dials, and short connections, have failed since the last healthy one. */
  readonly attempts: number
  /** What went wrong last: of a dial, or why the last connection ended. */
  readonly lastError: unknown
  /** When it was first asked for, in ms since 1970; in whole seconds. */
  readonly since: number
  /** Dials in the next turn, paused or offline as it may be. Does nothing while it is open or being dialed, and waits for `resume()` of a paused keeper. */
  now(): void
  /** Ends the intent, and its dial. A connection stays as it is. May be called again. */
  release(): void
}

/** Why something is as it is, for `createExplainer()` of `@conn-hub/policies` and for people. */
export interface Explanation {
  /** Who says it: `keeper` or `liveness`. */
  readonly by: string
  /** One sentence without a full stop, printable. */
  readonly text: string
  /** When it is dialed next, in ms since 1970. */
  readonly nextAt?: number | undefined
}

/** Keeps connections. None of its functions needs `this`. */
export interface Keeper<D extends Metadata = Metadata> {
  /**
   * Wants a connection from now on: to an address, or to a key wherever it is reached. It is dialed in the next turn, and again and again, until it
   * is released. An address that is wanted twice is two intents, which share its dials.
   *
   * Throws `INVALID_ADDRESS`, `ADDRESS_TOO_LONG`, `INVALID_OPTION`, `INVALID_DATA` or `KEEPER_CLOSED`.
   *
   * @example
   * const pub = keeper.keep('mem:bob')
   * const anna = keeper.keep({ key: 'anna', addresses: ['mem:anna'] }, { data: { name: 'Anna' } })
   */
  keep(what: Address | KeyTarget, options?: KeepOptions<D>): Kept
  /**
   * Dials nothing, and cancels what it dials, until `resume()`. Connections stay, and `connect()` goes through.
   *
   * @param why Shown by `explain()`.
   *
   * @example
   * keeper.pause('on battery')
   * keeper.resume()
   */
  pause(why: string): void
  /** Dials again, within 0.2 to 2 s. Intents that were paused by a `disconnect()` stay so: that is what `now()` is for. */
  resume(): void
  /** Goes through all intents. */
  entries(): IterableIterator<Kept>
  /**
   * Tells of each change of each intent. A listener that throws harms nobody; its error is printed.
   *
   * @example
   * const stop = keeper.on('change', ({ state, lastError }) => console.log(state, lastError))
   * stop()
   */
  on(type: 'change', listener: (kept: Kept) => unknown): () => void
  /**
   * What the keeper has to say of an address: a source for `createExplainer()`.
   *
   * @param key The key that the entry of this address shows: whoever is kept by key may have come in from elsewhere.
   *
   * @example
   * for (const { text } of keeper.explain('mem:bob')) console.log(text)
   */
  explain(address: Address, key?: PeerKey): readonly Explanation[]
  /** Releases all. The end of the hub does it, too. May be called again. */
  close(): void
}
