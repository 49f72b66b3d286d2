import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { until } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { toMessage } from '../../src/cli/check.js'
import { toKeys } from '../../src/cli/keys.js'
import { createLiveTable } from '../../src/cli/live-table.js'
import type { Message } from '../../src/cli/message.js'
import { MessageReader } from '../../src/cli/messages.js'
import { Picture } from '../../src/cli/picture.js'
import { age } from '../../src/cli/words.js'
import type { PlainEntry, PlainEvent } from '../../src/protocol.js'

const NOW = 1_700_000_000_000

const entry = (name: string, more: Partial<PlainEntry> = {}): PlainEntry => ({
  address: `fault:${name}`,
  kind: 'fault',
  state: 'connected',
  direction: 'inbound',
  sessions: 1,
  createdAt: NOW,
  since: NOW,
  updatedAt: NOW,
  ...more,
})

const event = (seq: number, name: string, more: Partial<PlainEvent> = {}): PlainEvent => ({
  seq,
  at: NOW,
  type: 'connected',
  address: `fault:${name}`,
  direction: 'inbound',
  ...more,
})

const hello = (hub = 'h', at = NOW): Message => ({
  name: 'hello',
  data: { hub, control: false, at, host: 'm', startedAt: at, explain: false, fleet: false },
})
const snapshot = (...entries: PlainEntry[]): Message => ({
  name: 'snapshot',
  data: { seq: 1, entries },
})
const changes = (set: PlainEntry[], gone: string[] = []): Message => ({
  name: 'changes',
  data: { seq: 1, set, gone },
})
const events = (...all: PlainEvent[]): Message => ({
  name: 'events',
  data: { events: all, missed: 0 },
})

const freeze = () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  onTestFinished(() => void vi.useRealTimers())
}

/** A terminal, and what it shows after all that was written. */
const setup = (size = { columns: 100, rows: 12 }, hasKeys = false) => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true, ...size })
  let written = ''
  terminal.on('data', (data) => {
    written += data
  })
  const table = createLiveTable('the title', terminal as never, hasKeys)
  onTestFinished(() => table.end())
  const screen = () => {
    const last = stripVTControlCharacters(written.slice(written.lastIndexOf('the title')))
    return last.split('\n').map((line) => line.trimEnd())
  }
  return { table, screen, written: () => written }
}

describe('the table', () => {
  it('shows address, state, direction, kind, age and last event', async () => {
    freeze()
    const { table, screen } = setup()
    table.hear(hello())
    table.hear(
      snapshot(
        entry('a', { since: NOW - 5_000 }),
        entry('b', { state: 'connecting', direction: undefined }),
      ),
    )
    table.hear(events(event(1, 'a'), event(2, 'b', { type: 'connecting' })))
    await until(() => screen().length > 3, 'it has been drawn')
    const [title, head, ...body] = screen()
    expect(title).toBe('the title: 1 connected, 1 connecting')
    expect(head?.split(/\s+/)).toEqual([
      'address',
      'state',
      'direction',
      'kind',
      'since',
      'last',
      'event',
    ])
    expect(body.map((line) => line.split(/\s{2,}/))).toEqual([
      // Those that matter come first.
      ['fault:b', 'connecting', 'fault', '0 s', 'connecting'],
      ['fault:a', 'connected', 'inbound', 'fault', '5 s', 'connected, inbound'],
      ['Ctrl-C ends it.'],
      [''],
    ])
  })

  it('fits into the terminal, and shows no control character of others', async () => {
    const { table, screen, written } = setup({ columns: 90, rows: 12 })
    const evil = `\u001b[2J\u009b31m${'x'.repeat(300)}`
    table.hear(snapshot(entry(evil, { kind: evil })))
    table.hear(events(event(1, evil, { type: 'disconnecting', reason: evil })))
    await until(() => screen().length > 3, 'it has been drawn')
    for (const line of screen()) expect(line.length).toBeLessThanOrEqual(90)
    expect(written()).not.toContain('\u001b[2J')
    expect(written()).not.toContain('\u009b')
  })

  it('shows of 5,000 entries those that changed last, and how many more there are', async () => {
    freeze()
    const { table, screen } = setup()
    const all = Array.from({ length: 5_000 }, (_, i) => entry(`p${i}`, { since: NOW - i * 1_000 }))
    table.hear(snapshot(...all.reverse()))
    await until(() => screen().length > 3, 'it has been drawn')
    expect(screen()).toHaveLength(12)
    expect(screen()[0]).toBe('the title: 5000 connected')
    expect(
      screen()
        .slice(2, 9)
        .map((line) => line.split(' ')[0]),
    ).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `fault:p${n}`))
    expect(screen()[9]).toBe('… 4993 more')
  })

  it('says that there is nothing, that the link is lost, and that the hub has closed', async () => {
    const { table, screen } = setup()
    const titled = (title: string) => until(() => screen()[0] === title, `${title}: ${screen()[0]}`)
    table.hear(snapshot())
    await titled('the title: no entries')
    table.lost()
    await titled('the title: the link is lost, trying again')
    table.hear(hello())
    await titled('the title: no entries')
    table.hear({ name: 'closed', data: { at: NOW } })
    await titled('the title: the hub has closed')
  })

  it('is drawn in place', async () => {
    const { table, written } = setup()
    table.hear(snapshot(entry('a')))
    await until(() => written().includes('fault:a'), 'it has been drawn')
    table.hear(changes([entry('b')]))
    await until(() => written().includes('fault:b'), 'it has been drawn again')
    const upwards = new RegExp(`${'\u001b'}\\[\\d*A`)
    expect(written().slice(written().indexOf('Ctrl-C'))).toMatch(upwards)
  })
})

