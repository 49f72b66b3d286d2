import type { Connection, ConnectionEvent, Hub } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { Story, stories, turns } from '@conn-hub/testkit'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { record, replay } from '../../src/record/index.js'
import { tellLines } from '../../src/record/tell.js'
import { createToText } from '../../src/record/to-text.js'
import { createWords } from '../../src/record/words.js'
import { clock, RUNS, WAYS } from '../playing.js'

// What is replayed is the fold of what was recorded.

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const plain = (entry: Connection<unknown> | undefined) => {
  if (!entry) return undefined
  const { address, key, kind, state, createdAt, since, updatedAt, data } = entry
  const { reason, waits } = entry as { reason?: string; waits?: string }
  const sessions = entry.sessions.map(({ direction, key, kind }) => ({ direction, key, kind }))
  const times = { createdAt, since, updatedAt }
  return { address, key, kind, state, ...times, reason, waits, data: { ...data }, sessions }
}

const shape = (hub: Hub<unknown>) => hub.snapshot().map(plain)

/** Whatever a hub tells, in its order, as plain data; sessions by the order in which they came. */
const listen = (hub: Hub<unknown>): string[] => {
  const told: string[] = []
  const sessions = new Map<unknown, number>()
  const number = (session: unknown) => {
    if (!sessions.has(session)) sessions.set(session, sessions.size)
    return sessions.get(session)
  }
  const tell = (type: string, event: object) => void told.push(`${type} ${JSON.stringify(event)}`)
  hub.on('*', (event: ConnectionEvent<unknown>) => {
    const { seq, at, address, key, ...details } = event as ConnectionEvent<unknown> & {
      error?: Error
      session?: unknown
    }
    const { error, session, ...rest } = details
    const words = { error: error && String((error as { code?: string }).code ?? 'UNKNOWN') }
    tell('event', { seq, at, address, key, ...words, ...rest, session: session && number(session) })
  })
  for (const type of ['session', 'session-closed'] as const) {
    hub.on(type, ({ at, address, key, session, direction }) => {
      tell(type, { at, address, key, session: number(session), direction })
    })
  }
  hub.on('change', ({ before, after }) =>
    tell('change', { before: plain(before), after: plain(after) }),
  )
  hub.on('refused', (refusal) => tell('refused', refusal))
  return told
}

it(`comes to the entries of the hub after each step, and tells what it told, in ${RUNS} random stories`, async () => {
  let steps = 0
  const run = fc.asyncProperty(
    stories(WAYS),
    fc.nat({ max: 8 }),
    fc.constantFrom(200, 2_000, 1e7),
    async (all, from, part) => {
      const story = new Story(clock)
      await story.play(all.slice(0, from))
      const texts: string[] = []
      const recorder = record(story.hub, (text) => void texts.push(text), {
        data: (data) => data,
        part,
      })
      await turns()
      const told = listen(story.hub)
      await story.play(all.slice(from), (atRest) => {
        if (!atRest) return
        steps++
        recorder.flush()
        const replayed = replay(texts.join(''))
        replayed.play()
        expect(shape(replayed)).toEqual(shape(story.hub))
      })
      const closing = story.hub.close()
      await story.settle()
      await closing
      await recorder.flush()
      const replayed = replay(texts.join(''))
      // What was there before comes first, and is told as changes.
      const begun = texts
        .join('')
        .split('\n')
        .findIndex((line) => line.includes('"ready"'))
      for (let line = 0; line <= begun; line++) replayed.next()
      const again = listen(replayed)
      replayed.play()
      expect(replayed.skipped).toBe(0)
      expect(replayed.closed).toBe(true)
      expect(replayed.size).toBe(0)
      expect(again).toEqual(told)
      expect(recorder.lost).toBe(0)
    },
  )
  await fc.assert(run, { numRuns: RUNS, seed: 3, endOnFailure: true })
  expect(steps).toBeGreaterThan(RUNS * 3)
}, 600_000)

