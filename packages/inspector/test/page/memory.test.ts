import { describe, expect, it } from 'vitest'
import { EVENTS_PER_PEER, History, PEERS } from '../../page/src/state/history.js'
import { SAMPLES, Series } from '../../page/src/state/series.js'
import { TIMELINE_LIMIT, Timeline } from '../../page/src/state/timeline.js'
import { event } from './samples.js'

describe('what is remembered has an end', () => {
  it('of the timeline: 5,000 lines, and a tenth more for a while', () => {
    const timeline = new Timeline()
    for (let seq = 1; seq <= 5_501; seq++) timeline.add([{ event: event(seq, 'connecting', 'a') }])
    expect(TIMELINE_LIMIT).toBe(5_000)
    expect(timeline.lines).toHaveLength(5_000)
    expect(timeline.lines[0]).toMatchObject({ id: 502 })
  })

  it('of a peer: 40 events', () => {
    const history = new History()
    for (let seq = 1; seq <= 50; seq++) history.add(event(seq, 'connecting', 'a'))
    expect(EVENTS_PER_PEER).toBe(40)
    expect(history.of('a').map(({ seq }) => seq)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 11),
    )
  })

  it('of peers: 6,000, and those go first where nothing happened for longest', () => {
    const history = new History()
    for (let i = 0; i < 6_000; i++) history.add(event(i, 'connecting', `a${i}`))
    history.add(event(6_000, 'connected', 'a0'))
    history.add(event(6_001, 'connecting', 'new'))
    expect(PEERS).toBe(6_000)
    expect(history.size).toBe(6_000)
    expect(history.of('a0')).toHaveLength(2)
    expect(history.of('a1')).toEqual([])
  })

  it('of the chart: a quarter of an hour, and a tenth more for a while', () => {
    const series = new Series()
    const counts = { connected: 1, connecting: 0, disconnecting: 0 }
    for (let at = 0; at < 991; at++) series.add(counts, at)
    expect(SAMPLES).toBe(900)
    expect(series.samples).toHaveLength(900)
    expect(series.samples[0]?.at).toBe(91)
  })
})

it('the last error of a peer is found behind what came after it', () => {
  const history = new History()
  const failed = {
    ...event(1, 'connecting-failed', 'a'),
    error: { code: 'DIAL_FAILED', message: 'no' },
  }
  history.add(failed)
  history.add(event(2, 'connecting', 'a'))
  expect(history.lastErrorOf('a')).toEqual(failed)
  expect(history.lastErrorOf('b')).toBeUndefined()
})