describe('the table at any width', () => {
  it.each([60, 80, 120, 200])('of %i columns fills it and no more', async (columns) => {
    const { table, screen } = setup({ columns, rows: 12 })
    const long = `tunnel:@${'R'.repeat(44)}:@${'T'.repeat(44)}~shs:${'S'.repeat(44)}`
    const down = { since: NOW, lastAt: NOW, tries: 3, isTrying: false }
    table.hear(snapshot(entry('x', { address: long, label: 'Änna 🎉日本' }), entry('b')))
    table.hear({
      name: 'aside',
      data: {
        down: {
          set: [{ ...down, address: 'net:lost', error: { message: 'no route' } }],
          gone: [],
          all: true,
        },
      },
    })
    table.hear(events(event(1, 'b', { type: 'disconnecting', reason: 'r'.repeat(200) })))
    await until(() => screen().length > 4, 'it has been drawn')
    expect(screen()[0]).toBe('the title: 2 connected, 1 down')
    for (const line of screen()) expect(line.length).toBeLessThanOrEqual(columns)
    expect(screen()[2]).toMatch(/^net:lost +down .*3 tries, no route$/)
    expect(screen().join('\n')).toContain('Änna 🎉日本 tun')
  })

  it('tells the tunnels of one room apart', async () => {
    const { table, screen } = setup({ columns: 80, rows: 30 })
    const room = `tunnel:@${'R'.repeat(43)}=.ed25519:@${'T'.repeat(20)}`
    table.hear(
      snapshot(
        ...Array.from({ length: 9 }, (_, i) =>
          entry('x', { address: `${room}${i}${'U'.repeat(22)}=` }),
        ),
      ),
    )
    await until(() => screen().length > 4, 'it has been drawn')
    const shown = screen().slice(2, 11)
    expect(new Set(shown).size).toBe(9)
    for (const line of shown) expect(line).toMatch(/^tun.*….*connected/)
  })

  it('shows what the keys ask for: a page further, a filter, and back', async () => {
    freeze()
    const { table, screen } = setup({ columns: 80, rows: 12 }, true)
    const all = Array.from({ length: 30 }, (_, i) => entry(`p${i}`, { since: NOW - i * 1_000 }))
    table.hear(snapshot(...all))
    const first = () => screen()[2]?.split(' ')[0]
    await until(() => first() === 'fault:p0', 'the first is shown')
    expect(table.press('\u001b[6~')).toBe(false)
    await until(() => first() === 'fault:p7', 'the next page is shown')
    expect(screen()).toContain('… 7 above, 16 more')
    table.press('G')
    await until(() => first() === 'fault:p23', 'the end is shown')
    for (const key of '/p29\r') table.press(key)
    await until(() => first() === 'fault:p29', 'the filter is kept')
    expect(screen()[3]).toContain('/p29 (Esc clears it)')
    table.press('\u001b')
    await until(() => first() === 'fault:p0', 'it is cleared')
    expect([table.press('x'), table.press('q'), table.press('\u0003')]).toEqual([false, true, true])
  })
})

