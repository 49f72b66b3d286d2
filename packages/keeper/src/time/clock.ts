import { expect, isFunction, isObject } from '../edges/check.js'
import type { Clock } from '../model/time.js'

/** The global timers as they are now: a simulation, or a test tool, may have replaced them. */
export const globalClock = (): Clock => {
  const { setTimeout, clearTimeout, Date: date } = globalThis
  // Called without an owner: the functions of a browser refuse any other than the window.
  return {
    now: () => date.now(),
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer as number),
  }
}

export const readClock = (clock: Clock = globalClock()): Clock => {
  const isClock =
    isObject(clock) && [clock.now, clock.setTimeout, clock.clearTimeout].every(isFunction)
  expect(isClock, 'an object with now(), setTimeout() and clearTimeout()', 'clock')
  return clock
}
