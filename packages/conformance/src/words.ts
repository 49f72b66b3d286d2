import { printable } from '@conn-hub/core'

/** What was thrown, in words: it may be anything, also what cannot be made a text of. */
export const textOf = (error: unknown): string => {
  try {
    return String(error)
  } catch {
    return 'something that cannot be printed'
  }
}

/** A text that may be long, or not printable. */
export const shown = (text: string): string => {
  const begin = printable(text.slice(0, 20))
  return text.length > 20 ? `"${begin}…", ${text.length} characters` : `"${begin}"`
}
