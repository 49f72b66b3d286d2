import { checkNames, expect, isMs, isSeed, MS, MS_ABOVE_0 } from './options.js'

export interface SimulateOptions {
  /** What chance begins with: a whole number from 0 up to, but not including, 2^31. */
  readonly seed: number
  /** How long things happen, in ms. */
  readonly duration: number
  /**
   * How long the world is left alone after that, in ms, before it is judged: sleepers wake, the network heals, `every()` stops. Default 60 000:
   * the default deadlines of a hub, and a little more.
   */
  readonly quiet?: number | undefined
}

export interface Settings {
  readonly seed: number
  readonly duration: number
  readonly quiet: number
  /** Where things end before their time, in ms: to look for what a failure needs. */
  readonly until?: number | undefined
}

/** What `simulate`, `explore` and `replay` have in common. */
export const COMMON = ['duration', 'quiet']

export const readOptions = (options: SimulateOptions): Settings => {
  checkNames(options, ['seed', ...COMMON])
  const { seed, duration, quiet = 60_000 } = options
  expect(isSeed(seed), 'a whole number from 0 to 2147483647', 'seed')
  expect(isMs(duration) && duration > 0, MS_ABOVE_0, 'duration')
  expect(isMs(quiet), MS, 'quiet')
  return { seed, duration, quiet }
}
