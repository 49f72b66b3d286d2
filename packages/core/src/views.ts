import type { Changes, Tracker } from './changes.js'
import type { Connection } from './connection.js'
import type { ConnectionEvent } from './events.js'
import type { Listenable } from './listenable.js'
import { type EventsBuffer, type EventsOptions, readEventsOptions } from './options.js'
import { Queue } from './queue.js'
import { LiveView, type Look, type View } from './view.js'

/** What each view gives. */
export interface Views<S> {
  /** Each event since the start, as many as fit. */
  events: ConnectionEvent<S>
  /** All entries: at once, also where there are none, then after each change, the newest alone. */
  entries: readonly Connection<S>[]
  /** All entries as `added` at once, then what became of them since the reader came last. */
  changes: Changes<S>
}

export const createView = <S, V extends keyof Views<S>>(
  hub: Listenable<S>,
  track: () => Tracker<S>,
  name: V,
  options?: EventsOptions,
): View<Views<S>[V]> => {
  const { signal, ...buffering } = readEventsOptions(name, options)
  const looks: { [N in keyof Views<S>]: () => Look<Views<S>[N]> } = {
    events: () => lookAtEvents(hub, buffering),
    entries: () => lookAtEntries(hub),
    changes: () => lookAtChanges(hub, track),
  }
  return new LiveView(hub, looks[name](), signal)
}

type Buffering = { readonly [O in keyof EventsBuffer]-?: NonNullable<EventsBuffer[O]> }

const lookAtEvents =
  <S>(hub: Listenable<S>, { capacity, overflow }: Buffering): Look<ConnectionEvent<S>> =>
  (wake) => {
    const queue = new Queue<ConnectionEvent<S>>()
    const stop = hub.on('*', (event) => {
      if (queue.size === 0 && wake(event) === true) return
      if (queue.size === capacity) {
        if (overflow === 'drop-newest') return
        queue.shift()
      }
      queue.push(event)
      wake()
    })
    return { stop, take: () => queue.shift() }
  }

const lookAtEntries =
  <S>(hub: Listenable<S>): Look<readonly Connection<S>[]> =>
  (wake) => {
    // A mark, and no array: the array is made when the reader comes.
    let changed = true
    const stop = hub.on('change', () => {
      changed = true
      wake()
    })
    const take = () => {
      if (!changed) return undefined
      changed = false
      return hub.snapshot()
    }
    return { stop, take }
  }

const lookAtChanges =
  <S>(hub: Listenable<S>, track: () => Tracker<S>): Look<Changes<S>> =>
  (wake) => {
    const tracker = track()
    const unsubscribe = hub.on('change', () => wake())
    const stop = () => {
      unsubscribe()
      tracker.stop()
    }
    return { stop, take: () => tracker.take() }
  }
