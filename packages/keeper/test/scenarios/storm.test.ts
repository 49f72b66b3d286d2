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
