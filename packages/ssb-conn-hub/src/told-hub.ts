import type { ConnectionEvent, Hub } from '@conn-hub/core'
import { listen, type Source } from '@conn-hub/pull-stream'
import type { Rpc } from '@conn-hub/secret-stack'
import { EventsView } from './events-view.js'
import type { FurtherSession, FurtherSessions } from './further-sessions.js'
import type { KeyLabels } from './key-labels.js'
import { toListenEvent } from './listen-event.js'
import type { ListenEvent } from './types.js'

export interface Told<R extends Rpc> {
  readonly hub: Hub<R>
  readonly further: FurtherSessions<R>
  readonly labels: KeyLabels
}

/** A hub for readers, whose `'*'` gives the events of ssb-conn-hub: a `connected` for each session, and keys with labels. */
export class ToldHub<R extends Rpc> {
  readonly #told: Told<R>

  constructor(told: Told<R>) {
    this.#told = told
  }

  get closed(): boolean {
    return this.#told.hub.closed
  }

  snapshot(): ReturnType<Hub<R>['snapshot']> {
    return this.#told.hub.snapshot()
  }

  on(type: '*' | 'close', listener: (event: ListenEvent) => unknown): () => void {
    const { hub, further, labels } = this.#told
    if (type === 'close') return hub.on(type, listener as () => unknown)
    // Made at once, also for a reader that comes late: what the entry is then is not what it was.
    const tell = (event: ConnectionEvent<R> | FurtherSession<R>) =>
      listener(toListenEvent(event, labels.of(event.address)))
    const stop = hub.on('*', tell)
    const stopFurther = further.on(tell)
    return () => {
      stop()
      stopFurther()
    }
  }

  source(): Source<ListenEvent> {
    // The facade needs no more of a hub than there is here, and hands on what `'*'` gives.
    return listen(this as unknown as Hub<R>) as unknown as Source<ListenEvent>
  }

  /** What the facade reads by. */
  view(): EventsView<ListenEvent> {
    return new EventsView(this)
  }
}
