import type { Hub } from '@conn-hub/core'
import type { Journal } from '../journal.js'
import type { Doors } from './doors.js'
import type { PageFile } from './files.js'
import type { Stream } from './stream.js'

/** What the routes of one server share. */
export interface Served {
  readonly hub: Hub<unknown>
  readonly journal: Journal
  readonly doors: Doors
  readonly page: ReadonlyMap<string, PageFile>
  readonly allowControl: boolean
  /** Those that are open. */
  readonly streams: Set<Stream>
}
