import type { Connection } from './connection.js'
import type { Unsubscribe } from './event-bus.js'
import type { HubEvents } from './events.js'
import type { ListenOptions } from './options.js'

/** What a reader needs of a hub. */
export interface Listenable<S> {
  /**
   * Listens. All listeners hear all events in the order of `seq`, and what happens inside a listener after
   * the event that it hears. A listener that throws harms nobody; its error goes to `onError`.
   */
  on<T extends keyof HubEvents<S>>(
    type: T,
    listener: (event: HubEvents<S>[T]) => unknown,
    options?: ListenOptions,
  ): Unsubscribe

  /** All entries as one frozen array that all callers share, until the next change. */
  snapshot(): readonly Connection<S>[]

  readonly closed: boolean
}
