import type {
  Changes,
  Connection,
  ConnectionEvent,
  EventsOptions,
  Hub,
  ViewOptions,
} from '@conn-hub/core'
import { createIterator, type HubIterator } from './iterator.js'

export type { EventsOptions, Overflow, ViewOptions } from '@conn-hub/core'
export type { HubIterator } from './iterator.js'

/**
 * Each event of the hub, from the first `next()` on. Ends when the hub has closed, after the events that wait.
 * Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * for await (const event of events(hub)) console.log(event.type, event.address)
 */
export const events = <S>(hub: Hub<S>, options?: EventsOptions): HubIterator<ConnectionEvent<S>> =>
  createIterator(hub, 'events', options)

/**
 * All entries: at once, also where there are none, then after each change. Who reads slowly gets the newest only.
 * Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * for await (const entries of liveEntries(hub)) console.log(`${entries.length} peers`)
 */
export const liveEntries = <S>(
  hub: Hub<S>,
  options?: ViewOptions,
): HubIterator<readonly Connection<S>[]> => createIterator(hub, 'entries', options)

/**
 * What was added, changed and removed: at once all entries as added, then what became of them since the last
 * time. Costs as much as changed, not as much as there is. Throws an error with the code `INVALID_OPTION`.
 *
 * @example
 * for await (const { added, removed } of changes(hub)) list.patch(added, removed)
 */
export const changes = <S>(hub: Hub<S>, options?: ViewOptions): HubIterator<Changes<S>> =>
  createIterator(hub, 'changes', options)
