import { describe, expect, it } from 'vitest'
import { countBackwards } from '../../page/src/state/series.js'
import { entry, event } from './samples.js'

describe('the past, worked out backwards', () => {
  const sample = (at: number, connected: number, connecting: number, disconnecting: number) => ({
    at,
    connected,
    connecting,
    disconnecting,
  })

  it('follows one entry from its beginning to its end', () => {
    const life = [
      event(1, 'connecting', 'a', 1_000),
      event(2, 'connected', 'a', 2_000, 'outbound'),
      event(3, 'disconnecting', 'a', 3_000),
      event(4, 'disconnecting-failed', 'a', 4_000),
      { ...event(5, 'disconnected', 'a', 5_000), initiator: 'remote' as const },
    ]
    expect(countBackwards([], life)).toEqual([
      sample(1_000, 0, 1, 0),
      sample(2_000, 1, 0, 0),
      sample(3_000, 0, 0, 1),
      sample(4_000, 1, 0, 0),
      sample(5_000, 0, 0, 0),
    ])
  })

  it('knows what must have been before the first event that is remembered', () => {
    const ends = [
      event(1, 'connecting-failed', 'a', 1_000),
      { ...event(2, 'disconnected', 'b', 2_000), initiator: 'local' as const },
      event(3, 'connected', 'c', 3_000, 'inbound'),
      event(4, 'disconnecting', 'd', 4_000),
    ]
    const now = [entry('c'), entry('d', { state: 'disconnecting' }), entry('quiet')]
    expect(countBackwards(now, ends)).toEqual([
      sample(1_000, 2, 0, 1),
      sample(2_000, 2, 0, 0),
      sample(3_000, 3, 0, 0),
      sample(4_000, 2, 0, 1),
    ])
  })

  it('has one sample a second at most', () => {
    const many = Array.from({ length: 3_000 }, (_, i) => event(i + 1, 'connecting', `a${i}`, i))
    const entries = many.map(({ address }) => entry(address, { state: 'connecting' }))
    expect(countBackwards(entries, many)).toEqual([
      sample(999, 0, 1_000, 0),
      sample(1_999, 0, 2_000, 0),
      sample(2_999, 0, 3_000, 0),
    ])
  })
})
