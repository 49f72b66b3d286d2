import type { Connection, Hub } from '@conn-hub/core'

/** An entry that is connected, or none. */
export type Connected = Connection<unknown> | undefined

export interface Observer {
  /** One entry has taken the place of the other. */
  onChange(before: Connected, after: Connected): void
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
      const after = connected(entry)
      if (after) observer.onChange(undefined, after)
    }
    const onChange = ({ before, after }: { before?: Connected; after?: Connected }) => {
      const [was, is] = [connected(before), connected(after)]
      if (was || is) observer.onChange(was, is)
      const more = (after?.sessions.length ?? 0) - (before?.sessions.length ?? 0)
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

export const connected = (entry: Connected): Connected =>
  entry?.state === 'connected' ? entry : undefined
