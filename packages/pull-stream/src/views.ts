import type { Changes, Connection, ConnectionEvent, Hub } from '@conn-hub/core'
import type { Buffering } from './options.js'
import { Queue } from './queue.js'

/** A look at a hub that has begun. */
export interface Look<T> {
  /** What the reader gets next; nothing: it has seen all there is. */
  take(): T | undefined
  stop(): void
}

/** Begins to look; calls `wake` whenever there may be something to take. */
export type View<T> = (wake: () => void) => Look<T>

/** Each event, as many as fit. */
export const eventsView =
  <S>(hub: Hub<S>, { capacity, overflow }: Buffering): View<ConnectionEvent<S>> =>
  (wake) => {
    const queue = new Queue<ConnectionEvent<S>>()
    const stop = hub.on('*', (event) => {
      if (queue.size === capacity) {
        if (overflow === 'drop-newest') return
        queue.shift()
      }
      queue.push(event)
      wake()
    })
    return { stop, take: () => queue.shift() }
  }

/** All entries as they are when the reader asks: at once, then after each change. */
export const entriesView =
  <S>(hub: Hub<S>): View<readonly Connection<S>[]> =>
  (wake) => {
    let dirty = true
    const stop = hub.on('change', () => {
      dirty = true
      wake()
    })
    const take = () => {
      if (!dirty) return undefined
      dirty = false
      return hub.snapshot()
    }
    return { stop, take }
  }

/** What changed since the reader asked last; first of all, all entries as added. */
export const changesView =
  <S>(hub: Hub<S>): View<Changes<S>> =>
  (wake) => {
    const tracker = hub.track()
    const unsubscribe = hub.on('change', wake)
    const stop = () => {
      unsubscribe()
      tracker.stop()
    }
    return { stop, take: () => tracker.take() }
  }
