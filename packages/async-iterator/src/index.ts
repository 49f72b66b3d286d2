import type { Connection, ConnectionEvent, Listenable, Metadata } from '@conn-hub/core'
import type { ChangeSet, EventsOptions, ViewOptions } from '@conn-hub/core/view'
import { createIterator, type HubIterator } from './iterator.js'

export type { ChangeSet, EventsOptions, Overflow, ViewOptions } from '@conn-hub/core/view'
export type { HubIterator } from './iterator.js'

/**
 * Each event of the hub, from the first `next()` on. Ends when the hub has closed, after the events that wait.
 * Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * for await (const event of events(hub)) console.log(event.type, event.address)
 */
export const events = <S, D extends Metadata>(
  hub: Listenable<S, D>,
  options?: EventsOptions,
): HubIterator<ConnectionEvent<S>> => createIterator(hub, 'events', options)

/**
 * All entries: at once, also where there are none, then after each change. A slow reader gets the newest alone.
 * Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * for await (const entries of liveEntries(hub)) console.log(`${entries.length} peers`)
 */
export const liveEntries = <S, D extends Metadata>(
  hub: Listenable<S, D>,
  options?: ViewOptions,
): HubIterator<readonly Connection<S, D>[]> => createIterator(hub, 'entries', options)

/**
 * What was added, changed and removed: at once all entries as added, then what became of them since the last
 * time. Costs as much as changed, not as much as there is. Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * for await (const { added, removed } of changes(hub)) list.patch(added, removed)
 */
export const changes = <S, D extends Metadata>(
  hub: Listenable<S, D>,
  options?: ViewOptions,
): HubIterator<ChangeSet<S, D>> => createIterator(hub, 'changes', options)
