import { explore, simulate } from '@conn-hub/simulation'
import { describe, expect, it } from 'vitest'
import { fitsCore, listBreaks, tryBreak } from '../src/turmoil/breaks.js'
import { findFailure } from '../src/turmoil/find.js'
import { playHour } from '../src/turmoil/hour.js'
import { FEW, turmoil } from '../src/turmoil/scenario.js'

// A share; `pnpm test:turmoil` plays many more, `pnpm test:breaks` tries every break.

describe('turmoil', () => {
  it('breaks nothing', async () => {
    const { happenings } = await explore({ seeds: 10, duration: 120_000 }, turmoil(FEW))
    expect(happenings).toBeGreaterThan(3_000)
  })

  it('is the same again, with as many peers as there are', async () => {
    const crowd = turmoil({ peers: 20, pause: 2_000, faults: 1_000, crashes: 2_000 })
    const play = () => simulate({ seed: 1, duration: 60_000 }, crowd)
    expect(await play()).toEqual(await play())
  })

  it('has a minute of sixty hubs that is the same each time', async () => {
    const { report, partitions, crashes } = await playHour(1)
    expect([partitions, crashes]).toEqual([29, 8])
    expect((await playHour(1)).report.hash).toBe(report.hash)
  })

  it('finds nothing in the core that is not broken', async () => {
    expect(await findFailure(2)).toBe(undefined)
  })
})

describe('the breaks of core', () => {
  it('are sixteen, and each says what goes wrong', async () => {
    const breaks = await listBreaks()
    expect(breaks).toHaveLength(16)
    for (const { what } of breaks) expect(what).toMatch(/^\S.*\.$/)
  })

  it('fit the core as it is', async () => {
    const fits = await Promise.all((await listBreaks()).map(({ name }) => fitsCore(name)))
    expect(fits).toEqual(Array(16).fill(undefined))
  })

  it.each([
    ['delivery-inside-a-delivery', 'Promise 2 of the hub is broken'],
    ['wrong-peer-is-given', 'connect() gave a link to somebody else'],
  ])('are found: %s', async (name, message) => {
    const found = await tryBreak(name, 5)
    expect(found?.message).toContain(message)
  })
})
