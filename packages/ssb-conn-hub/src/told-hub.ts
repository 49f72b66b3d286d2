import type { ConnectionEvent, Hub } from '@conn-hub/core'
import { listen, type Source } from '@conn-hub/pull-stream'
import { EventsView } from './events-view.js'
import { type FurtherSession, FurtherSessions } from './further-sessions.js'

export type ToldEvent<S> = ConnectionEvent<S> | FurtherSession<S>

/** A hub for readers, whose `'*'` gives a `connected` for each session, and not for the first of an entry alone. */
export class ToldHub<S> {
  readonly #hub: Hub<S>
  readonly #further: FurtherSessions<S>

  constructor(hub: Hub<S>) {
    this.#hub = hub
    this.#further = new FurtherSessions(hub)
  }

  get closed(): boolean {
    return this.#hub.closed
  }

  snapshot(): ReturnType<Hub<S>['snapshot']> {
    return this.#hub.snapshot()
  }

  on(type: '*' | 'change' | 'close', listener: (event: never) => unknown): () => void {
    const stop = this.#hub.on(type, listener as () => unknown)
    if (type !== '*') return stop
    const stopFurther = this.#further.on(listener as () => unknown)
    return () => {
      stop()
      stopFurther()
    }
  }

  source(): Source<ToldEvent<S>> {
    // The facade needs no more of a hub than there is here.
    return listen(this as unknown as Hub<S>)
  }

  /** What the facade reads by. */
  view(): EventsView<ToldEvent<S>> {
    return new EventsView(this)
  }
}
