import { expect, it } from 'vitest'
import { createRandom } from '../src/random.js'

it('is spread evenly, also over the first answers of seeds that are neighbours', () => {
  for (const question of [0, 1, 2]) {
    const tenths = Array(10).fill(0)
    for (let seed = 0; seed < 10_000; seed++) {
      const random = createRandom(seed)
      for (let before = 0; before < question; before++) random()
      tenths[Math.floor(random() * 10)]++
    }
    // 1,000 each; 120 are four standard deviations.
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(120)
  }
})

it('gives whole numbers with both ends, picks, and is true as often as it is told', () => {
  const random = createRandom(1)
  const many = <T>(ask: () => T) => Array.from({ length: 1_000 }, ask)
  expect(new Set(many(() => random.int(3, 5)))).toEqual(new Set([3, 4, 5]))
  expect(new Set(many(() => random.pick(['a', 'b'])))).toEqual(new Set(['a', 'b']))
  expect(new Set(many(() => random.chance(0)))).toEqual(new Set([false]))
  expect(new Set(many(() => random.chance(1)))).toEqual(new Set([true]))
  const yes = many(() => random.chance(0.25)).filter(Boolean).length
  expect(yes).toBeGreaterThan(200)
  expect(yes).toBeLessThan(300)
  expect(many(random).every((number) => number >= 0 && number < 1)).toBe(true)
})

it('refuses what makes no sense', () => {
  const random = createRandom(1)
  expect(() => random.pick([])).toThrow('"list"')
  expect(() => random.int(2, 1)).toThrow('"from, to"')
  expect(() => random.int(0.5, 1)).toThrow('"from, to"')
})
