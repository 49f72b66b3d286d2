import type { Hub } from '@conn-hub/core'
import type { Journal } from '../journal.js'
import type { FleetLike } from '../options.js'
import type { LabelOf } from '../plain/label.js'
import type { Access } from './access.js'
import type { Page } from './files.js'
import type { Stream } from './stream.js'
import type { EntryTexts } from './texts.js'

/** What the routes of one server share. */
export interface Served {
  readonly hub: Hub<unknown>
  readonly journal: Journal
  readonly access: Access
  readonly page: Page
  readonly allowControl: boolean
  readonly name: string | undefined
  readonly key: string | undefined
  readonly labelOf: LabelOf
  readonly texts: EntryTexts
  readonly explain: ((address: string) => unknown) | undefined
  readonly fleet: FleetLike | undefined
  readonly probes: { readonly metrics: boolean; readonly health: boolean }
  /** Those that are open. */
  readonly streams: Set<Stream>
  /** What the page asked for, and what is not done yet. */
  readonly pending: Set<unknown>
}
