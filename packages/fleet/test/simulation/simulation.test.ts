import { explore } from '@conn-hub/simulation'
import { expect, it } from 'vitest'
import { turmoil } from './turmoil.js'

/** `FLEET_SEEDS=10000` plays more, by hand. */
const SEEDS = Number(process.env.FLEET_SEEDS ?? 100)
const FROM = Number(process.env.FLEET_FROM ?? 0)

it('shows the union of the hubs on every machine, whatever fails in between', {
  timeout: 3_600_000,
}, async () => {
  const { happenings } = await explore({ seeds: SEEDS, from: FROM, duration: 100_000 }, turmoil)
  expect(happenings).toBeGreaterThan(SEEDS * 100)
})
