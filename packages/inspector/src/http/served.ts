import type { Hub } from '@conn-hub/core'
import type { Journal } from '../journal.js'
import type { Access } from './access.js'
import type { Page } from './files.js'
import type { Stream } from './stream.js'

/** What the routes of one server share. */
export interface Served {
  readonly hub: Hub<unknown>
  readonly journal: Journal
  readonly access: Access
  readonly page: Page
  readonly allowControl: boolean
  /** Those that are open. */
  readonly streams: Set<Stream>
}
