import { describe, expect, it } from 'vitest'
import { EVENTS_PER_PEER, History } from '../../page/src/state/history.js'
import { Labels } from '../../page/src/state/labels.js'
import { SAMPLES, Series } from '../../page/src/state/series.js'
import { TIMELINE_LIMIT, Timeline } from '../../page/src/state/timeline.js'
import { WEIGHT, weightOfEvent } from '../../page/src/state/weight.js'
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

  it('of all peers together: so much, and those go first where nothing happened for longest', () => {
    const history = new History()
    const weight = () =>
      Array.from({ length: 6_000 }, (_, i) => history.of(`a${i}`))
        .flat()
        .reduce((sum, one) => sum + weightOfEvent(one), 0)
    // As many as were seen to take 44 MB.
    for (let seq = 0; seq < 206_745; seq++) history.add(event(seq, 'connecting', `a${seq % 6_000}`))
    expect(weight()).toBeLessThanOrEqual(WEIGHT)
    expect(weight()).toBeGreaterThan(WEIGHT * 0.9)
    expect(history.of(`a${206_744 % 6_000}`).at(-1)?.seq).toBe(206_744)
  })

  it('of long texts less: of both the timeline and the peers', () => {
    const history = new History()
    const timeline = new Timeline()
    for (let seq = 1; seq <= 5_000; seq++) {
      const long = { ...event(seq, 'connecting', `${seq}`.padEnd(4_096)), reason: 'x'.repeat(500) }
      history.add(long)
      timeline.add([{ event: long }])
    }
    expect(history.size).toBeLessThan(700)
    expect(timeline.lines.length).toBeLessThan(750)
    expect(timeline.lines.at(-1)).toMatchObject({ event: { seq: 5_000 } })
  })

  it('of the chart: an hour of changes each second, and a tenth more for a while', () => {
    const series = new Series()
    for (let at = 0; at < 3_961; at++)
      series.add({ connected: at, connecting: 0, disconnecting: 0 }, at)
    expect(SAMPLES).toBe(3_600)
    expect(series.samples).toHaveLength(3_600)
    expect(series.samples[0]?.at).toBe(361)
  })

  it('of names: 10,000', () => {
    const labels = new Labels()
    for (let i = 0; i < 10_001; i++) labels.set(`a${i}`, 'x')
    expect([labels.of('a0'), labels.of('a1')]).toEqual([undefined, 'x'])
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
