import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addSoak } from '../src/soak/command.js'
import { keepFromCompiling, measureHeap } from '../src/soak/heap.js'
import type { PartReport } from '../src/soak/part.js'
import { faultsOf, MAX_DATA_GROWTH, MAX_GROWTH, runSoak, summaryOf } from '../src/soak/soak.js'

// Looking at the heap is tested with the parts, and takes long.
vi.mock('../src/soak/heap.js', () => ({
  heapInUse: async () => 0,
  keepFromCompiling: vi.fn(),
  measureHeap: vi.fn(async () => ({ used: 0, data: 0 })),
}))

const report = (changes: Partial<PartReport> = {}): PartReport => ({
  name: 'memory',
  cycles: 1_000,
  took: 12_345,
  first: 10,
  heap: { first: { used: 2_097_152, data: 1_024 }, last: { used: 3_145_728, data: 2_048 } },
  left: { entries: 0, timers: 0 },
  ...changes,
})

const grownBy = (used: number, data: number): PartReport['heap'] => ({
  first: { used: 5, data: 5 },
  last: { used: 5 + used, data: 5 + data },
})

describe('the verdict', () => {
  it('is good where nothing is left, the heap has grown by 1 MB at most, and the data by 64 KB', () => {
    expect([MAX_GROWTH, MAX_DATA_GROWTH]).toEqual([1024 * 1024, 64 * 1024])
    expect(faultsOf(report())).toEqual([])
    expect(faultsOf(report({ heap: grownBy(MAX_GROWTH, MAX_DATA_GROWTH) }))).toEqual([])
  })

  it('names what is left, and what has grown by how much', () => {
    const left = { entries: 0, timers: 2 }
    expect(faultsOf(report({ left, heap: grownBy(2_097_152, 131_072) }))).toEqual([
      'memory: timers left: 2, and not 0',
      'memory: heap has grown by 2048.0 KB; allowed: 1024.0 KB',
      'memory: data on the heap has grown by 128.0 KB; allowed: 64.0 KB',
    ])
    expect(faultsOf(report({ heap: grownBy(MAX_GROWTH + 1, 0) }))).toHaveLength(1)
    expect(faultsOf(report({ heap: grownBy(0, MAX_DATA_GROWTH + 1) }))).toHaveLength(1)
  })

  it('comes with the figures', () => {
    expect(summaryOf(report())).toBe(
      [
        'memory: 1,000 cycles in 12 s',
        'memory: heap 2.00 MB after 10 cycles, 3.00 MB at the end',
        'memory: data on it 1.0 KB after 10 cycles, 2.0 KB at the end',
        'memory: left: entries 0, timers 0',
      ].join('\n'),
    )
  })
})

describe('the command', () => {
  beforeEach(() => {
    process.exitCode = undefined
  })
  afterEach(() => {
    process.exitCode = undefined
  })

  const run = async (...words: string[]): Promise<string> => {
    const log = vi.spyOn(console, 'log').mockReturnValue()
    const program = new Command().exitOverride()
    addSoak(program)
    for (const command of program.commands) {
      command.exitOverride().configureOutput({ writeErr: () => {} })
    }
    await program.parseAsync(['soak', ...words], { from: 'user' })
    return log.mock.calls.flat().join('\n')
  }

  it('runs the parts that have cycles, prints their figures, and ends with status 0', async () => {
    const output = await run('--memory-cycles', '2000', '--sbot-cycles', '0')
    expect(output).toContain('memory: 2,000 cycles in ')
    expect(output).toContain('memory: left: errors told 0, entries 0, links 0, ')
    expect(output).not.toContain('sbots')
    expect(keepFromCompiling).toHaveBeenCalledOnce()
    expect(process.exitCode).toBe(0)
  })

  it('ends with status 1 where something is left, and says what', async () => {
    const error = vi.spyOn(console, 'error').mockReturnValue()
    vi.mocked(measureHeap)
      .mockResolvedValueOnce({ used: 0, data: 0 })
      .mockResolvedValueOnce({ used: 0, data: 0 })
      .mockResolvedValueOnce({ used: 0, data: 70_656 })
    await run('--memory-cycles', '100', '--sbot-cycles', '0')
    expect(error.mock.calls).toEqual([
      ['memory: data on the heap has grown by 69.0 KB; allowed: 64.0 KB'],
    ])
    expect(process.exitCode).toBe(1)
  })

  it.each([
    ['--memory-cycles', 'many'],
    ['--memory-cycles', '-1'],
    ['--sbot-cycles', '1.5'],
  ])('refuses %s %s', async (option, value) => {
    await expect(run(option, value)).rejects.toThrow(`option '${option} <number>' argument`)
  })

  it('does nothing where no part has cycles', async () => {
    expect(await runSoak({ memoryCycles: 0, sbotCycles: 0, print: () => {} })).toEqual([])
  })
})
