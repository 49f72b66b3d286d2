/// <reference path="./pull-notify.d.ts" />
import type { Hub } from '@conn-hub/core'
import createNotify from 'pull-notify'
import type { ViewOptions } from './options.js'
import type { Look, View } from './views.js'

/** `true` is a normal end, an error a failure; `null` or `false` means that the stream goes on. */
export type End = Error | boolean | null

/** A pull-stream source: a call asks for one item, or, where `abort` is truthy, ends the stream at once. */
export type Source<T> = (abort: End, cb: (end: End, item?: T) => void) => void

/** Subscribes at once: what happens before the first read waits for it. */
export const createSource = <S, T>(
  hub: Hub<S>,
  view: View<T>,
  { signal }: ViewOptions,
): Source<T> => {
  // pull-notify never drops an aborted listener and buffers without end. So each source has a notifier of its
  // own, which is told only while its reader waits; what waits for the reader is in the view.
  const notify = createNotify<T>()
  const listener = notify.listen()
  let waiting = false
  /** None: nothing more to take. */
  let look: Look<T> | undefined
  let stopClose = () => {}

  const begin = () => {
    look = view(wake)
    stopClose = hub.on('close', onClose)
    signal?.addEventListener('abort', onAbort)
  }

  const wake = () => {
    const item = waiting ? look?.take() : undefined
    if (item !== undefined) notify(item)
  }

  /** The reader gets what is left. Nobody else keeps that alive: each read looks at the signal from here on. */
  const onClose = () => {
    signal?.removeEventListener('abort', onAbort)
    notify.end()
  }

  const onAbort = () => {
    end()
    notify.end()
  }

  const end = () => {
    look?.stop()
    look = undefined
    stopClose()
    signal?.removeEventListener('abort', onAbort)
  }

  if (hub.closed || signal?.aborted) notify.end()
  else begin()

  return (abort, cb) => {
    if (abort) {
      end()
      return listener(abort, cb)
    }
    const item = signal?.aborted ? undefined : look?.take()
    if (item !== undefined) return cb(null, item)
    waiting = true
    listener(null, (ended, told) => {
      waiting = false
      // With an item pull-notify says `undefined`, where the spec says `null`.
      cb(ended ?? null, told)
    })
  }
}
