import type { Time } from '../parts/time.js'

/** In ms: finer than this no pace is kept, and coarser none is needed. */
const [SHORTEST, LONGEST] = [20, 100]

/** What runs at an even pace. */
export interface Paced {
  /** It ends here; what is left is not done. */
  stop(): void
  /** Resolves once all is done, or it was stopped. */
  readonly over: Promise<void>
}

/**
 * Calls `each` for every item, evenly within so many ms. After a time in which no timer came it hurries, but never does more at once than
 * half as much again as is its pace.
 */
export const atEvenPace = <T>(
  items: readonly T[],
  within: number,
  time: Time,
  each: (item: T) => void,
): Paced => {
  const begun = time.elapsed()
  const tick = Math.min(LONGEST, Math.max(SHORTEST, within / items.length))
  const most = Math.max(1, Math.floor((1.5 * items.length * tick) / within))
  let next = 0
  let stop = () => {}
  const over = new Promise<void>((resolve) => {
    let stopTimer = () => {}
    stop = () => {
      stopTimer()
      next = items.length
      resolve()
    }
    const run = () => {
      const share = Math.min(1, (time.elapsed() - begun) / within)
      const end = Math.min(next + most, Math.floor(share * items.length + 1e-9))
      while (next < end) each(items[next++] as T)
      if (next >= items.length) resolve()
      else stopTimer = time.after(tick, run)
    }
    if (items.length === 0) resolve()
    else stopTimer = time.after(tick, run)
  })
  return { stop: () => stop(), over }
}