/** What happened, without its number: each run counts anew. */
const eventsOf = (hub: Hub<unknown>): string[] => {
  const events: string[] = []
  hub.on('*', ({ type, at, address }) => void events.push(`${type} ${at} ${address}`))
  return events
}

it('comes to the entries of the last run where several are in one record, and tells what happened in each', async () => {
  const runs = fc.array(fc.record({ steps: stories(WAYS), isKilled: fc.boolean() }), {
    minLength: 2,
    maxLength: 3,
  })
  const run = fc.asyncProperty(runs, async (all) => {
    const texts: string[] = []
    const happened: string[] = []
    let expected: unknown
    for (const { steps, isKilled } of all) {
      const story = new Story(clock)
      const recorder = record(story.hub, (text) => void texts.push(text), { data: (data) => data })
      await turns()
      const events = eventsOf(story.hub)
      await story.play(steps)
      const isLast = steps === all.at(-1)?.steps
      expected = shape(story.hub)
      if (isLast || isKilled) {
        await recorder.stop()
        happened.push(...events)
      }
      const closing = story.hub.close()
      await story.settle()
      await closing
      await recorder.flush()
      if (!isLast && !isKilled) happened.push(...events)
    }
    const hub = replay(texts.join(''))
    const told = eventsOf(hub)
    const seqs: number[] = []
    hub.on('*', ({ seq }) => void seqs.push(seq))
    hub.play()
    expect(told).toEqual(happened)
    expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] ?? 0) + i))
    expect(shape(hub)).toEqual(expected)
    expect([hub.skipped, hub.closed]).toEqual([0, false])
  })
  await fc.assert(run, { numRuns: RUNS, seed: 9, endOnFailure: true })
}, 600_000)

it('comes to the entries of the hub again after lines were lost', async () => {
  const run = fc.asyncProperty(
    stories(WAYS),
    fc.array(fc.constantFrom('takes', 'throws', 'rejects', 'is slow'), { minLength: 3 }),
    async (all, ways) => {
      const story = new Story(clock)
      const texts: string[] = []
      let calls = 0
      const sink = (text: string) => {
        const way = ways[calls++ % ways.length]
        if (way === 'throws') throw new Error('the disk is full')
        if (way === 'rejects') return Promise.reject(new Error('the disk is full'))
        texts.push(text)
        return way === 'is slow' ? new Promise((resolve) => setTimeout(resolve, 3_000)) : undefined
      }
      const recorder = record(story.hub, sink, {
        data: (data) => data,
        waiting: 65_536,
        part: 3_000,
        onError: () => {},
      })
      await story.play(all)
      ways.fill('takes')
      await story.settle()
      await clock.tickAsync(10_000)
      const replayed = replay(texts.join(''))
      // A view of it ends where the entries are, however they came.
      const view = createView(replayed, 'changes')
      view.start(() => {})
      view.take()
      replayed.play()
      const { added = [], changed = [] } = view.take() ?? {}
      expect(shape(replayed)).toEqual(shape(story.hub))
      expect(added.length + changed.length).toBe(replayed.size)
      expect(recorder.waiting).toBe(0)
      await recorder.stop()
      const closing = story.hub.close()
      await story.settle()
      await closing
    },
  )
  await fc.assert(run, { numRuns: RUNS, seed: 5, endOnFailure: true })
}, 600_000)

it('writes what JSON.stringify would, character by character', async () => {
  const run = fc.asyncProperty(stories(WAYS), async (all) => {
    const story = new Story(clock)
    const toText = createToText()
    let lines = 0
    tellLines(story.hub, createWords({ data: (data) => data }), (line) => {
      lines++
      expect(toText(line)).toBe(JSON.stringify(line))
    })
    await story.play(all)
    await story.settle()
    expect(story.errors.filter(({ from }) => from.origin === 'listener')).toEqual([])
    expect(lines).toBeGreaterThanOrEqual(story.events.length)
  })
  await fc.assert(run, { numRuns: RUNS, seed: 7, endOnFailure: true })
}, 600_000)
