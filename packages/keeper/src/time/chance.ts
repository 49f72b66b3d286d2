import { expect, isFunction } from '../edges/check.js'

/** What is no number from 0 to 1 would be no time to wait for: a timer without end, or one that never fires. */
export const readChance = (random: () => number = () => Math.random()) => {
  expect(isFunction(random), 'a function that gives a number from 0 to 1', 'random')
  return (): number => {
    try {
      const chance = random()
      if (chance >= 0 && chance <= 1) return chance
    } catch {
      // As if it had said nothing.
    }
    return Math.random()
  }
}
