import { expect, it } from 'vitest'
import { playStorm } from './storm.js'

it('1,000 clients that lose their server for two minutes come back without a storm', {
  timeout: 300_000,
}, async () => {
  const storm = { seed: 1, clients: 1_000, away: 120_000, accepts: 100 }
  const { peak, attempts, allBack } = await playStorm(storm)
  expect(peak).toBeLessThanOrEqual(45)
  expect(attempts).toBeLessThanOrEqual(11_000)
  expect(allBack).toBeLessThanOrEqual(45_000)
  // Nobody may be idle, either.
  expect(attempts).toBeGreaterThan(8_000)
})

/** By hand, for the figures of the README: STORM_SEEDS=24 */
const SEEDS = Number(process.env.STORM_SEEDS ?? 0)

it.skipIf(SEEDS === 0).each([
  ['a blip', { away: 0 }],
  ['10 s', { away: 10_000, accepts: 100 }],
  ['two minutes', { away: 120_000, accepts: 100 }],
])('the figures of many storms: %s', { timeout: 7_200_000 }, async (name, storm) => {
  const all = []
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { peak, attempts, allBack } = await playStorm({ seed, clients: 1_000, ...storm })
    console.log(`${name}, seed ${seed}: ${JSON.stringify({ peak, attempts, allBack })}`)
    all.push({ peak, attempts, allBack })
  }
  for (const figure of ['peak', 'attempts', 'allBack'] as const) {
    const sorted = all.map((each) => each[figure]).sort((a, b) => a - b)
    const half = sorted[Math.floor(SEEDS / 2)]
    console.log(`${name}, ${figure}: ${sorted[0]} to ${sorted.at(-1)}, half at ${half}`)
  }
})
