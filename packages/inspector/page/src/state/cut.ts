import { cutApart as cutRaw } from '../../../src/plain/cut.js'
import { visible } from './words.js'

/** As it is shown: each cut to at most so many characters, and never where it differs from the others. */
export const cutApart = (texts: Iterable<string>, length: number): Map<string, string> => {
  const cut = cutRaw(texts, length)
  for (const [text, short] of cut) cut.set(text, visible(short))
  return cut
}
