import type { Listenable } from '@conn-hub/core'
import type { Sample } from '../protocol.js'

/** An hour, at one a second at most. */
const LIMIT = 3_600
/** In ms. */
const STEP = 1_000
/** What is older than this, in ms, is told in steps of `COARSE`. */
const FINE = 120_000
const COARSE = 10_000

/** The counts by state over time: a sample where they changed, once a second at most. */
export const createSamples = (hub: Pick<Listenable<unknown>, 'snapshot'>, clock: () => number) => {
  const list: Sample[] = []
  let isDue = true
  let takenAt = Number.NEGATIVE_INFINITY

  const take = (): void => {
    if (!isDue) return
    isDue = false
    takenAt = clock()
    // The clock of the machine may have been turned back; a record may be of any time.
    while ((list.at(-1)?.[0] ?? takenAt) > takenAt) list.pop()
    const counts = { connected: 0, connecting: 0, disconnecting: 0 }
    for (const { state } of hub.snapshot()) counts[state]++
    const { connected, connecting, disconnecting } = counts
    const last = list.at(-1)
    if (last?.[1] === connected && last[2] === connecting && last[3] === disconnecting) return
    list.push([takenAt, connected, connecting, disconnecting])
    if (list.length > LIMIT) list.shift()
  }
  take()
  // The last change within a second would else be told with the next one.
  const timer = setInterval(take, STEP)
  timer.unref()

  return {
    change: (): void => {
      isDue = true
      if (Math.abs(clock() - takenAt) >= STEP) take()
    },
    /** What is due is told as of now: a record's time leaps, and no timer comes in between. */
    settle: take,
    /** Oldest first. */
    list: (): Sample[] => {
      take()
      const fine = clock() - FINE
      return list.filter(([at], i) => {
        const next = list[i + 1]?.[0]
        const isLastOfStep =
          next === undefined || Math.floor(at / COARSE) !== Math.floor(next / COARSE)
        return at >= fine || isLastOfStep
      })
    },
    stop: () => clearInterval(timer),
  }
}
