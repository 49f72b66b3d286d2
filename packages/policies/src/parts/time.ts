import type { Clock } from '../model/clock.js'

/** Longest delay, in ms, that `setTimeout` can count; a longer one would fire at once. */
const MAX_DELAY = 2 ** 31 - 1

/** Time as the policies use it: what lasts is not measured by the clock of the day, which may be set. */
export interface Time {
  /** In ms since an instant of its own; whole, so that a number of it is small in memory. */
  elapsed(): number
  /** In ms since 1970. */
  now(): number
  /** Gives what cancels it. It keeps no process alive. */
  after(ms: number, run: () => void): () => void
}

export const toTime = (clock?: Clock): Time => (clock ? timeOf(clock) : GLOBAL)

const timeOf = (clock: Clock): Time => ({
  elapsed: () => Math.floor(clock.now()),
  now: () => clock.now(),
  after: (ms, run) => {
    const timer = clock.setTimeout(run, Math.min(ms, MAX_DELAY))
    return () => clock.clearTimeout(timer)
  },
})

/** Looked up at each use: test tools replace them. */
const GLOBAL: Time = {
  elapsed: () => Math.floor(performance.now()),
  now: () => Date.now(),
  after: (ms, run) => {
    const timer: unknown = setTimeout(run, Math.min(ms, MAX_DELAY))
    // In Node a timer is an object that can be unref'd, in browsers a number.
    ;(timer as { unref?: () => void }).unref?.()
    return () => clearTimeout(timer as number)
  },
}
