import type { Connection } from '@conn-hub/core'
import { toPlainEntry } from '../plain/entry.js'
import type { LabelOf } from '../plain/label.js'
import type { PlainEvent } from '../protocol.js'

/** Gives the JSON of a thing that does not change: made once, for however many readers. */
const createTexts = <T extends object>(toPlain: (thing: T) => unknown): ((thing: T) => string) => {
  const texts = new WeakMap<T, string>()
  return (thing) => {
    let text = texts.get(thing)
    if (text === undefined) {
      text = JSON.stringify(toPlain(thing))
      texts.set(thing, text)
    }
    return text
  }
}

export type EntryTexts = (entry: Connection<unknown>) => string
export type EventTexts = (event: PlainEvent) => string

export const createEntryTexts = (labelOf: LabelOf): EntryTexts =>
  createTexts((entry) => toPlainEntry(entry, labelOf))

export const createEventTexts = (): EventTexts => createTexts((event) => event)
