import { isFunction, isObject } from '../edges/guards.js'
import { checkOptions, expect } from '../edges/options.js'
import type { Signal } from '../edges/signal.js'
import { HubError } from '../model/errors.js'

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

const VIEWS = ['events', 'entries', 'changes', 'sessions']
const BUFFERED = ['events', 'sessions']
const MAX_CAPACITY = 1_000_000

/** Throws where the first argument of a view is no hub, and nothing that is replayed or wrapped as one. */
export const checkHub = (hub: unknown): void => {
  if (isObject(hub) && isFunction(hub.on) && isFunction(hub.snapshot)) return
  throw new HubError('INVALID_OPTION', 'The first argument must be a hub of createHub().')
}

export const readViewOptions = (view: string, options: EventsOptions = {}) => {
  expect(VIEWS.includes(view), `one of ${VIEWS.join(', ')}`, 'view')
  const known = BUFFERED.includes(view) ? ['signal', 'capacity', 'overflow'] : ['signal']
  checkOptions(options, known)
  const { signal, capacity = 1_000, overflow = 'drop-oldest' } = options as EventsOptions
  const fits = Number.isInteger(capacity) && capacity >= 1 && capacity <= MAX_CAPACITY
  expect(fits, `a whole number from 1 to ${MAX_CAPACITY}`, 'capacity')
  const isKnown = overflow === 'drop-oldest' || overflow === 'drop-newest'
  expect(isKnown, "'drop-oldest' or 'drop-newest'", 'overflow')
  return { signal: signal as Signal | undefined, capacity, overflow }
}
