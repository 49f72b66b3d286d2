import type { Connection, ConnectionEvent, Listenable, Metadata } from '@conn-hub/core'
import type { ChangeSet, EventsOptions, ViewOptions } from '@conn-hub/core/view'
import { createSource, type Source } from './source.js'

export type { ChangeSet, EventsOptions, Overflow, ViewOptions } from '@conn-hub/core/view'
export type { End, Source } from './source.js'

/**
 * Each event of the hub, from now on. Ends when the hub has closed, after the events that wait.
 * Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * pull(events(hub), pull.drain((event) => console.log(event.type, event.address)))
 */
export const events = <S, D extends Metadata>(
  hub: Listenable<S, D>,
  options?: EventsOptions,
): Source<ConnectionEvent<S>> => createSource(hub, 'events', options)

/** Another name of `events`. */
export const listen = events

/**
 * All entries: at once, also where there are none, then after each change. A slow reader gets the newest alone.
 * Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * pull(liveEntries(hub), pull.drain((entries) => console.log(`${entries.length} peers`)))
 */
export const liveEntries = <S, D extends Metadata>(
  hub: Listenable<S, D>,
  options?: ViewOptions,
): Source<readonly Connection<S, D>[]> => createSource(hub, 'entries', options)

/**
 * What was added, changed and removed: at once all entries as added, then what became of them since the last
 * read. Costs as much as changed, not as much as there is. Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * pull(changes(hub), pull.drain(({ added, removed }) => list.patch(added, removed)))
 */
export const changes = <S, D extends Metadata>(
  hub: Listenable<S, D>,
  options?: ViewOptions,
): Source<ChangeSet<S, D>> => createSource(hub, 'changes', options)
