import type { Connection } from '@conn-hub/core'
import { toPlainEntry } from '../plain/entry.js'
import type { LabelOf } from '../plain/label.js'

export type EntryTexts = (entry: Connection<unknown>) => string

/** Gives the JSON of an entry. To remember it costs more than to make it: readers that go together share whole messages. */
export const createEntryTexts =
  (labelOf: LabelOf): EntryTexts =>
  (entry) =>
    JSON.stringify(toPlainEntry(entry, labelOf))
