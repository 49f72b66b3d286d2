import type { EventsOptions, Hub, View, Views } from '@conn-hub/core'

/** `true` is a normal end, an error a failure; `null` or `false` means that the stream goes on. */
export type End = Error | boolean | null

/** A pull-stream source: a call asks for one item, or, where `abort` is truthy, ends the stream at once. */
export type Source<T> = (abort: End, cb: Callback<T>) => void

/** Those who only abort may leave it out. */
type Callback<T> = (end: End, item?: T) => void

/** Subscribes at once: what happens before the first read waits for it. */
export const createSource = <S, V extends keyof Views<S>>(
  hub: Hub<S>,
  name: V,
  options: EventsOptions | undefined,
): Source<Views<S>[V]> => {
  if (!isHub(hub)) throw notAHub()
  return toSource(hub.view(name as 'events', options) as View<Views<S>[V]>)
}

const toSource = <T>(view: View<T>): Source<T> => {
  // What waits for the reader is in the view; here is the reader that waits.
  let waiting: Callback<T> | undefined
  let end: End = true

  const answer = (ended: End, item?: T) => {
    const callback = waiting
    waiting = undefined
    callback?.(ended, item)
  }

  view.start((offered) => {
    if (!waiting) return false
    const item = offered ?? view.take()
    if (item !== undefined) answer(null, item)
    else if (view.ended) answer(end)
    return true
  })

  return (abort, callback) => {
    if (abort) {
      end = abort
      view.stop()
      answer(end)
      return callback?.(end)
    }
    const item = view.take()
    if (item !== undefined) callback(null, item)
    else if (view.ended) callback(end)
    else waiting = callback
  }
}

const isHub = (hub: { readonly view: unknown } | undefined): boolean => {
  try {
    return typeof hub?.view === 'function'
  } catch {
    // A proxy may throw whatever it is asked.
    return false
  }
}

const notAHub = (): TypeError =>
  Object.assign(new TypeError('The first argument must be a hub of createHub().'), {
    code: 'INVALID_OPTION',
  })
