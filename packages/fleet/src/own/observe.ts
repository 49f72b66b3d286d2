import type { Connection, Hub } from '@conn-hub/core'
import { fieldOf } from '../wire/entry.js'

export interface Observer {
  /** An entry of this field has changed, or has gone: `entry` is as it is now. */
  onField(field: string, entry?: Connection<unknown>): void
  /** So many sessions are open. */
  onSessions(sessions: number): void
  /** The hub has been gone through; from here on it tells. */
  onBegun(): void
  onClose(): void
}

/** Tells what becomes of a hub's entries. Gives what ends it. */
export const observeHub = (hub: Hub<unknown>, observer: Observer): (() => void) => {
  const stops: (() => void)[] = []
  let isOver = false
  let sessions = 0

  const begin = () => {
    if (isOver) return
    for (const entry of hub.entries()) {
      sessions += entry.sessions.length
      if (isConnected(entry)) observer.onField(fieldOf(entry), entry)
    }
    const onChange = ({ before, after }: { before?: Entry; after?: Entry }) => {
      const more = (after?.sessions.length ?? 0) - (before?.sessions.length ?? 0)
      const was = before && isConnected(before) ? fieldOf(before) : undefined
      const is = after && isConnected(after) ? fieldOf(after) : undefined
      if (was !== undefined && was !== is) observer.onField(was)
      if (is !== undefined) observer.onField(is, after)
      if (more === 0) return
      sessions += more
      observer.onSessions(sessions)
    }
    stops.push(hub.on('change', onChange as never))
    observer.onSessions(sessions)
    observer.onBegun()
  }

  stops.push(hub.on('close', () => observer.onClose()))
  // Inside a delivery the hub is ahead of what it tells; a delivery is over before any promise goes on.
  Promise.resolve().then(begin)
  return () => {
    isOver = true
    for (const stop of stops) stop()
  }
}

type Entry = Connection<unknown> | undefined

const isConnected = ({ state }: Connection<unknown>): boolean => state === 'connected'
