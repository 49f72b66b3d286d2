import { until } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ask, setup, soon } from './support.js'

describe('a new stream', () => {
  it('tells who the hub is, all entries, and the events so far', async () => {
    const { hub, open, transport, stream } = await setup()
    hub.connect('fault:a', { data: { note: 'hi' } }).catch(() => {})
    transport.lastDial.succeed()
    open('b').end()
    const reader = await stream()
    await reader.heard(4)
    expect(reader.names).toEqual(['hello', 'snapshot', 'events'])
    expect(reader.of('hello')[0]).toMatchObject({ hub: expect.stringMatching(/^[\w-]{12}$/) })
    expect(reader.of('hello')[0]?.control).toBe(false)
    expect(reader.of('snapshot')[0]).toEqual({
      seq: 4,
      entries: [
        {
          address: 'fault:a',
          key: 'a',
          kind: 'fault',
          state: 'connected',
          direction: 'outbound',
          sessions: 1,
          createdAt: hub.get('fault:a')?.createdAt,
          since: hub.get('fault:a')?.since,
          updatedAt: hub.get('fault:a')?.updatedAt,
          data: '{"note":"hi"}',
        },
      ],
    })
    expect(reader.events.map(({ seq, type, address }) => [seq, type, address])).toEqual([
      [1, 'connecting', 'fault:a'],
      [2, 'connected', 'fault:a'],
      [3, 'connected', 'fault:b'],
      [4, 'disconnected', 'fault:b'],
    ])
    expect(reader.missed).toBe(0)
  })

  it('tells of a hub without entries that there are none', async () => {
    const { stream } = await setup()
    const reader = await stream()
    await reader.saw('snapshot')
    expect(reader.of('snapshot')).toEqual([{ seq: 0, entries: [] }])
  })

  it('gets the newest 2,000 events, and learns how many came before', async () => {
    const { open, stream } = await setup()
    for (let i = 0; i < 1_500; i++) open('a').end()
    const reader = await stream()
    await reader.heard(3_000)
    expect(reader.events).toHaveLength(2_000)
    expect(reader.events[0]?.seq).toBe(1_001)
    expect(reader.missed).toBe(1_000)
  })

  it('is one of 32 at most', async () => {
    const { inspector, stream } = await setup()
    const readers = await Promise.all(Array.from({ length: 32 }, () => stream()))
    const refused = await ask(`${inspector.url}stream`)
    expect([refused.status, refused.body]).toEqual([503, 'There are 32 streams already.\n'])
    readers[0]?.close()
    await until(async () => {
      const reader = await stream()
      const isOpen = reader.response.statusCode === 200
      reader.close()
      return isOpen
    }, 'a place is free again')
  })
})

