import type { Address, Connection, Metadata, PeerKey, State } from './connection.js'
import type { Listenable } from './listenable.js'
import type { ConnectOptions, DisconnectOptions, EventsOptions, ViewOptions } from './options.js'
import type { View } from './view.js'
import type { Views } from './views.js'

/** The live connections of one app. Every method throws, or rejects with, a `HubError` that has a `code`. */
export interface Hub<S> extends Listenable<S> {
  /**
   * Gives the session to a peer: opens one, joins the dial that is running, or finds the one that is open.
   * During a disconnect it waits for the end of it first. State, event and dial are done when the call returns.
   */
  connect(address: Address, options?: ConnectOptions): Promise<S>

  /**
   * Closes all sessions of an address and cancels its dial. Resolves once they have closed: `false` where there
   * was nothing to close. Rejects where a session stays open; the entry is then `connected` again.
   */
  disconnect(address: Address, options?: DisconnectOptions): Promise<boolean>

  /** Merges fields into an entry's metadata; those that are `undefined` are skipped. False: there is no entry. */
  update(address: Address, data: Metadata): boolean

  get(address: Address): Connection<S> | undefined
  /** `undefined` means disconnected. */
  getState(address: Address): State | undefined
  /** The entries with this key; a peer can be reached at several addresses. */
  byKey(key: PeerKey): readonly Connection<S>[]
  /** Goes through the entries as they are now, oldest first. */
  entries(): IterableIterator<Connection<S>>
  readonly size: number

  /** For readers that come when they like: each event, all entries, or what has changed. The facades read by it. */
  view(name: 'events', options?: EventsOptions): View<Views<S>['events']>
  view<V extends 'entries' | 'changes'>(name: V, options?: ViewOptions): View<Views<S>[V]>

  /** Disconnects everything and goes on. Resolves once all of it has ended, and tells failures by events alone. */
  reset(reason?: string): Promise<void>

  /**
   * The end. New work is refused, every entry leaves with its events, and listeners are dropped, before the call
   * returns; called inside a listener, after the delivery that is running. Resolves once the sessions have
   * really closed, or `closeTimeout` is over.
   */
  close(): Promise<void>
}
