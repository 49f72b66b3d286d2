/** Whoever calls these until nothing is left must not find them without effect. */
const MUTATES = new Set<PropertyKey>(['reverse', 'shift', 'splice', 'unshift'])

type Method = (this: { length?: number; size?: number }, ...given: unknown[]) => unknown

/** What goes through a whole list, or looks for a place in it. */
const WALKS: [object, PropertyKey[]][] = [
  [
    Array.prototype,
    [
      'concat',
      'every',
      'filter',
      'find',
      'findIndex',
      'flatMap',
      'forEach',
      'includes',
      'indexOf',
      'lastIndexOf',
      'map',
      'reduce',
      'reverse',
      'shift',
      'slice',
      'some',
      'splice',
      'unshift',
      'entries',
      'values',
      Symbol.iterator,
    ],
  ],
  [Set.prototype, ['forEach', 'values', 'keys', 'entries', Symbol.iterator]],
  [Map.prototype, ['forEach', 'values', 'keys', 'entries', Symbol.iterator]],
]

/**
 * Counts the steps that `work` takes through lists, sets and maps: each walk counts as many as its list has, though
 * some end earlier. Beyond `limit` a walk finds its list empty, so that a quadratic one is soon over.
 */
export const stepsOf = (work: () => void, limit = Number.POSITIVE_INFINITY): number => {
  let steps = 0
  let walksBeyond = 0
  const restore: (() => void)[] = []
  for (const [prototype, names] of WALKS) {
    const nothing =
      prototype === Array.prototype ? [] : prototype === Set.prototype ? new Set() : new Map()
    for (const name of names) {
      const descriptor = Object.getOwnPropertyDescriptor(prototype, name)
      const walk = descriptor?.value as Method | undefined
      if (!descriptor || !walk) continue
      restore.push(() => Object.defineProperty(prototype, name, descriptor))
      const counted: Method = function (...given) {
        steps += this.length ?? this.size ?? 0
        const over = steps > limit && !MUTATES.has(name)
        // Whoever waits for a list to become empty would wait for ever.
        if (over && ++walksBeyond > 1_000_000)
          throw new Error(`more than ${limit} steps, and no end`)
        return Reflect.apply(walk, over ? nothing : this, given)
      }
      Object.defineProperty(prototype, name, { ...descriptor, value: counted })
    }
  }
  try {
    work()
  } finally {
    // No `for…of`: it would be counted.
    for (let i = 0; i < restore.length; i++) restore[i]?.()
  }
  return steps
}
