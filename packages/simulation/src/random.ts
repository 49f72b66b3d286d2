import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { expect } from './options.js'

/** Chance that the seed decides: the same seed gives the same answers to the same questions. */
export interface Random {
  /** From 0 up to, but not including, 1: as `Math.random()`. */
  (): number
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number
  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T
  /** True so often: 0 never, 1 always. */
  chance(probability: number): boolean
}

/** The first answers of the generator are nearly the same for seeds that are neighbours. */
const WARM_UP = 20

export const createRandom = (seed: number): Random => {
  const generator = xoroshiro128plus(scramble(seed))
  for (let skipped = 0; skipped < WARM_UP; skipped++) generator.next()
  const random = () => uniformFloat64(generator)
  const int = (from: number, to: number) => {
    expect(
      Number.isSafeInteger(from) && Number.isSafeInteger(to) && from <= to,
      'two whole numbers, the lower one first',
      'from, to',
    )
    return uniformInt(generator, from, to)
  }
  return Object.assign(random, {
    int,
    pick: <T>(list: readonly T[]): T => {
      expect(list.length > 0, 'a list with something in it', 'list')
      return list[int(0, list.length - 1)] as T
    },
    chance: (probability: number) => {
      expect(probability >= 0 && probability <= 1, 'a number from 0 to 1', 'probability')
      return random() < probability
    },
  })
}

/** Neighbours become strangers: each bit of the seed reaches about half of the bits. */
const scramble = (seed: number): number => {
  const once = Math.imul(seed ^ (seed >>> 16), 0x7feb352d)
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b)
  return twice ^ (twice >>> 16)
}
