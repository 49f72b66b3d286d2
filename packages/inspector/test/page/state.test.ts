import { describe, expect, it } from 'vitest'
import { NO_FILTER, toAddressTest, toTest } from '../../page/src/state/filter.js'
import { EVENTS_PER_PEER, History, PEERS } from '../../page/src/state/history.js'
import { countBackwards, SAMPLES, Series } from '../../page/src/state/series.js'
import { sortEntries } from '../../page/src/state/sort.js'
import { TIMELINE_LIMIT, Timeline } from '../../page/src/state/timeline.js'
import { entry, event } from './samples.js'

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

describe('a filter', () => {
  const lan = entry('net:10.0.0.7:8008', { kind: 'lan', key: '@Anna', data: '{"name":"Ämil"}' })

  it('without words and state is none', () => {
    expect(toTest(NO_FILTER)).toBeUndefined()
  })

  it('wants all words, in whatever case, anywhere in the entry', () => {
    expect(toTest({ text: ' anna  LAN ', state: undefined })?.(lan)).toBe(true)
    expect(toTest({ text: 'äMIL', state: undefined })?.(lan)).toBe(true)
    expect(toTest({ text: 'anna tunnel', state: undefined })?.(lan)).toBe(false)
  })

  it('wants the state', () => {
    expect(toTest({ text: '', state: 'connected' })?.(lan)).toBe(true)
    expect(toTest({ text: '', state: 'connecting' })?.(lan)).toBe(false)
  })

  it('of the timeline looks at address and key', () => {
    expect(toAddressTest('10.0 anna')(lan)).toBe(true)
    expect(toAddressTest('')(lan)).toBe(true)
    expect(toAddressTest('undefined')({ address: 'a' })).toBe(false)
    expect(toAddressTest('lan')(lan)).toBe(false)
  })
})

describe('sorted', () => {
  const list = [
    entry('b', { sessions: 2, since: 5, kind: 'lan' }),
    entry('c', { sessions: 1, since: 7 }),
    entry('a', { sessions: 2, since: 6, kind: 'lan' }),
  ]
  const by = (column: Parameters<typeof sortEntries>[1]['column'], descending = false) =>
    sortEntries(list, { column, descending })
      .map(({ address }) => address)
      .join('')

  it('by text or number, up or down, those alike by address', () => {
    expect([by('address'), by('address', true)]).toEqual(['abc', 'cba'])
    expect([by('since'), by('since', true)]).toEqual(['bac', 'cab'])
    expect([by('sessions'), by('sessions', true)]).toEqual(['cab', 'abc'])
    expect([by('kind'), by('kind', true)]).toEqual(['cab', 'abc'])
  })
})
