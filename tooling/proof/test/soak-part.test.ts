import { describe, expect, it, vi } from 'vitest'
import { runPart, type World } from '../src/soak/part.js'

// A look at the heap takes long on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

describe('a part', () => {
  const world = (cycle: World['cycle']): World => ({
    name: 'a world',
    lanes: 2,
    cycle,
    quiet: async () => {},
    end: async () => ({ kept: 0 }),
  })

  it('sees what each cycle keeps', async () => {
    const kept: object[] = []
    const leaking = world(async (index) => {
      kept.push({ index, held: `by cycle ${index}` })
    })
    const { heap, left } = await runPart(leaking, { cycles: 2_000, first: 20, print: () => {} })
    expect(heap.last.data - heap.first.data).toBeGreaterThan(1_980 * 24)
    expect(left).toEqual({ kept: 0 })
  })

  it('runs as many cycles as it should, each once', async () => {
    const seen: number[] = []
    const counting = world(async (index) => {
      seen.push(index)
      await Promise.resolve()
    })
    expect(await runPart(counting, { cycles: 50, first: 3, print: () => {} })).toMatchObject({
      cycles: 50,
      first: 3,
    })
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index))
  })

  it('fails where a cycle does', async () => {
    const failing = world(async () => {
      throw new Error('cycle 0 has left 1 open')
    })
    await expect(runPart(failing, { cycles: 1, first: 1, print: () => {} })).rejects.toThrow(
      'cycle 0 has left 1 open',
    )
  })
})
