import type { Address, PeerKey, Session } from '@conn-hub/core'
import type { Explanation } from './keeper.js'
import type { Clock, Online } from './time.js'

/** What `watchLiveness` is given. */
export interface LivenessOptions {
  /** How long a link may be silent before it is asked, in ms. Default 30 000: what sits between two peers forgets a silent link after a minute. */
  readonly silence?: number | undefined
  /** How long an answer may take, in ms. Default 10 000: a slow phone network answers in less. */
  readonly timeout?: number | undefined
  /** How many answers in a row must be missing. Default 2: one is lost easily. */
  readonly misses?: number | undefined
  /** `disconnect` closes a silent link, with the reason `unresponsive`. Default `report`: it is told, and stays. */
  readonly onSilent?: 'report' | 'disconnect' | undefined
  /** Default: the global timers, as they are when the watch begins. */
  readonly clock?: Clock | undefined
  /** Chance, from 0 up to 1. Default `Math.random`, looked up at each use. */
  readonly random?: (() => number) | undefined
  /** Default: what the browser says; elsewhere there is always a network. */
  readonly online?: Online | undefined
  /** Keeps the process alive until `close()`. Default false. */
  readonly keepAlive?: boolean | undefined
}

/** `unknown`: the transport cannot ask. Such a link is never closed. */
export type LinkState = 'alive' | 'silent' | 'unknown'

/** A session, and what is known of its life. It is live: its fields change. */
export interface WatchedLink<S> {
  /** The address whose entry has it. */
  readonly address: Address
  /** The session. */
  readonly session: Session<S>
  /** Whether the other side is there. */
  readonly state: LinkState
  /** How many answers in a row are missing now. */
  readonly misses: number
}

/** What is asked. One of `address` and `key` is given. */
export interface ProbeOptions {
  /** All sessions of this address. */
  readonly address?: Address | undefined
  /** All sessions that have proved this key. */
  readonly key?: PeerKey | undefined
  /** How long an answer may take, in ms. Default 10 000. */
  readonly within?: number | undefined
}

/** `alive`: one has answered. `silent`: none has. `unknown`: none of those that could be asked has. `closed`: there is no session, or no more. */
export type ProbeResult = LinkState | 'closed'

/** A watch over the links of a hub. None of its functions needs `this`. */
export interface Liveness<S> {
  /** Goes through all links. */
  entries(): IterableIterator<WatchedLink<S>>
  /**
   * Tells of each link whose state has changed. A listener that throws harms nobody; its error is printed.
   *
   * @example
   * const stop = liveness.on('change', ({ address, state }) => console.log(address, state))
   * stop()
   */
  on(type: 'change', listener: (link: WatchedLink<S>) => unknown): () => void
  /**
   * Asks now, as `probe()` does, and takes note of the answers. Rejects with `INVALID_ADDRESS`, `ADDRESS_TOO_LONG` or `INVALID_OPTION`.
   *
   * @example
   * console.log(await liveness.probe({ key: 'bob', within: 2_000 }))
   */
  probe(options: ProbeOptions): Promise<ProbeResult>
  /**
   * What is known of the links of an address: a source for `createExplainer()`.
   *
   * @example
   * for (const { text } of liveness.explain('mem:bob')) console.log(text)
   */
  explain(address: Address): readonly Explanation[]
  /** The end of the watch. The end of the hub does it, too. May be called again. */
  close(): void
}
