import { median } from './statistics.js'

const NS_PER_MS = 1e6

/** In nanoseconds. */
export const timeOf = async (work: () => unknown): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) * NS_PER_MS
}

export const collectGarbage = (): void => {
  if (!globalThis.gc) throw new Error('this process was started without --expose-gc')
  globalThis.gc()
}

export interface Patience {
  /** In ms. Everybody has the same, so that whoever is slow is warm as well. */
  readonly warmUp: number
  /** In ms: as many samples as fit, but three at least. */
  readonly measure: number
}

/** In ms: where much code takes part, the engine needs so long to compile all of it. */
export const LONG_WARM_UP = 2_500

const DEFAULT: Patience = { warmUp: 800, measure: 800 }

/**
 * Lets the engine learn, then gives the median of several samples; `sample` says how long it took, in ns. Garbage is
 * collected when the engine likes, as in an app: forced between samples, when nothing is alive, it would throw
 * away what was compiled too.
 */
export const measure = async (
  sample: () => Promise<number>,
  { warmUp, measure }: Patience = DEFAULT,
): Promise<number> => {
  await repeat(sample, warmUp, 1)
  return median(await repeat(sample, measure, 3))
}

const MOST = 2_000

const repeat = async (sample: () => Promise<number>, ms: number, least: number) => {
  const results: number[] = []
  const start = performance.now()
  while (results.length < least || (performance.now() - start < ms && results.length < MOST)) {
    results.push(await sample())
  }
  return results
}
