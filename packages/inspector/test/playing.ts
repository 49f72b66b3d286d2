import { vi } from 'vitest'

/** `RUNS=1000` plays more stories, by hand. */
export const RUNS = Number(process.env.RUNS ?? 100)

/** How the sessions of a story may close. */
export const WAYS = ['at-once', 'later', 'throw', 'reject', 'refuse'] as const

/** The time of the stories: the test has made it its own. */
export const clock = {
  tick: (ms: number) => vi.advanceTimersByTime(ms),
  tickAsync: (ms: number) => vi.advanceTimersByTimeAsync(ms),
}