describe('the picture of a hub', () => {
  const addresses = (picture: Picture) =>
    picture.rows(0, 99).rows.map(({ address, state }) => [address, state])

  it('is what snapshot and changes say', async () => {
    const picture = new Picture()
    picture.take(snapshot(entry('a'), entry('b')))
    picture.take(changes([entry('b', { state: 'disconnecting' }), entry('c')], ['fault:a']))
    expect(addresses(picture)).toEqual([
      ['fault:b', 'disconnecting'],
      ['fault:c', 'connected'],
    ])
    expect([picture.size, picture.countOf('connected'), picture.countOf('disconnecting')]).toEqual([
      2, 1, 1,
    ])
    picture.take(snapshot(entry('d')))
    await until(() => picture.rows(0, 9).rows[0]?.address === 'fault:d', 'the order is made anew')
    expect(addresses(picture)).toEqual([['fault:d', 'connected']])
    expect(picture.countOf('disconnecting')).toBe(0)
  })

  it('keeps who is not in the first part of a snapshot until all of it is here', () => {
    const picture = new Picture()
    picture.take(snapshot(entry('a'), entry('b'), entry('c')))
    const tell = (name: string, data: unknown) => {
      const [message] = toMessage(name, data, undefined)
      if (message) picture.take(message)
      return [picture.size, picture.countOf('connected')]
    }
    expect(tell('snapshot', { entries: [entry('d')], more: true })).toEqual([4, 4])
    expect(tell('changes', { set: [entry('b')], more: true })).toEqual([4, 4])
    expect(tell('changes', { set: [entry('e')] })).toEqual([3, 3])
    expect(tell('changes', { set: [entry('f')] })).toEqual([4, 4])
    expect(
      addresses(picture)
        .map(([address]) => address)
        .sort(),
    ).toEqual(['b', 'd', 'e', 'f'].map((name) => `fault:${name}`))
  })

  it('of a server that begins again and again costs what it sends, and no more', () => {
    const picture = new Picture()
    picture.take(snapshot(...Array.from({ length: 30_000 }, (_, i) => entry(`p${i}`))))
    // By a walk of all for each it would be minutes.
    for (let i = 0; i < 30_000; i++)
      picture.take({ name: 'snapshot', data: { seq: 1, entries: [], more: true } })
    expect(picture.size).toBe(30_000)
  })

  it('shows for five seconds who has gone, the newest five, by the clock of the server', () => {
    freeze()
    const picture = new Picture()
    const ahead = NOW + 3_600_000
    picture.take(hello('h', ahead))
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const gone = names.map((name, i) => event(i, name, { type: 'disconnected', at: ahead }))
    picture.take(events(...gone))
    const shown = names.slice(2).map((name) => [`fault:${name}`, 'disconnected'])
    expect(addresses(picture)).toEqual(shown)
    vi.setSystemTime(NOW + 5_000)
    expect(addresses(picture)).toEqual(shown)
    vi.setSystemTime(NOW + 5_001)
    expect(addresses(picture)).toEqual([])
  })

  it('forgets the events of a hub that is another one now', () => {
    freeze()
    const picture = new Picture()
    picture.take(hello('one'))
    picture.take(snapshot(entry('a')))
    picture.take(events(event(1, 'a')))
    picture.take(hello('one'))
    expect(picture.rows(0, 9).rows[0]?.last).toBe('connected, inbound')
    picture.take(hello('other'))
    expect(picture.rows(0, 9).rows[0]?.last).toBe('')
  })

  it('takes no more than a hub could have, whatever a server tells', () => {
    const picture = new Picture(100_000)
    for (let i = 0; i < 1_000; i++) picture.take(changes([entry('same')], []))
    picture.take(snapshot(...Array.from({ length: 300 }, (_, i) => entry(`p${i}`))))
    expect(picture.size).toBe(300)
    expect(() => {
      for (let i = 0; i < 1_000; i++) picture.take(changes([entry(`q${i}`)], []))
    }).toThrow('more entries than any hub has')
    const down = (i: number) => ({
      address: `fault:d${i}`,
      since: 1,
      lastAt: 1,
      tries: 1,
      isTrying: false,
    })
    const set = Array.from({ length: 2_000 }, (_, i) => down(i))
    picture.take({ name: 'aside', data: { down: { set, gone: [], all: false } } } as never)
    expect(picture.down).toBe(500)
  })

  it('of 20,000 entries is sorted at most once a second, however often it is drawn', () => {
    const picture = new Picture()
    picture.take(snapshot(...Array.from({ length: 20_000 }, (_, i) => entry(`p${i}`))))
    const sort = vi.spyOn(Array.prototype, 'sort')
    onTestFinished(() => sort.mockRestore())
    const begin = performance.now()
    for (let i = 0; i < 100; i++) {
      picture.take(changes([entry(`p${i}`)]))
      picture.rows(0, 40)
    }
    const atMost = 1 + Math.ceil((performance.now() - begin) / 1_000)
    expect(sort.mock.calls.length).toBeLessThanOrEqual(atMost)
  })
})

it.each([
  [-5, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
])('an age of %i ms is %s', (ms, text) => {
  expect(age(ms)).toBe(text)
})

it('keys are told apart also where several come at once', () => {
  expect(toKeys('\u001b[B\u001bOAa\u001b[6~\u001b')).toEqual([
    ...['\u001b[B', '\u001bOA', 'a', '\u001b[6~', '\u001b'],
  ])
})

it('messages are read whatever the pieces are in which they come', () => {
  const text =
    ':\n\nid: h.1\nevent: closed\ndata: {"at":1}\n\n:\n\nevent: closed\ndata: {"at":": 2"}\n\n'
  for (const size of [1, 2, 7, text.length]) {
    const reader = new MessageReader()
    const messages: unknown[] = []
    for (let i = 0; i < text.length; i += size)
      messages.push(...reader.read(text.slice(i, i + size)))
    expect(messages).toEqual([
      { id: 'h.1', name: 'closed', data: { at: 1 } },
      // What is no time is the beginning of time.
      { id: undefined, name: 'closed', data: { at: 0 } },
    ])
  }
})
