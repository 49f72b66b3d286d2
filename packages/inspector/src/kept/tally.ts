/** So many names are told apart; what comes later is counted as `other`. */
const NAMES = 24

/** Halves of surrogate pairs are not among them: all those come out as the same, and two series of one name break a scrape. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u

/** Names that others may have chosen, the first ones as they are: a function that gives what they are counted under. */
export const createNames = () => {
  const known = new Set<string>()
  return (name: string): string => {
    const short = name.slice(0, 60)
    if (known.has(short)) return short
    if (known.size === NAMES || !PRINTABLE.test(short)) return 'other'
    known.add(short)
    return short
  }
}

/** How often something happened, by a name that others may have chosen. */
export const createTally = (nameOf = createNames()) => {
  const counts = new Map<string, number>()
  return {
    counts: counts as ReadonlyMap<string, number>,
    add: (name: string): void => {
      const known = nameOf(name)
      counts.set(known, (counts.get(known) ?? 0) + 1)
    },
  }
}

/** Upper ends, in ms. What takes longer than the last has a place of its own. */
export const DIAL_TIMES = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000] as const

/** How many dials took how long. */
export const createTimes = () => {
  const counts: number[] = [...DIAL_TIMES, Number.POSITIVE_INFINITY].map(() => 0)
  let sum = 0
  return {
    counts: counts as readonly number[],
    /** In ms, of all together. */
    get sum() {
      return sum
    },
    add: (ms: number): void => {
      const place = DIAL_TIMES.findIndex((end) => ms <= end)
      const index = place === -1 ? DIAL_TIMES.length : place
      counts[index] = (counts[index] ?? 0) + 1
      sum += ms
    },
  }
}
