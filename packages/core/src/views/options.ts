import { isFunction, isObject } from '../edges/guards.js'
import { checkOptions, expect } from '../edges/options.js'
import type { Signal } from '../edges/signal.js'

/** What each view can be given. */
export interface ViewOptions {
  /** Ends the view quietly, and drops what waits in it. */
  readonly signal?: AbortSignal | undefined
}

/** Which events are lost when more wait than fit: the `drop-oldest` or the `drop-newest`. */
export type Overflow = 'drop-oldest' | 'drop-newest'

/** What a view of `events` or `sessions` can be given, too. */
export interface EventsOptions extends ViewOptions {
  /**
   * How many events may wait for the reader, from 1 to 1 000 000. Default 1 000: a burst of a large hub fits,
   * and a reader that never comes back costs well under 1 MB, not counting what the sessions in the events hold.
   */
  readonly capacity?: number | undefined
  /** Default `drop-oldest`. Either way the gap shows in `seq`. */
  readonly overflow?: Overflow | undefined
}

const VIEWS: readonly unknown[] = ['events', 'entries', 'changes', 'sessions']

/** Throws also where a view is given no hub, and nothing that is replayed or wrapped as one. */
export const readViewOptions = (hub: unknown, view: unknown, options: EventsOptions = {}) => {
  const isHub = isObject(hub) && isFunction(hub.on) && isFunction(hub.snapshot)
  expect(isHub, 'a hub', 'hub')
  expect(VIEWS.includes(view), `one of ${VIEWS.join(', ')}`, 'view')
  const isQueued = view === 'events' || view === 'sessions'
  checkOptions(options, isQueued ? ['signal', 'capacity', 'overflow'] : ['signal'])
  const { signal, capacity = 1_000, overflow = 'drop-oldest' } = options
  const fits = Number.isInteger(capacity) && capacity >= 1 && capacity <= 1_000_000
  expect(fits, 'an integer from 1 to 1000000', 'capacity')
  expect(
    overflow === 'drop-oldest' || overflow === 'drop-newest',
    "'drop-oldest' or 'drop-newest'",
    'overflow',
  )
  return { signal: signal as Signal | undefined, capacity, overflow }
}
