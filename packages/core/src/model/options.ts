import type { Metadata, PeerKey, Session } from './connection.js'
import type { ErrorOrigin } from './errors.js'
import type { Transport } from './transport.js'

/** What `createHub` is given. */
export interface HubOptions<S> {
  /** What opens and closes the links. Its `listen` is called once, before `createHub()` returns. */
  readonly transport: Transport<S>
  /** How long a dial may take, in ms. Default 30 000: a slow phone network answers in less. */
  readonly dialTimeout?: number | undefined
  /** How long a session may take to close, in ms. Default 5 000: a round trip, and not much more. */
  readonly closeTimeout?: number | undefined
  /** How long all holds of one dial may last together, in ms. Default 600 000: whoever waits longer in a queue has given up. */
  readonly holdTimeout?: number | undefined
  /** Gets each error that nobody waits for. By default they are printed by `console.error`. */
  readonly onError?: ((error: unknown, from: ErrorOrigin) => void) | undefined
}

/** What `connect()` is given. */
export interface ConnectOptions<D extends Metadata = Metadata> {
  /** Kept on the entry. On an entry that is there already, it is merged into its metadata. */
  readonly data?: Partial<D> | undefined
  /** Who the peer must be. Where a session proves another key, this call rejects with `WRONG_PEER`. */
  readonly key?: PeerKey | undefined
  /** Ends this call's wait. The dial goes on as long as anybody else waits for it. */
  readonly signal?: AbortSignal | undefined
  /** In ms: how long the dial may take, instead of `dialTimeout`; where a dial runs already, how long this call waits for it. */
  readonly timeout?: number | undefined
}

/** What `disconnect()` is given. */
export interface DisconnectOptions<S = unknown> {
  /** Why; events and the transport get it. Default `disconnect`. */
  readonly reason?: string | undefined
  /** Ends this call's wait. The disconnect goes on. */
  readonly signal?: AbortSignal | undefined
  /** Closes this session alone, and the entry stays connected by its others. Leave it out to close all; `undefined` is refused. */
  readonly session?: Session<S>
}

/** What `on()` is given. */
export interface ListenOptions {
  /** Ends the subscription. */
  readonly signal?: AbortSignal | undefined
}
