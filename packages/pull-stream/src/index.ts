import type {
  Changes,
  Connection,
  ConnectionEvent,
  EventsOptions,
  Hub,
  ViewOptions,
} from '@conn-hub/core'
import { createSource, type Source } from './source.js'

export type { EventsOptions, Overflow, ViewOptions } from '@conn-hub/core'
export type { End, Source } from './source.js'

/**
 * Each event of the hub, from now on. Ends when the hub has closed, after the events that wait.
 * Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * pull(listen(hub), pull.drain((event) => console.log(event.type, event.address)))
 */
export const listen = <S>(hub: Hub<S>, options?: EventsOptions): Source<ConnectionEvent<S>> =>
  createSource(hub, 'events', options)

/**
 * All entries: at once, also where there are none, then after each change. Who reads slowly gets the newest only.
 * Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * pull(liveEntries(hub), pull.drain((entries) => console.log(`${entries.length} peers`)))
 */
export const liveEntries = <S>(
  hub: Hub<S>,
  options?: ViewOptions,
): Source<readonly Connection<S>[]> => createSource(hub, 'entries', options)

/**
 * What was added, changed and removed: at once all entries as added, then what became of them since the last
 * read. Costs as much as changed, not as much as there is. Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * pull(changes(hub), pull.drain(({ added, removed }) => list.patch(added, removed)))
 */
export const changes = <S>(hub: Hub<S>, options?: ViewOptions): Source<Changes<S>> =>
  createSource(hub, 'changes', options)
