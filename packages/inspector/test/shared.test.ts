import { createHub } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Feed } from '../src/http/feed.js'
import { createShared } from '../src/http/shared.js'
import { Journal } from '../src/journal.js'
import { toPlainEntry } from '../src/plain/entry.js'
import { labelByName } from '../src/plain/label.js'
import type { PlainEntry, PlainEvent } from '../src/protocol.js'

// What is made for one reader is what others get that know as much: and it must be what they miss.

const setup = () => {
  const transport = createFaultTransport()
  const hub = createHub({ transport, onError: () => {} })
  const journal = new Journal(hub)
  const release = journal.hold()
  let made = 0
  const source = {
    ...{ hub, journal, labelOf: labelByName, recording: undefined, shared: createShared() },
    texts: (entry: Parameters<typeof toPlainEntry>[0]) => {
      made++
      return JSON.stringify(toPlainEntry(entry))
    },
  }
  const feeds: Reader[] = []
  const open = () => {
    const reader = new Reader(new Feed(source, undefined))
    feeds.push(reader)
    return reader
  }
  const end = async () => {
    for (const { feed } of feeds) feed.stop()
    release()
    for (const session of transport.sessions) session.end()
    await hub.close()
  }
  return { hub, transport, journal, open, end, made: () => made }
}

class Reader {
  readonly feed: Feed
  readonly entries = new Map<string, PlainEntry>()
  readonly seqs: number[] = []
  bytes: Buffer[] = []

  constructor(feed: Feed) {
    this.feed = feed
    feed.start(() => {})
  }

  read(): void {
    for (const part of this.feed.now()) {
      if (Buffer.isBuffer(part)) this.bytes.push(part)
      for (const block of String(part).split('\n\n').filter(Boolean)) this.#take(block)
    }
  }

  #take(block: string): void {
    const data = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '')
    if (data.entries) this.entries.clear()
    for (const entry of data.entries ?? data.set ?? []) this.entries.set(entry.address, entry)
    for (const address of data.gone ?? []) this.entries.delete(address)
    for (const { seq } of (data.events ?? []) as PlainEvent[]) this.seqs.push(seq)
  }
}

it('32 readers that read along cost the texts of one', async () => {
  const { transport, open, end, made } = setup()
  for (let i = 0; i < 100; i++) transport.inbound(`fault:${i}`)
  const readers = Array.from({ length: 32 }, open)
  for (const reader of readers) reader.read()
  const before = made()
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 20; i++) transport.inbound(`fault:${round} ${i}`)
    for (const reader of readers) reader.read()
  }
  expect(made() - before).toBe(100)
  const [first] = readers
  expect(first?.bytes).toHaveLength(5)
  for (const { bytes, entries } of readers) {
    // The same bytes, not alike ones.
    expect(bytes.every((part, i) => part === first?.bytes[i])).toBe(true)
    expect(entries.size).toBe(200)
  }
  await end()
})

it('readers that come, rest and read as they like know what the hub has, each event once', async () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('enter' as const), n: fc.nat(2) }),
      fc.record({ do: fc.constant('leave' as const), n: fc.nat(2) }),
      // Changes without an event: what is missed then is in no count of events.
      fc.record({ do: fc.constant('update' as const), n: fc.nat(2) }),
      fc.record({ do: fc.constant('update' as const), n: fc.nat(2) }),
      fc.record({ do: fc.constant('open' as const), n: fc.nat(3) }),
      fc.record({ do: fc.constant('read' as const), n: fc.nat(15) }),
      fc.record({ do: fc.constant('stop' as const), n: fc.nat(7) }),
      // Some begin, or read on, before others have heard of what happens.
      fc.record({ do: fc.constant('inside' as const), n: fc.nat(15) }),
      // Now and then more than is kept for who does not read.
      fc.record({ do: fc.constant('burst' as const), n: fc.nat(60) }),
    ),
    { minLength: 20, maxLength: 120, size: 'max' },
  )
  const run = fc.asyncProperty(steps, async (all) => {
    const { hub, transport, journal, open, end } = setup()
    const readers: Reader[] = []
    const sessions = new Map<string, { end(): void }>()
    const readSome = (n: number) =>
      readers.forEach((reader, i) => void (n & (1 << (i % 4)) && reader.read()))
    let isInside: (() => void) | undefined
    // Before the journal of a later server, and after that of this one: it hears in between.
    for (const type of ['connected', '*', 'change'] as const) hub.on(type, () => isInside?.())
    for (const { do: what, n } of all) {
      const address = `fault:${n}`
      if (what === 'open') readers.push(open())
      // A number is who reads: some of the first four.
      if (what === 'read') readSome(n)
      if (what === 'stop') for (const gone of readers.splice(n, 1)) gone.feed.stop()
      if (what === 'inside') {
        isInside = () => {
          isInside = undefined
          if (n < 4) readers.push(open())
          readSome(n)
        }
      }
      if (what === 'burst' && n < 3)
        for (let i = 0; i < 6_000; i++) hub.get(address) && hub.update(address, { i })
      if (what === 'update' && hub.get(address)) hub.update(address, { n: Math.random() })
      if (what === 'leave') sessions.get(address)?.end()
      if (what === 'enter' && !hub.get(address)) sessions.set(address, transport.inbound(address))
    }
    for (const reader of readers) {
      reader.read()
      const expected = hub.snapshot().map((entry) => toPlainEntry(entry))
      const known = [...reader.entries.values()]
      const byAddress = (list: PlainEntry[]) =>
        JSON.stringify([...list].sort((a, b) => (a.address < b.address ? -1 : 1)))
      expect(byAddress(known)).toBe(byAddress(expected))
      expect(reader.seqs).toEqual(Array.from({ length: journal.seq }, (_, i) => i + 1))
    }
    await end()
  })
  await fc.assert(run, { numRuns: 100, seed: 11, endOnFailure: true })
})
