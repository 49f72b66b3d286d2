import type { Sample } from '../row.js'

/** The same sample for each of several implementations. */
export const forEach = <T>(
  implementations: Readonly<Record<string, T>>,
  toSample: (implementation: T) => Sample,
): Record<string, Sample> =>
  Object.fromEntries(
    Object.entries(implementations).map(([name, implementation]) => [
      name,
      toSample(implementation),
    ]),
  )
