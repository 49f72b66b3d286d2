import type { Connection, Metadata } from '../model/connection.js'
import type { Change, ConnectionEvent, SessionClosed, SessionOpened } from '../model/events.js'
import type { Listenable } from '../model/hub.js'
import { ChangeLog, type ChangeSet } from './change-log.js'
import { type EventsOptions, readViewOptions, type ViewOptions } from './options.js'
import { createQueue } from './queue.js'
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
  const given = readViewOptions(hub, name, options)
  const subjects: { [N in keyof Views<S, D>]: Subject<Views<S, D>[N]> } = {
    events: buffered(['*'], given),
    sessions: buffered(['session', 'session-closed'], given),
    entries: entriesOf(hub),
    changes: changesOf(hub),
  }
  return liveView(hub as Listenable<unknown, never>, subjects[name], given.signal)
}

const buffered =
  <T>(
    types: ReturnType<Subject<T>>['types'],
    { capacity, overflow }: ReturnType<typeof readViewOptions>,
  ): Subject<T> =>
  (notify) => {
    const waiting = createQueue<T>()
    const hear = (event: T) => {
      if (waiting.size() === 0 && notify(event) === true) return
      if (waiting.size() === capacity) {
        if (overflow === 'drop-newest') return
        waiting.shift()
      }
      waiting.push(event)
      notify()
    }
    return { types, hear, take: waiting.shift }
  }

const entriesOf =
  <S, D extends Metadata>(hub: Listenable<S, D>): Subject<readonly Connection<S, D>[]> =>
  (notify) => {
    // A mark, and no array: the array is made when the reader comes.
    let changed = true
    let last: readonly Connection<S, D>[] | undefined
    const hear = () => {
      changed = true
      notify()
    }
    const take = () => {
      const before = last
      if (changed) last = hub.snapshot()
      changed = false
      // It may have come during the delivery, and have got this already.
      return last === before ? undefined : last
    }
    return { types: ['change'], hear, take }
  }

const changesOf =
  <S, D extends Metadata>(hub: Listenable<S, D>): Subject<ChangeSet<S, D>> =>
  (notify) => {
    const log = new ChangeLog<S, D>()
    let begun = false
    const hear = (change: Change<S, D>) => {
      if (begun) log.add(change)
      if (log.any || !begun) notify()
    }
    const take = () => {
      if (begun) return log.any ? log.take() : undefined
      begun = true
      const added = hub.snapshot()
      log.begin(added)
      return { ...log.take(), added }
    }
    return { types: ['change'], hear, take }
  }
