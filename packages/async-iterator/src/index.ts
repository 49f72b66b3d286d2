import type { Changes, Connection, ConnectionEvent, Hub } from '@conn-hub/core'
import { createIterator, type HubIterator } from './iterator.js'
import { type EventsOptions, readOptions, type ViewOptions } from './options.js'
import { changesView, entriesView, eventsView } from './views.js'

export type { HubIterator } from './iterator.js'
export type { EventsOptions, Overflow, ViewOptions } from './options.js'

/**
 * Each event of the hub, from the first `next()` on. Ends when the hub has closed, after the events that wait.
 * Throws a `TypeError` with the code `INVALID_OPTION`.
 *
 * @example
 * for await (const event of events(hub)) console.log(event.type, event.address)
 */
export const events = <S>(
  hub: Hub<S>,
  options: EventsOptions = {},
): HubIterator<ConnectionEvent<S>> => {
  const checked = readOptions(hub, options)
  return createIterator(hub, eventsView(hub, checked), checked)
}

/**
 * All entries: at once, also where there are none, then after each change. Who reads slowly gets the newest only.
 * Throws a `TypeError` with the code `INVALID_OPTION`.
 *
 * @example
 * for await (const entries of liveEntries(hub)) console.log(`${entries.length} peers`)
 */
export const liveEntries = <S>(
  hub: Hub<S>,
  options: ViewOptions = {},
): HubIterator<readonly Connection<S>[]> =>
  createIterator(hub, entriesView(hub), readOptions(hub, options))

/**
 * What was added, changed and removed: at once all entries as added, then what became of them since the last
 * time. Costs as much as changed, not as much as there is. Throws a `TypeError` with the code `INVALID_OPTION`.
 *
 * @example
 * for await (const { added, removed } of changes(hub)) list.patch(added, removed)
 */
export const changes = <S>(hub: Hub<S>, options: ViewOptions = {}): HubIterator<Changes<S>> =>
  createIterator(hub, changesView(hub), readOptions(hub, options))
