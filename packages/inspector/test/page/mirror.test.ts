import { describe, expect, it } from 'vitest'
import { Mirror } from '../../page/src/state/mirror.js'
import { entry, event } from './samples.js'

const begin = (addresses: string[]): Mirror => {
  const mirror = new Mirror()
  mirror.hello({ hub: 'one', control: false, at: 0 })
  mirror.snapshot({ seq: 3, entries: addresses.map((address) => entry(address)) }, 0)
  return mirror
}
const addressesOf = (mirror: Mirror) => [...mirror.entries.keys()]

describe('entries', () => {
  it('are those of the snapshot, then what changes make of them', () => {
    const mirror = begin(['a', 'b'])
    mirror.changes(
      { seq: 5, set: [entry('b', { state: 'disconnecting' }), entry('c')], gone: ['a'] },
      0,
    )
    expect(addressesOf(mirror)).toEqual(['b', 'c'])
    expect(mirror.entries.get('b')?.state).toBe('disconnecting')
  })

  it('are counted by state', () => {
    const mirror = begin(['a', 'b', 'c'])
    mirror.changes(
      { seq: 5, set: [entry('b', { state: 'connecting' })], gone: ['a', 'never-seen'] },
      0,
    )
    expect(mirror.counts).toEqual({ connected: 1, connecting: 1, disconnecting: 0 })
  })

  it('that a later snapshot does not have are gone', () => {
    const mirror = begin(['a', 'b'])
    mirror.snapshot({ seq: 9, entries: [entry('b'), entry('c')] }, 0)
    expect(addressesOf(mirror)).toEqual(['b', 'c'])
    expect(mirror.counts).toEqual({ connected: 2, connecting: 0, disconnecting: 0 })
  })

  it('are complete once nothing more follows', () => {
    const mirror = new Mirror()
    mirror.snapshot({ seq: 1, entries: [entry('a')], more: true }, 0)
    expect(mirror.complete).toBe(false)
    mirror.changes({ seq: 1, set: [entry('b')], gone: [], more: true }, 0)
    expect(mirror.complete).toBe(false)
    mirror.changes({ seq: 1, set: [], gone: [] }, 0)
    expect(mirror.complete).toBe(true)
  })
})

describe('events', () => {
  it('go to the timeline and to the history of their address', () => {
    const mirror = begin([])
    mirror.events({ events: [event(1, 'connecting', 'a'), event(2, 'connected', 'b')], missed: 0 })
    expect(mirror.timeline.lines).toEqual([
      { id: 1, event: event(1, 'connecting', 'a') },
      { id: 2, event: event(2, 'connected', 'b') },
    ])
    expect(mirror.history.of('b')).toEqual([event(2, 'connected', 'b')])
    expect(mirror.seq).toBe(3)
    mirror.events({ events: [event(4, 'connected', 'a')], missed: 0 })
    expect(mirror.seq).toBe(4)
  })

  it('that were told before are not told again', () => {
    const mirror = begin([])
    mirror.events({ events: [event(1, 'connecting', 'a')], missed: 0 })
    mirror.events({ events: [event(1, 'connecting', 'a'), event(2, 'connected', 'a')], missed: 0 })
    expect(mirror.timeline.lines.map(({ id }) => id)).toEqual([1, 2])
    expect(mirror.history.of('a')).toHaveLength(2)
  })

  it('that nobody remembers leave a line that says how many', () => {
    const mirror = begin([])
    mirror.events({ events: [event(8, 'connecting', 'a')], missed: 7 })
    expect(mirror.timeline.lines).toEqual([
      { id: 1, missed: 7 },
      { id: 2, event: event(8, 'connecting', 'a') },
    ])
  })
})

describe('another hub', () => {
  it('starts its seq anew, and the timeline says so', () => {
    const mirror = begin(['a'])
    mirror.events({ events: [event(9, 'connected', 'a')], missed: 0 })
    mirror.closed({ at: 5 })
    mirror.hello({ hub: 'two', control: true, at: 0 })
    mirror.snapshot({ seq: 1, entries: [] }, 0)
    mirror.events({ events: [event(1, 'connecting', 'b')], missed: 0 })
    expect(mirror.timeline.lines).toEqual([
      { id: 1, event: event(9, 'connected', 'a') },
      { id: 2, restarted: true },
      { id: 3, event: event(1, 'connecting', 'b') },
    ])
    expect(mirror).toMatchObject({ seq: 1, control: true, closedAt: undefined })
  })

  it('is none where the same one says hello again', () => {
    const mirror = begin(['a'])
    mirror.events({ events: [event(9, 'connected', 'a')], missed: 0 })
    mirror.hello({ hub: 'one', control: false, at: 0 })
    expect(mirror.seq).toBe(9)
    expect(mirror.timeline.lines).toHaveLength(1)
  })
})

it('the end of the hub is kept', () => {
  const mirror = begin([])
  mirror.closed({ at: 77 })
  expect(mirror.closedAt).toBe(77)
})

describe('a tick', () => {
  it('adds a sample of the counts, the first one after the past that the events tell', () => {
    const mirror = begin(['a'])
    mirror.events({
      events: [event(1, 'connecting', 'a', 1_000), event(2, 'connected', 'a', 5_000, 'outbound')],
      missed: 0,
    })
    mirror.tick(9_000)
    mirror.tick(10_000)
    expect(mirror.series.samples).toEqual([
      { at: 1_000, connected: 0, connecting: 1, disconnecting: 0 },
      { at: 5_000, connected: 1, connecting: 0, disconnecting: 0 },
      { at: 9_000, connected: 1, connecting: 0, disconnecting: 0 },
      { at: 10_000, connected: 1, connecting: 0, disconnecting: 0 },
    ])
  })

  it('before the snapshot is complete does nothing', () => {
    const mirror = new Mirror()
    mirror.tick(1)
    expect(mirror.series.samples).toEqual([])
  })
})
