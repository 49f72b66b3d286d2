/** What the keys have set: where in the list one is, and what is looked for. */
export interface Looked {
  readonly first: number
  readonly filter: string
  /** The filter is being typed. */
  readonly isTyping: boolean
}

export const FROM_THE_TOP: Looked = { first: 0, filter: '', isTyping: false }

/** What comes at once may be several keys. */
export const toKeys = (typed: string): string[] =>
  typed.match(/\p{Cc}(?:\[[\d;]*[A-Za-z~]|O[A-Z])|[\s\S]/gu) ?? []

const MAX_FILTER = 100
const STEPS = new Map<string, (page: number) => number>([
  ['\u001b[A', () => -1],
  ['\u001bOA', () => -1],
  ['k', () => -1],
  ['\u001b[B', () => 1],
  ['\u001bOB', () => 1],
  ['j', () => 1],
  ['\u001b[5~', (page) => -page],
  ['\u001b[6~', (page) => page],
  [' ', (page) => page],
  ['\u001b[H', () => Number.NEGATIVE_INFINITY],
  ['g', () => Number.NEGATIVE_INFINITY],
  ['\u001b[F', () => Number.POSITIVE_INFINITY],
  ['G', () => Number.POSITIVE_INFINITY],
])

/** What a key makes of it; `'end'`: that is enough. `total` rows are there, `page` of them are seen. */
export const press = (
  looked: Looked,
  key: string,
  { total, page }: { total: number; page: number },
): Looked | 'end' => {
  if (key === '\u0003') return 'end'
  if (looked.isTyping) return type(looked, key)
  if (key === 'q') return 'end'
  if (key === '/') return { ...looked, isTyping: true }
  if (key === '\u001b') return FROM_THE_TOP
  const step = STEPS.get(key)?.(page)
  if (step === undefined) return looked
  const first = Math.max(0, Math.min(Math.max(0, total - page), looked.first + step))
  return { ...looked, first }
}

const type = (looked: Looked, key: string): Looked => {
  const { filter } = looked
  if (key === '\r' || key === '\n') return { ...looked, isTyping: false }
  if (key === '\u001b') return FROM_THE_TOP
  if (key === '\u007f' || key === '\b') return { ...looked, first: 0, filter: filter.slice(0, -1) }
  if (/[\p{Cc}]/u.test(key)) return looked
  return { ...looked, first: 0, filter: (filter + key).slice(0, MAX_FILTER) }
}
