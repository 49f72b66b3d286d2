import type { Listenable, Metadata } from '@conn-hub/core'
import { createView, type OptionsOf, type View, type Views } from '@conn-hub/core/view'

/** `true` is a normal end, an error a failure; `null` or `false` means that the stream goes on. */
export type End = Error | boolean | null

/** A pull-stream source: a call asks for one item, or, where `abort` is truthy, ends the stream at once. */
export type Source<T> = (abort: End, cb: Callback<T>) => void

/** Those who only abort may leave it out. */
type Callback<T> = (end: End, item?: T) => void

/** Subscribes at once: what happens before the first read waits for it. */
export const createSource = <S, D extends Metadata, V extends keyof Views<S, D>>(
  hub: Listenable<S, D>,
  name: V,
  options: OptionsOf<V> | undefined,
): Source<Views<S, D>[V]> => toSource(createView(hub, name, options))

const toSource = <T>(view: View<T>): Source<T> => {
  // What waits for the reader is in the view; here is the reader that waits.
  let waiting: Callback<T> | undefined
  let end: End = true

  const answer = (ended: End, item?: T) => {
    const callback = waiting
    waiting = undefined
    callback?.(ended, item)
  }

  view.start((newest) => {
    if (!waiting) return false
    const item = newest ?? view.take()
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
