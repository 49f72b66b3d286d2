import { describe, expect, it } from 'vitest'
import { everythingOf, sizeOf } from '../src/bundle.js'

const CORE = '@conn-hub/core'

/** In bytes, minified and gzipped. A little above what is there today: who needs more says so here. */
const BUDGETS = [
  // The hub alone is held by a test of core.
  [CORE, 10_750, []],
  ['@conn-hub/async-iterator', 550, [CORE]],
  ['@conn-hub/pull-stream', 400, [CORE]],
  ['@conn-hub/secret-stack', 2_800, [CORE, 'ssb-ref', 'ipaddr.js']],
] as const

describe('what an app loads', () => {
  it.each(BUDGETS)('of %s is at most %i bytes', async (name, budget, external) => {
    const size = await sizeOf(everythingOf(name), { external: [...external], sources: true })
    expect(size).toBeLessThanOrEqual(budget)
    // Something was bundled.
    expect(size).toBeGreaterThan(budget / 2)
  })

  it('of the facades is the facade and the view alone: core comes with the hub', async () => {
    const facade = everythingOf('@conn-hub/async-iterator')
    const whole = await sizeOf(facade, { sources: true })
    const alone = await sizeOf(facade, { external: [CORE], sources: true })
    const view = await sizeOf(`export { createView } from '${CORE}/view'`, { sources: true })
    expect(whole).toBeLessThanOrEqual(view + alone)
    expect(whole).toBeGreaterThan(view)
  })
})
