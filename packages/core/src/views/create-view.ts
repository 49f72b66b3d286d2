import type { Connection, Metadata } from '../model/connection.js'
import type { ConnectionEvent, SessionClosed, SessionOpened } from '../model/events.js'
import type { Listenable } from '../model/hub.js'
import { ChangeLog, type ChangeSet } from './change-log.js'
import {
  checkHub,
  type EventsOptions,
  type Overflow,
  readViewOptions,
  type ViewOptions,
} from './options.js'
import { Ring } from './ring.js'
import { liveView, type Subject, type View } from './view.js'

/** What each view gives. */
export interface Views<S, D extends Metadata = Metadata> {
  /** Each event since the start, as many as fit. */
  events: ConnectionEvent<S>
  /** All entries: at once, also where there are none, then after each change, the newest alone. */
  entries: readonly Connection<S, D>[]
  /** All entries as `added` at once, then what became of them since the reader came last. */
  changes: ChangeSet<S, D>
  /** Each session that opens or closes since the start, as many as fit. */
  sessions: SessionOpened<S> | SessionClosed<S>
}

/** The options of each view. */
export type OptionsOf<V extends keyof Views<unknown>> = V extends 'events' | 'sessions'
  ? EventsOptions
  : ViewOptions

/**
 * For readers that come when they like: each event, all entries, or what has changed. It needs of a hub `on`, `snapshot` and `closed` alone, so
 * that one that is replayed or wrapped is enough. Throws `INVALID_OPTION`.
 *
 * @example
 * const view = createView(hub, 'changes')
 * view.start(() => console.log(view.take()))
 * view.stop()
 */
export const createView = <S, D extends Metadata, V extends keyof Views<S, D>>(
  hub: Listenable<S, D>,
  name: V,
  options?: OptionsOf<V>,
): View<Views<S, D>[V]> => {
  checkHub(hub)
  const { signal, capacity, overflow } = readViewOptions(name, options)
  const subjects: { [N in keyof Views<S, D>]: () => Subject<Views<S, D>[N]> } = {
    events: () => buffered((listener) => [hub.on('*', listener)], capacity, overflow),
    sessions: () =>
      buffered(
        (listener) => [hub.on('session', listener), hub.on('session-closed', listener)],
        capacity,
        overflow,
      ),
    entries: () => entriesOf(hub),
    changes: () => changesOf(hub),
  }
  return liveView(hub as Listenable<unknown, never>, subjects[name](), signal)
}

const buffered =
  <T>(
    listen: (listener: (event: T) => void) => (() => void)[],
    capacity: number,
    overflow: Overflow,
  ): Subject<T> =>
  (notify) => {
    const waiting = new Ring<T>()
    const stops = listen((event) => {
      if (waiting.size === 0 && notify(event) === true) return
      if (waiting.size === capacity) {
        if (overflow === 'drop-newest') return
        waiting.shift()
      }
      waiting.push(event)
      notify()
    })
    const stop = () => {
      for (const end of stops) end()
    }
    return { stop, take: () => waiting.shift() }
  }

const entriesOf =
  <S, D extends Metadata>(hub: Listenable<S, D>): Subject<readonly Connection<S, D>[]> =>
  (notify) => {
    // A mark, and no array: the array is made when the reader comes.
    let changed = true
    let last: readonly Connection<S, D>[] | undefined
    const stop = hub.on('change', () => {
      changed = true
      notify()
    })
    const take = () => {
      if (!changed) return undefined
      changed = false
      const entries = hub.snapshot()
      // It may have come during the delivery, and have got this already.
      if (entries === last) return undefined
      last = entries
      return entries
    }
    return { stop, take }
  }

const changesOf =
  <S, D extends Metadata>(hub: Listenable<S, D>): Subject<ChangeSet<S, D>> =>
  (notify) => {
    const log = new ChangeLog<S, D>()
    let begun = false
    const stop = hub.on('change', (change) => {
      if (begun) log.add(change)
      if (!begun || log.any) notify()
    })
    const take = () => {
      if (begun) return log.any ? log.take() : undefined
      begun = true
      const added = hub.snapshot()
      log.begin(added)
      return { added, changed: [], removed: [] }
    }
    return { stop, take }
  }
