import type { Labelled } from '../kept/down.js'
import { MAX, Truncator } from './truncator.js'

/** The name of a peer; none where it has none. */
export type LabelOf = (entry: Labelled) => string | undefined

/** Without an option: a text that the app keeps as `name` with the entry. */
export const labelByName: LabelOf = ({ data }) => toLabel(() => data.name)

/** The app's own function, of which nothing is believed. */
export const toLabelOf = (label: (entry: never) => unknown): LabelOf => {
  // What the entry's metadata is, the app's function says for itself.
  return (entry) => toLabel(() => label(entry as never))
}

const toLabel = (read: () => unknown): string | undefined => {
  try {
    const label = read()
    if (typeof label !== 'string' || label === '') return undefined
    return new Truncator().text(label, MAX.name)
  } catch {
    return undefined
  }
}
