import type { Address, Connection, Metadata, PeerKey, State } from './connection.js'
import type { HubEvents, Unsubscribe } from './events.js'
import type { ConnectOptions, DisconnectOptions, ListenOptions } from './options.js'

/** What a reader needs of a hub: enough for a view, also where it is replayed or wrapped. */
export interface Listenable<S, D extends Metadata = Metadata> {
  /**
   * Listens. All listeners hear all events in the order of `seq`; what happens inside a listener is told after the event that
   * it hears. A listener that throws or rejects harms nobody; its error goes to `onError`. Throws `HUB_CLOSED` on a closed hub.
   *
   * @example
   * const stop = hub.on('connected', ({ address, direction }) => console.log(address, direction))
   * stop()
   */
  on<T extends keyof HubEvents<S, D>>(
    type: T,
    listener: (event: HubEvents<S, D>[T]) => unknown,
    options?: ListenOptions,
  ): Unsubscribe

  /**
   * All entries, oldest first, as one frozen array that all callers share until the next change.
   *
   * @example
   * for (const { address, state } of hub.snapshot()) console.log(address, state)
   */
  snapshot(): readonly Connection<S, D>[]

  /** Whether `close()` was called. */
  readonly closed: boolean
}

/**
 * The live connections of one app. Each method throws, or rejects with, a `HubError` that has a `code`; none needs `this`, so that
 * `const { connect } = hub` works.
 *
 * @typeParam S What an app works with: the handle of a session.
 * @typeParam D The app's metadata on an entry.
 */
export interface Hub<S, D extends Metadata = Metadata> extends Listenable<S, D> {
  /**
   * Gives the session to a peer: opens one, joins the dial that is running, or finds the one that is open. During a disconnect it
   * waits for the end of it first. State, event and dial are done when the call returns.
   *
   * Rejects with `INVALID_ADDRESS`, `ADDRESS_TOO_LONG`, `INVALID_OPTION`, `INVALID_DATA`, `HUB_CLOSED`, `ABORTED`, `WAIT_TIMEOUT`, `DIAL_FAILED`,
   * `DIAL_TIMEOUT`, `DIAL_CANCELLED`, `DIAL_SELF`, `WRONG_PEER`, `SESSION_CLOSED` or `TRANSPORT_BROKEN`.
   *
   * @example
   * const link = await hub.connect('mem:bob', { data: { name: 'Bob' }, timeout: 5_000 })
   */
  connect(address: Address, options?: ConnectOptions<D>): Promise<S>

  /**
   * Closes all sessions of an address and cancels its dial; with `session` that one alone. Resolves once they have closed: `false` where
   * there was nothing to close. Rejects with `CLOSE_FAILED` or `CLOSE_TIMEOUT` where a session stays open; the entry is then `connected`
   * again. Also with `INVALID_ADDRESS`, `ADDRESS_TOO_LONG`, `INVALID_OPTION`, `HUB_CLOSED` or `ABORTED`.
   *
   * @example
   * await hub.disconnect('mem:bob', { reason: 'enough' })
   *
   * @example
   * const [, duplicate] = hub.get('mem:bob')?.sessions ?? []
   * if (duplicate) await hub.disconnect('mem:bob', { session: duplicate, reason: 'duplicate' })
   */
  disconnect(address: Address, options?: DisconnectOptions<S>): Promise<boolean>

  /**
   * Merges fields into an entry's metadata; those that are `undefined` are skipped. False: there is no entry. Throws `INVALID_DATA`, `INVALID_ADDRESS`
   * or `HUB_CLOSED`.
   *
   * @example
   * hub.update('mem:bob', { colour: 'green' })
   */
  update(address: Address, data: Partial<D>): boolean

  /**
   * The entry of an address. Throws `INVALID_ADDRESS` where the address is none.
   *
   * @example
   * const entry = hub.get('mem:bob')
   * console.log(entry?.state, entry?.data)
   */
  get(address: Address): Connection<S, D> | undefined
  /** The state of an address; `undefined` means disconnected. Throws `INVALID_ADDRESS` where the address is none. */
  getState(address: Address): State | undefined
  /**
   * The entries that show this key; a peer can be reached at several addresses. Whoever needs proof reads `sessions[i].key`.
   *
   * @example
   * const isHere = hub.byKey('bob').length > 0
   */
  byKey(key: PeerKey): readonly Connection<S, D>[]
  /** Goes through the entries as they are now, oldest first. */
  entries(): IterableIterator<Connection<S, D>>
  /** How many entries there are. */
  readonly size: number

  /**
   * Calls `wake` after each step of each entry, without an argument. On a closed hub it does nothing, and gives a function that does nothing.
   *
   * @example
   * const stop = hub.subscribe(() => console.log(hub.snapshot().length))
   * stop()
   */
  subscribe(wake: () => void): () => void

  /**
   * Disconnects everything, cancels all dials, and goes on. Resolves once all of it has ended, and tells failures by events alone.
   *
   * @param reason Why; default `reset`.
   *
   * @example
   * await hub.reset('the network changed')
   */
  reset(reason?: string): Promise<void>

  /**
   * The end. New work is refused, every entry leaves with its events, and listeners are dropped, before the call
   * returns; called inside a listener, after the delivery that is running. Resolves once the sessions have
   * really closed, or `closeTimeout` is over; never rejects.
   *
   * @example
   * await hub.close()
   */
  close(): Promise<void>
}
