import type { Hub } from '@conn-hub/core'
import type { Journal } from '../journal.js'
import type { FleetLike } from '../options.js'
import type { LabelOf } from '../plain/label.js'
import type { Access } from './access.js'
import type { Page } from './files.js'
import type { Recording } from './recording.js'
import type { Shared } from './shared.js'
import type { Stream } from './stream.js'
import type { EntryTexts } from './texts.js'

/** What the routes of one server share. */
export interface Served {
  /** Of a record, as the journal: another one after it was moved back. To be read anew with each request. */
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
  /** Where it is a record that is shown. */
  readonly recording: Recording | undefined
  /** Those that are open, and how they wait together. */
  readonly streams: Set<Stream>
  readonly pause: () => Promise<void>
  readonly shared: Shared
  /** What the page asked for, and what is not done yet. */
  readonly pending: Set<unknown>
}
