import { expect, isFunction } from '../edges/check.js'

/** What is no number from 0 to 1 would be no time to wait for: a timer without end, or one that never fires. */
export const readChance = (random: () => number = () => Math.random()) => {
  expect(isFunction(random), 'a function that gives a number from 0 to 1', 'random')
  return (): number => {
    const chance = random()
    return chance >= 0 && chance <= 1 ? chance : Math.random()
  }
}
