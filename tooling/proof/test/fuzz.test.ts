import { describe, expect, it, vi } from 'vitest'
import { runFuzz } from '../src/fuzz/fuzz.js'

vi.mock('../src/fuzz/published.js', async () => ({
  sources: await import('../../../packages/pull-stream/src/index.js'),
  ConnHub: (await import('../../../packages/ssb-conn-hub/src/conn-hub.js')).ConnHub,
}))

describe('every public function', () => {
  it('refuses what it cannot take by a code, and leaves everything as it was', async () => {
    const report = await runFuzz({ runs: 2_000, seed: 1, print: () => {} })
    expect(report.faults).toEqual([])
    expect(report.runs).toBe(2_000)
    // It gets behind the door, and it tries every way of being refused.
    expect(report.accepted).toBeGreaterThan(500)
    expect(Object.keys(report.refused).sort()).toEqual([
      'ABORTED',
      'ADDRESS_TOO_LONG',
      'DIAL_SELF',
      'INVALID_ADDRESS',
      'INVALID_DATA',
      'INVALID_OPTION',
      'TRANSPORT_BROKEN',
    ])
  })
})
