import { describe, expect, it } from 'vitest'
import { Mirror } from '../../page/src/state/mirror.js'
import { entry, event } from './samples.js'

const hello = (hub: string) => ({
  ...{ hub, control: false, at: 0, host: 'm', startedAt: 0, explain: false, fleet: false },
})

const begin = (addresses: string[]): Mirror => {
  const mirror = new Mirror()
  mirror.hello(hello('one'))
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

describe('a later snapshot that comes in parts', () => {
  const addresses = Array.from({ length: 3_000 }, (_, i) => `peer-${i}`)
  const rows = (mirror: Mirror) =>
    mirror.ports
      .groups()
      .flatMap(({ ports }) => ports.map(({ address, entry }) => (entry ? '+' : '-') + address))
  /** In parts of a thousand. */
  const tellAgain = (mirror: Mirror, list: readonly string[], look: () => void) => {
    for (let from = 0; from < list.length; from += 1_000) {
      const part = list.slice(from, from + 1_000).map((address) => entry(address))
      const isLast = from + 1_000 >= list.length
      const rest = isLast ? {} : { more: true as const }
      if (from === 0) mirror.snapshot({ seq: 9, entries: part, ...rest }, 0)
      else mirror.changes({ seq: 9, set: part, gone: [], ...rest }, 0)
      if (!isLast) look()
    }
  }

  it('leaves all ports lit, each with who had it, and the counts as they are', () => {
    const mirror = begin(addresses)
    const before = rows(mirror)
    const look = () => {
      expect(rows(mirror)).toEqual(before)
      expect(mirror.counts.connected).toBe(3_000)
      expect(mirror.complete).toBe(true)
    }
    tellAgain(mirror, [...addresses].reverse(), look)
    look()
  })

  it('takes away who is not in it once it is whole, and gives their ports to those who came', () => {
    const mirror = begin(addresses)
    const left = addresses.filter((_, i) => i % 100 > 0)
    const came = Array.from({ length: 30 }, (_, i) => `new-${i}`)
    tellAgain(mirror, [...came, ...left], () => expect(mirror.entries.size).toBe(3_000))
    expect(addressesOf(mirror).sort()).toEqual([...came, ...left].sort())
    expect(mirror.counts.connected).toBe(3_000)
    expect(rows(mirror)).toEqual(
      addresses.map((address, i) => (i % 100 > 0 ? `+${address}` : `+new-${i / 100}`)),
    )
  })

  it('begins anew where it broke off, also with another hub', () => {
    const mirror = begin(['a', 'b', 'c'])
    mirror.snapshot({ seq: 9, entries: [entry('a'), entry('x')], more: true }, 0)
    mirror.hello(hello('two'))
    mirror.snapshot({ seq: 1, entries: [entry('b')], more: true }, 0)
    mirror.changes({ seq: 1, set: [entry('y')], gone: [] }, 0)
    expect(addressesOf(mirror)).toEqual(['b', 'y'])
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
    mirror.hello({ ...hello('two'), control: true })
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
    mirror.hello(hello('one'))
    expect(mirror.seq).toBe(9)
    expect(mirror.timeline.lines).toHaveLength(1)
  })
})

it('the end of the hub is kept', () => {
  const mirror = begin([])
  mirror.closed({ at: 77 })
  expect(mirror.closedAt).toBe(77)
})

describe('a new stream that tells again', () => {
  it('leaves no gap where all of it is known', () => {
    const mirror = begin([])
    mirror.events({ events: [event(3, 'connecting', 'a')], missed: 2 })
    // As it is where another tab of this browser joins: its page is new.
    mirror.events({ events: [event(2, 'connected', 'x'), event(3, 'connecting', 'a')], missed: 1 })
    mirror.events({ events: [event(6, 'connected', 'a')], missed: 5 })
    expect(mirror.timeline.lines).toMatchObject([
      { missed: 2 },
      { event: { seq: 3 } },
      { missed: 2 },
      { event: { seq: 6 } },
    ])
  })
})

describe('who is down', () => {
  const down = (address: string, more = {}) => ({
    ...{ address, kind: 'lan', since: 1, lastAt: 5, tries: 1, isTrying: false },
    ...more,
  })
  const tell = (mirror: Mirror, set: string[], gone: string[] = [], all = false) =>
    mirror.aside({ down: { set: set.map((address) => down(address)), gone, all } })
  const portsOf = (mirror: Mirror) =>
    mirror.ports
      .groups()
      .map(({ ports }) => ports.map(({ address, entry }) => (entry ? '+' : '-') + address))

  it('is the fold of what is told', () => {
    const mirror = begin([])
    tell(mirror, ['a', 'b', 'c'])
    tell(mirror, ['a', 'd'], ['b'])
    expect([...mirror.down.keys()]).toEqual(['c', 'a', 'd'])
    tell(mirror, ['e'], [], true)
    expect([...mirror.down.keys()]).toEqual(['e'])
  })

  it('has a port that stays dark as long as it is down, and that no other peer takes', () => {
    const mirror = begin([])
    mirror.changes({ seq: 3, set: [entry('x', { kind: 'lan' })], gone: [] }, 0)
    tell(mirror, ['a'])
    expect(portsOf(mirror)).toEqual([['+x', '-a']])
    mirror.tick(99_000_000)
    mirror.changes({ seq: 4, set: [entry('y', { kind: 'lan' })], gone: ['x'] }, 0)
    expect(portsOf(mirror)).toEqual([['+y', '-a']])
    mirror.changes({ seq: 5, set: [entry('a', { kind: 'lan' })], gone: [] }, 0)
    tell(mirror, [], ['a'])
    expect(portsOf(mirror)).toEqual([['+y', '+a']])
    mirror.changes({ seq: 6, set: [], gone: ['a'] }, 0)
    mirror.tick(99_000_000)
    expect(portsOf(mirror)).toEqual([['+y']])
  })
})

it('what was refused is kept once, the newest 200', () => {
  const mirror = begin([])
  const refusal = (number: number) => ({
    ...{ number, at: 0, by: 'hub', why: 'late', direction: 'inbound' as const },
  })
  for (let i = 1; i <= 300; i++) mirror.aside({ refused: [refusal(i)] })
  mirror.aside({ refused: [refusal(299), refusal(300), refusal(301)] })
  expect(mirror.refused.length).toBeLessThanOrEqual(220)
  expect(mirror.refused.at(-1)?.number).toBe(301)
  expect(mirror.refused.filter(({ number }) => number === 300)).toHaveLength(1)
})

describe('a tick', () => {
  it('adds a sample where the counts have changed, after what the server has kept', () => {
    const mirror = begin(['a'])
    mirror.take('samples', { samples: [[1_000, 0, 1, 0]] }, 0)
    for (let at = 2_000; at < 9_000; at += 1_000) mirror.tick(at)
    expect(mirror.series.samples).toEqual([
      { at: 1_000, connected: 0, connecting: 1, disconnecting: 0 },
      { at: 2_000, connected: 1, connecting: 0, disconnecting: 0 },
    ])
    expect(mirror.series.window(60_000, 30_000).map(({ at }) => at)).toEqual([1_000, 2_000, 30_000])
    expect(mirror.series.window(1_000, 30_000)).toMatchObject([
      { at: 29_000, connected: 1 },
      { at: 30_000, connected: 1 },
    ])
    expect(mirror.series.window(1_000, 1_500).map(({ at }) => at)).toEqual([1_000, 2_000])
  })

  it('before the snapshot is complete does nothing', () => {
    const mirror = new Mirror()
    mirror.tick(1)
    expect(mirror.series.samples).toEqual([])
  })
})
