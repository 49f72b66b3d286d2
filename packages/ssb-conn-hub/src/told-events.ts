import type { ConnectedEvent, ConnectionEvent, Hub, SessionOpened } from '@conn-hub/core'

/** What happens, as ssb-conn-hub tells it: each session that opens is a `connected`, not the first one of its entry alone. */
export type ToldEvent<S> = Exclude<ConnectionEvent<S>, ConnectedEvent<S>> | SessionOpened<S>

/** Core tells `session` after the events of an entry and before `change`: so each comes before `liveEntries()`. */
export const onToldEvent = <S>(
  hub: Hub<S>,
  listener: (event: ToldEvent<S>) => unknown,
): (() => void) => {
  const stopEvents = hub.on('*', (event) =>
    event.type === 'connected' ? undefined : listener(event),
  )
  const stopSessions = hub.on('session', listener)
  return () => {
    stopEvents()
    stopSessions()
  }
}
