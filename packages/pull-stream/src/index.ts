import type { Changes, Connection, ConnectionEvent, Hub } from '@conn-hub/core'
import { type EventsOptions, readOptions, type ViewOptions } from './options.js'
import { createSource, type Source } from './source.js'
import { changesView, entriesView, eventsView } from './views.js'

export type { EventsOptions, Overflow, ViewOptions } from './options.js'
export type { End, Source } from './source.js'

/**
 * Each event of the hub, from now on. Ends when the hub has closed, after the events that wait.
 * Throws a `TypeError` with the code `INVALID_OPTION`.
 *
 * @example
 * pull(listen(hub), pull.drain((event) => console.log(event.type, event.address)))
 */
export const listen = <S>(hub: Hub<S>, options: EventsOptions = {}): Source<ConnectionEvent<S>> => {
  const checked = readOptions(hub, options)
  return createSource(hub, eventsView(hub, checked), checked)
}

/**
 * All entries: at once, also where there are none, then after each change. Who reads slowly gets the newest only.
 * Throws a `TypeError` with the code `INVALID_OPTION`.
 *
 * @example
 * pull(liveEntries(hub), pull.drain((entries) => console.log(`${entries.length} peers`)))
 */
export const liveEntries = <S>(
  hub: Hub<S>,
  options: ViewOptions = {},
): Source<readonly Connection<S>[]> =>
  createSource(hub, entriesView(hub), readOptions(hub, options))

/**
 * What was added, changed and removed: at once all entries as added, then what became of them since the last
 * read. Costs as much as changed, not as much as there is. Throws a `TypeError` with the code `INVALID_OPTION`.
 *
 * @example
 * pull(changes(hub), pull.drain(({ added, removed }) => list.patch(added, removed)))
 */
export const changes = <S>(hub: Hub<S>, options: ViewOptions = {}): Source<Changes<S>> =>
  createSource(hub, changesView(hub), readOptions(hub, options))
