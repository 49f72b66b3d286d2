import { bundleOf } from '@conn-hub/testkit/bundle'
import { describe, expect, it } from 'vitest'

const bundle = (code: string) => bundleOf(code, import.meta.dirname)

const HUB = "export { createHub } from '@conn-hub/core'\n"
const KEEPER = "export { createKeeper } from '@conn-hub/keeper'\n"
const LIVENESS = "export { watchLiveness } from '@conn-hub/keeper/liveness'\n"

describe('a page that has a hub', () => {
  it('pays at most 5.6 KB for the keeper, and 3.5 KB for liveness', async () => {
    const [hub, kept, watched] = await Promise.all([HUB, HUB + KEEPER, HUB + LIVENESS].map(bundle))
    const added = [kept, watched].map((each) => (each?.size ?? 0) - (hub?.size ?? 0))
    console.log(`the keeper adds ${added[0]} bytes, liveness ${added[1]}`)
    expect(added[0]).toBeLessThanOrEqual(5.6 * 1_024)
    expect(added[1]).toBeLessThanOrEqual(3.5 * 1_024)
    // An empty bundle would be small, too.
    expect(Math.min(...added)).toBeGreaterThan(1_024)
  })

  it('does not pay for what it does not take', async () => {
    const { files } = await bundle(LIVENESS)
    expect(files.filter((file) => file.startsWith('keeper/src/keep/'))).toEqual([])
    const { files: others } = await bundle(KEEPER)
    expect(others.filter((file) => file.startsWith('keeper/src/liveness/'))).toEqual([])
  })
})
