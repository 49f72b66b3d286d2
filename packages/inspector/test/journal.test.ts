import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createHub } from '@conn-hub/core'
import { serveInspector } from '@conn-hub/inspector'
import { countSubscriptions, createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Journal } from '../src/journal.js'
import type { PlainEvent } from '../src/protocol.js'
import { openStream } from './support.js'

const setup = () => {
  const transport = createFaultTransport()
  const { hub, subscriptions } = countSubscriptions(createHub({ transport }))
  const open = (name: string) => transport.inbound(`fault:${name}`)
  return { transport, hub, open, subscriptions }
}

const serve = async (hub: Parameters<typeof serveInspector>[0]) => {
  const inspector = await serveInspector(hub)
  onTestFinished(() => inspector.close())
  return inspector
}

describe('the journal of a hub', () => {
  it('is one for all servers of it', async () => {
    const { hub, open, subscriptions } = setup()
    const first = await serve(hub)
    open('a')
    const second = await serve(hub)
    expect(subscriptions()).toBe(5)
    const readers = await Promise.all([first, second].map(({ url }) => openStream(url)))
    for (const reader of readers) await reader.heard(1)
    const [one, other] = readers.map((reader) => reader.of('hello')[0]?.hub)
    expect(one).toBe(other)
    await first.close()
    expect(subscriptions()).toBe(5)
    await second.close()
    expect(subscriptions()).toBe(0)
  })

  it('is another one for another hub', async () => {
    const readers = []
    for (const { hub } of [setup(), setup()]) readers.push(await openStream((await serve(hub)).url))
    for (const reader of readers) await reader.saw('hello')
    const [one, other] = readers.map((reader) => reader.of('hello')[0]?.hub)
    expect(one).not.toBe(other)
  })

  it('begins where the first server begins, and tells how much was before', async () => {
    const { hub, open } = setup()
    for (let i = 0; i < 10; i++) open('a').end()
    const reader = await openStream((await serve(hub)).url)
    await reader.saw('snapshot')
    open('b')
    await reader.heard(21)
    expect([reader.missed, reader.events.length]).toEqual([20, 1])
  })

  it('shows a gap where nobody served for a while', async () => {
    const { hub, open } = setup()
    const first = await serve(hub)
    open('a')
    const reader = await openStream(first.url)
    await reader.heard(1)
    await first.close()
    for (let i = 0; i < 5; i++) open('b').end()
    const second = await serve(hub)
    open('c')
    const again = await openStream(second.url, { after: reader.place ?? '' })
    await again.heard(12)
    expect(again.of('hello')[0]?.hub).toBe(reader.of('hello')[0]?.hub)
    expect(again.events.map(({ seq }) => seq)).toEqual([12])
    expect(again.missed).toBe(10)
  })

  it('keeps the newest 10,000', () => {
    const { hub, open } = setup()
    const journal = new Journal(hub)
    const release = journal.hold()
    for (let i = 0; i < 10_001; i++) open('a').end()
    const known = after(journal, 0).map(({ seq }) => seq)
    expect([known.length, known[0], known.at(-1)]).toEqual([10_000, 10_003, 20_002])
    expect(after(journal, 20_000).map(({ seq }) => seq)).toEqual([20_001, 20_002])
    expect(after(journal, 20_002)).toEqual([])
    release()
    expect(after(journal, 0)).toEqual([])
  })

  it('is kept by each holder once', () => {
    const { hub, open, subscriptions } = setup()
    const journal = new Journal(hub)
    const [first, second] = [journal.hold(), journal.hold()]
    first()
    first()
    open('a')
    expect(after(journal, 0)).toHaveLength(1)
    second()
    expect(subscriptions()).toBe(0)
  })

  it('holds neither sessions nor the long texts of others', () => {
    const { hub, transport } = setup()
    const release = new Journal(hub).hold()
    const before = heap()
    for (let i = 0; i < 200; i++) {
      const session = Object.assign(new FaultSession('inbound', `${i}`), {
        ballast: new Array(100_000).fill(i),
      })
      transport.inbound('fault:a', session)
      session.end(new Error(`${i}`.repeat(500_000)))
      transport.sessions.length = 0
    }
    // 160 MB of sessions, and 300 MB of messages.
    expect(heap() - before).toBeLessThan(10e6)
    release()
  })
})

/** The events after one, as they are told. */
const after = (journal: Journal, seq: number): PlainEvent[] =>
  [...journal.textsFrom(journal.oldestAfter(seq))].map((text) => JSON.parse(text))

/** In bytes, of what is in use. */
const heap = (): number => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
