/// <reference path="./pull-notify.d.ts" />
import type { EventsOptions, Hub, View, Views } from '@conn-hub/core'
import createNotify from 'pull-notify'

/** `true` is a normal end, an error a failure; `null` or `false` means that the stream goes on. */
export type End = Error | boolean | null

/** A pull-stream source: a call asks for one item, or, where `abort` is truthy, ends the stream at once. */
export type Source<T> = (abort: End, cb: (end: End, item?: T) => void) => void

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
  // pull-notify never drops an aborted listener and buffers without end. So each source has a notifier of its
  // own, which is told only while its reader waits; what waits for the reader is in the view.
  const notify = createNotify<T>()
  const listener = notify.listen()
  let waiting = false

  view.start(() => {
    const item = waiting ? view.take() : undefined
    if (item !== undefined) notify(item)
    else if (view.ended) notify.end()
  })

  return (abort, cb) => {
    if (abort) {
      view.stop()
      return listener(abort, cb)
    }
    const item = view.take()
    if (item !== undefined) return cb(null, item)
    if (view.ended) notify.end()
    waiting = true
    listener(null, (ended, told) => {
      waiting = false
      // With an item pull-notify says `undefined`, where the spec says `null`.
      cb(ended ?? null, told)
    })
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
