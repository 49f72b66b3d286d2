import type { PlainEntry } from '../../../src/protocol.js'
import type { State } from './counts.js'

export interface Filter {
  /** Words that must all be found in an entry, in whatever case. */
  readonly text: string
  /** None: every state. */
  readonly state: State | undefined
}

export const NO_FILTER: Filter = { text: '', state: undefined }

const texts = new WeakMap<PlainEntry, string>()

/** What the words of a search are looked for in. */
const textOf = (entry: PlainEntry): string => {
  let text = texts.get(entry)
  if (text === undefined) {
    const { address, key, kind, label, state, direction, reason, waits, data } = entry
    text = [address, key, kind, label, state, direction, reason, waits, data]
      .join('\n')
      .toLowerCase()
    texts.set(entry, text)
  }
  return text
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean)

/** Gives what says whether an entry passes; `undefined` where all do. */
export const toTest = ({ text, state }: Filter): ((entry: PlainEntry) => boolean) | undefined => {
  const words = wordsOf(text)
  if (words.length === 0 && !state) return undefined
  return (entry) =>
    (!state || entry.state === state) && words.every((word) => textOf(entry).includes(word))
}

/** The same for whatever has an address alone. */
export const toAddressTest = (
  text: string,
): ((of: { address?: string; key?: string }, label?: string) => boolean) => {
  const words = wordsOf(text)
  return ({ address, key }, label) => {
    if (words.length === 0) return true
    const all = `${address ?? ''}\n${key ?? ''}\n${label ?? ''}`.toLowerCase()
    return words.every((word) => all.includes(word))
  }
}
