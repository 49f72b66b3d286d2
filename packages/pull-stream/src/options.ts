import type { Hub } from '@conn-hub/core'

export interface ViewOptions {
  /** Ends the stream quietly, and drops what waits in it. */
  readonly signal?: AbortSignal | undefined
}

/** Which events are lost when more wait than fit: the `drop-oldest` or the `drop-newest`. */
export type Overflow = 'drop-oldest' | 'drop-newest'

export interface EventsOptions extends ViewOptions {
  /**
   * How many events may wait for the reader, from 1 to 1 000 000. Default 1 000: a burst of a large hub fits,
   * and a reader that never comes back costs well under 1 MB, not counting what the sessions in the events hold.
   */
  readonly capacity?: number | undefined
  /** Default `drop-oldest`. Either way the gap shows in `seq`. */
  readonly overflow?: Overflow | undefined
}

/** How many events may wait, and which are lost when there are more. */
export interface Buffering {
  readonly capacity: number
  readonly overflow: Overflow
}

const DEFAULT_CAPACITY = 1_000
const MAX_CAPACITY = 1_000_000

export const readOptions = (hub: Hub<unknown>, options: EventsOptions): Buffering & ViewOptions => {
  // Hub and signal are known by shape, because they may come from another copy, another realm or a polyfill.
  expect(typeof hub?.track === 'function', 'hub', 'a hub of createHub()')
  expect(typeof options === 'object' && options !== null, 'options', 'an object')
  const { signal, capacity = DEFAULT_CAPACITY, overflow = 'drop-oldest' } = options
  const isSignal =
    typeof signal?.addEventListener === 'function' && typeof signal.aborted === 'boolean'
  expect(signal === undefined || isSignal, 'signal', 'an AbortSignal')
  const fits = Number.isInteger(capacity) && capacity >= 1 && capacity <= MAX_CAPACITY
  expect(fits, 'capacity', `a whole number from 1 to ${MAX_CAPACITY}`)
  const known = overflow === 'drop-oldest' || overflow === 'drop-newest'
  expect(known, 'overflow', "'drop-oldest' or 'drop-newest'")
  return { signal, capacity, overflow }
}

const expect = (holds: boolean, name: string, what: string): void => {
  if (holds) return
  throw Object.assign(new TypeError(`"${name}" must be ${what}.`), { code: 'INVALID_OPTION' })
}
