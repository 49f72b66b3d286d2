import { cutMiddle } from './cut-middle.js'

/** What is shown before the place where an address differs from another one. */
const LEAD = 4

/** How many characters two texts have in common at their beginning. */
const commonLength = (one: string, other: string | undefined): number => {
  if (other === undefined) return 0
  const most = Math.min(one.length, other.length)
  let same = 0
  while (same < most && one[same] === other[same]) same++
  return same
}

/** At most so many characters: the beginning, the end, and between them the place where it differs from its neighbours. */
const cutAt = (text: string, length: number, differs: number): string => {
  const end = Math.floor((length - 1) / 3)
  const head = length - 1 - end
  if (text.length <= length || differs < head || differs >= text.length - end) {
    return cutMiddle(text, length)
  }
  const rest = length - end - 2
  const start = Math.floor(rest / 3)
  const from = Math.max(start, differs - LEAD)
  const middle = text.slice(from, from + rest - start)
  return `${text.slice(0, start)}…${middle}…${text.slice(text.length - end)}`
}

/**
 * Texts that stand together, each cut to at most so many characters, and never where it differs from the others. Two that
 * would look the same are not cut.
 */
export const cutApart = (texts: Iterable<string>, length: number): Map<string, string> => {
  const sorted = [...new Set(texts)].sort()
  const cut = new Map<string, string>()
  const seen = new Map<string, string>()
  sorted.forEach((text, i) => {
    const differs = Math.max(commonLength(text, sorted[i - 1]), commonLength(text, sorted[i + 1]))
    const short = cutAt(text, Math.max(12, length), differs)
    const twin = seen.get(short)
    if (twin !== undefined) {
      cut.set(twin, twin)
      cut.set(text, text)
      return
    }
    seen.set(short, text)
    cut.set(text, short)
  })
  return cut
}
