import { describe, expect, it, vi } from 'vitest'
import { openMemoryWorld } from '../src/soak/memory-world.js'
import { type PartReport, runPart, type World } from '../src/soak/part.js'
import { openSbotWorld } from '../src/soak/sbot-world.js'

// The short form of `pnpm test:soak`. No time is asserted, and of the heap what programs make, without V8's code.

// A look at the heap takes long on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const soak = (world: World, cycles: number, first: number): Promise<PartReport> =>
  runPart(world, { cycles, first, print: () => {} })

const grownBy = ({ heap }: PartReport): number => heap.last.data - heap.first.data

describe('connecting and disconnecting, over and over,', () => {
  it('leaves nothing on the in-memory transport: 20,000 cycles', async () => {
    const report = await soak(openMemoryWorld(), 20_000, 5_000)
    expect(report.cycles).toBe(20_000)
    expect(report.left).toEqual({
      'errors told': 0,
      entries: 0,
      links: 0,
      'abort listeners': 0,
      'listeners of the hub': 0,
      timers: 0,
    })
    // In bytes: about one of each cycle.
    expect(grownBy(report)).toBeLessThan(16_384)
  })

  it('leaves nothing on real sbots: 200 cycles', async () => {
    const report = await soak(await openSbotWorld(), 200, 100)
    expect(report.cycles).toBe(200)
    expect(report.left).toEqual({
      'errors told': 0,
      entries: 0,
      rpcs: 0,
      'abort listeners': 0,
      'listeners of the hub': 0,
      'listeners of the sbot': 0,
      timers: 0,
    })
    // An rpc alone holds twice as much.
    expect(grownBy(report)).toBeLessThan(8_192)
  })
})