describe('an open stream', () => {
  it('tells what becomes of each entry, before the events of it', async () => {
    const { hub, open, stream } = await setup()
    const gone = open('gone')
    open('stays')
    const reader = await stream()
    await reader.heard(2)
    gone.end()
    open('new')
    hub.update('fault:stays', { color: 'red' })
    await reader.heard(4)
    expect(reader.names).toEqual(['hello', 'snapshot', 'events', 'changes', 'events'])
    const [changes] = reader.of('changes')
    expect(changes?.seq).toBe(4)
    expect(changes?.set.map(({ address }) => address)).toEqual(['fault:new', 'fault:stays'])
    expect(changes?.gone).toEqual(['fault:gone'])
    expect(reader.entries.get('fault:stays')?.data).toBe('{"color":"red"}')
  })

  it('tells a change of metadata, which has no event', async () => {
    const { hub, open, stream } = await setup()
    open('a')
    const reader = await stream()
    await reader.heard(1)
    hub.update('fault:a', { n: 1 })
    await reader.saw('changes')
    expect(reader.entries.get('fault:a')?.data).toBe('{"n":1}')
    expect(reader.seq).toBe(1)
  })

  it('tells an event that leaves no trace in the entries', async () => {
    const { open, stream } = await setup()
    const reader = await stream()
    await reader.saw('snapshot')
    open('a').end()
    await reader.heard(2)
    expect(reader.of('changes').flatMap(({ set }) => set)).toEqual([])
  })

  it('tells a change after a rest at once, and the next 200 ms after it, 400 ms where they were many', async () => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    })
    onTestFinished(() => void vi.useRealTimers())
    const { inspector, open, stream } = await setup()
    const reader = await stream()
    const told = (seq: number) =>
      soon(() => {
        vi.advanceTimersByTime(0)
        return reader.seq >= seq
      })
    await soon(() => reader.of('snapshot').length === 1)
    /** What the server did before it is seen after it. */
    const roundTrip = () => ask(`${inspector.url}summary`)
    let opened = 0
    const openAll = (count: number) => {
      for (let i = 0; i < count; i++) open(`peer${opened++}`)
    }
    for (const [atOnce, rest] of [
      [1, 200],
      [51, 400],
    ] as const) {
      vi.advanceTimersByTime(1_000)
      openAll(atOnce)
      await told(opened)
      const messages = reader.of('changes').length
      openAll(3)
      await roundTrip()
      vi.advanceTimersByTime(rest - 1)
      await roundTrip()
      expect([reader.seq, reader.of('changes').length]).toEqual([opened - 3, messages])
      vi.advanceTimersByTime(1)
      await told(opened)
      expect(reader.of('changes').length).toBe(messages + 1)
    }
    expect(reader.entries.size).toBe(opened)
  })

  it('says each 15 s that the app is alive, by an event that a page can hear', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { stream } = await setup()
    const reader = await stream()
    await reader.saw('snapshot')
    vi.advanceTimersByTime(30_000)
    vi.useRealTimers()
    await reader.saw('beat', 2)
    expect(reader.of('beat')).toEqual([{ at: expect.any(Number) }, { at: expect.any(Number) }])
  })

  it('tells that the hub has closed, last of all, and stays open', async () => {
    const { hub, open, stream } = await setup()
    open('a')
    const reader = await stream()
    await reader.heard(1)
    await hub.close()
    await reader.saw('closed')
    await until(() => reader.of('aside').length > 1, 'a second later')
    expect(reader.names.slice(-3)).toEqual(['changes', 'events', 'closed'])
    expect(reader.entries.size).toBe(0)
    expect(reader.seq).toBe(3)
    const late = await stream()
    await late.saw('closed')
    expect(late.names).toEqual(['hello', 'snapshot', 'events', 'closed'])
    expect([reader.ended, late.ended]).toEqual([false, false])
  })
})

describe('a reader that comes back', () => {
  it.each(['after', 'last-event-id'])('goes on where it was, by %s', async (how) => {
    const { open, stream } = await setup()
    open('a')
    const first = await stream()
    await first.heard(1)
    first.close()
    open('b')
    open('c').end()
    const place = first.place ?? ''
    const again = await stream(how === 'after' ? { after: place } : { headers: { [how]: place } })
    await again.heard(4)
    expect(again.of('hello')).toMatchObject([{ hub: first.of('hello')[0]?.hub }])
    expect(again.events.map(({ seq }) => seq)).toEqual([2, 3, 4])
    expect(again.missed).toBe(0)
    expect([...again.entries.keys()]).toEqual(['fault:a', 'fault:b'])
  })

  it('gets all since then, also where it had got nothing, and more than a new page gets', async () => {
    const { open, stream } = await setup()
    const first = await stream()
    await first.saw('snapshot')
    first.close()
    for (let i = 0; i < 2_000; i++) open('a').end()
    const again = await stream({ after: first.place ?? '' })
    await again.heard(4_000)
    expect(again.events).toHaveLength(4_000)
    expect(again.missed).toBe(0)
  })

  it('learns how many events it missed where they are too old', async () => {
    const { open, stream } = await setup()
    open('a')
    const first = await stream()
    await first.heard(1)
    first.close()
    for (let i = 0; i < 5_500; i++) open('b').end()
    const again = await stream({ after: first.place ?? '' })
    await again.heard(11_001)
    expect(again.events).toHaveLength(10_000)
    expect(again.events[0]?.seq).toBe(1_002)
    expect(again.missed).toBe(1_000)
    expect([...again.entries.keys()]).toEqual(['fault:a'])
  })

  it.each(['', 'other.1', 'HUB.9', 'HUB.-1', 'HUB.x', 'HUB'])(
    'is as new where its place is %j',
    async (place) => {
      const { open, stream } = await setup()
      open('a')
      const first = await stream()
      await first.heard(1)
      const hub = first.of('hello')[0]?.hub ?? ''
      const again = await stream({ after: place.replace('HUB', hub) })
      await again.heard(1)
      expect([again.events.length, again.missed]).toEqual([1, 0])
    },
  )

  it('has a place only once it has the events up to there', async () => {
    const { open, stream } = await setup()
    open('a')
    const reader = await stream()
    await reader.heard(1)
    const hub = reader.of('hello')[0]?.hub
    expect(reader.story.map(({ name, id }) => [name, id])).toEqual([
      ['hello', undefined],
      ['snapshot', undefined],
      ['events', `${hub}.1`],
    ])
  })
})
