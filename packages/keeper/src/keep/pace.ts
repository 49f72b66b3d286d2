import { isObject } from '../edges/check.js'

/** How an attempt ended, as far as it decides how long to wait: nothing else of the other side's words counts. */
export type Verdict = 'failed' | 'refused' | 'try-later'

const VERDICTS: Record<string, Verdict> = {
  REFUSED: 'refused',
  UNAUTHORIZED: 'refused',
  FORBIDDEN: 'refused',
  GATE_REFUSED: 'refused',
  TRY_LATER: 'try-later',
  LIMIT: 'try-later',
}

/** @param reason The other side's word, where it ended the link. */
export const verdictOf = (error: unknown, reason?: string): Verdict => {
  const words = [reason?.toUpperCase().replace(/-/g, '_'), codeOf(error), codeOf(causeOf(error))]
  for (const word of words) {
    if (word !== undefined && Object.hasOwn(VERDICTS, word)) return VERDICTS[word] as Verdict
  }
  return 'failed'
}

/** The wait is up to this, in ms: full jitter takes a random part of it. */
export const ceilingOf = (
  { base, max }: { readonly base: number; readonly max: number },
  n: number,
  verdict: Verdict = 'failed',
): number => {
  if (verdict === 'refused') return max
  return Math.min(max, base * 2 ** (verdict === 'try-later' ? n + 2 : n))
}

const causeOf = (error: unknown): unknown => read(error, 'cause')

const codeOf = (error: unknown): string | undefined => {
  const code = read(error, 'code')
  return typeof code === 'string' ? code : undefined
}

/** What a transport throws may be anything, also what throws when it is read. */
const read = (error: unknown, name: string): unknown => {
  try {
    return isObject(error) ? error[name] : undefined
  } catch {
    return undefined
  }
}
