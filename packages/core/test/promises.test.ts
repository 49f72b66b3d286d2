import type { ConnectionEvent, State } from '@conn-hub/core'
import { ALL_DEADLINES, type FaultSession, type Step, Story, stories } from '@conn-hub/testkit'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { replay } from './replay.js'
import { track } from './setup.js'

// The promises of the hub, each held by stories that chance wrote. Examples of each are in the other files.

type Event = ConnectionEvent<FaultSession>

const EVERY_WAY = ['at-once', 'at-once', 'later', 'throw', 'reject', 'refuse'] as const
const WELL_BEHAVED = ['at-once', 'later'] as const

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const clock = {
  tick: (ms: number) => vi.advanceTimersByTime(ms),
  tickAsync: (ms: number) => vi.advanceTimersByTimeAsync(ms),
}

const inEveryStory = (
  holds: (steps: Step[], story: Story) => Promise<void>,
  closes: readonly FaultSession['onClose'][] = EVERY_WAY,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(stories(closes), async (steps) => {
      vi.clearAllTimers()
      await holds(steps, new Story(clock))
    }),
    { seed: 4711, numRuns: 150 },
  )

const statesOf = ({ hub }: Story): Map<string, State> =>
  new Map(hub.snapshot().map(({ address, state }) => [address, state]))

const sessionsOf = ({ hub }: Story): Set<FaultSession> =>
  new Set(hub.snapshot().flatMap(({ sessions }) => sessions.map(({ handle }) => handle)))

it('1 grammar: the events of each entry spell the table of states', async () => {
  const seen = new Set<string>()
  await inEveryStory(async (steps, story) => {
    await story.play(steps)
    await story.settle()
    replay(story.events)
    for (const { type } of story.events) seen.add(type)
    for (const [, state] of statesOf(story)) expect(state).toBe('connected')
  })
  expect([...seen].sort()).toEqual([
    'connected',
    'connecting',
    'connecting-failed',
    'disconnected',
    'disconnecting',
    'disconnecting-failed',
  ])
})

it('2 one order: all listeners hear all events in the order of seq', () =>
  inEveryStory(async (steps, story) => {
    const last: Event[] = []
    const typed: Event[] = []
    story.hub.on('connected', (event) => typed.push(event))
    story.hub.on('disconnected', (event) => typed.push(event))
    story.hub.on('*', (event) => last.push(event))
    await story.play(steps)
    expect(story.events.map(({ seq }) => seq)).toEqual(story.events.map((_, i) => i + 1))
    expect(last).toEqual(story.events)
    expect(typed).toEqual(story.events.filter(({ type }) => /^(dis)?connected$/.test(type)))
  }))

it('3 fold: replaying the events gives the states of the entries, after every step', () =>
  inEveryStory(async (steps, story) => {
    await story.play(steps, () => expect(replay(story.events)).toEqual(statesOf(story)))
    await story.settle()
    expect(replay(story.events)).toEqual(statesOf(story))
  }))

it('4 settling: every promise has settled once the deadlines are over', () =>
  inEveryStory(async (steps, story) => {
    await story.play(steps)
    await story.settle()
    expect(story.calls.filter(({ outcome }) => outcome === 'pending')).toEqual([])
  }))

it('4 settling: a call that has settled has left the signal that it was given', () =>
  inEveryStory(async (steps, story) => {
    await story.play(steps)
    await story.settle()
    expect(story.signals.filter(({ held }) => held.size > 0)).toEqual([])
  }))

it('5 late: a session that comes after its attempt is closed, and never announced', async () => {
  let late = 0
  await inEveryStory(async (steps, story) => {
    await story.play(steps)
    const announced = story.events.map((event) => 'session' in event && event.session)
    for (const session of story.late) {
      expect(session.closeCalls).toBeGreaterThan(0)
      expect(announced).not.toContain(session)
      expect(sessionsOf(story)).not.toContain(session)
    }
    late += story.late.size
  })
  expect(late).toBeGreaterThan(50)
})

it('6 no ghost, no orphan: the open sessions are those of the entries', () =>
  inEveryStory(async (steps, story) => {
    await story.play(steps)
    await story.settle()
    const open = story.transport.sessions.filter(({ isOpen }) => isOpen)
    expect(sessionsOf(story)).toEqual(new Set(open))
  }, WELL_BEHAVED))

it('6 no ghost, no orphan: only a session that refuses to close may stay open unseen', () =>
  inEveryStory(async (steps, story) => {
    await story.play(steps, () => {
      const known = sessionsOf(story)
      for (const session of known) expect(session.isOpen).toBe(true)
      for (const session of story.transport.sessions) {
        if (session.isOpen && !known.has(session)) expect(session.closeCalls).toBeGreaterThan(0)
      }
    })
  }))

it('7 isolation: listeners that throw change nothing for anybody else, and each is reported', () =>
  inEveryStory(async (steps, story) => {
    await story.play(steps)
    const calm = story.events.map(({ type, address }) => `${type} ${address}`)

    const stormy = new Story(clock)
    let thrown = 0
    const bad = () => {
      thrown++
      throw new Error('a bad listener')
    }
    for (const type of ['*', 'connected', 'disconnecting', 'change'] as const) {
      stormy.hub.on(type, bad)
    }
    await stormy.play(steps)
    expect(stormy.events.map(({ type, address }) => `${type} ${address}`)).toEqual(calm)
    expect(stormy.errors.filter(({ from }) => from.origin === 'listener')).toHaveLength(thrown)
  }))

it('8 slow readers: a reader of changes misses nothing, and hears nothing twice', () =>
  inEveryStory(async (steps, story) => {
    const view = track(story.hub)
    const known = new Map<string, unknown>()
    const read = () => {
      const changes = view.take()
      for (const entry of changes?.removed ?? []) {
        expect(known.get(entry.address)).toBe(entry)
        known.delete(entry.address)
      }
      for (const entry of changes?.added ?? []) {
        expect(known.has(entry.address)).toBe(false)
        known.set(entry.address, entry)
      }
      for (const entry of changes?.changed ?? []) {
        expect(known.has(entry.address)).toBe(true)
        known.set(entry.address, entry)
      }
      expect([...known.values()]).toHaveLength(story.hub.size)
      for (const [address, entry] of known) expect(story.hub.get(address)).toBe(entry)
      expect([...known.keys()]).toEqual(story.hub.snapshot().map(({ address }) => address))
    }
    let turn = 0
    await story.play(steps, () => turn++ % 3 === 0 && read())
    read()
  }))

it('9 cost: subscriptions that ended are never called again, whenever they ended', () =>
  inEveryStory(async (steps, story) => {
    let alive = true
    let calls = 0
    const listen = () =>
      story.hub.on('*', () => {
        expect(alive).toBe(true)
        calls++
      })
    const ends = Array.from({ length: 40 }, listen)
    await story.play(steps.slice(0, 5))
    expect(calls).toBe(40 * story.events.length)
    for (const end of ends) end()
    alive = false
    await story.play(steps.slice(5))
    expect(story.errors.filter(({ from }) => from.origin === 'listener')).toEqual([])
  }))

it('10 the end: after close() nothing is left, and nothing happens any more', () =>
  inEveryStory(async (steps, story) => {
    await story.play(steps)
    const ending = story.hub.close()
    expect(story.hub.size).toBe(0)
    expect(replay(story.events).size).toBe(0)
    const count = story.events.length
    await vi.advanceTimersByTimeAsync(5_000)
    await ending
    expect(vi.getTimerCount()).toBe(0)
    expect(story.signals.filter(({ held }) => held.size > 0)).toEqual([])
    expect(story.calls.filter(({ outcome }) => outcome === 'pending')).toEqual([])
    for (const session of story.transport.sessions) {
      if (session.isOpen) expect(session.closeCalls).toBeGreaterThan(0)
      session.end()
    }
    for (const dial of story.transport.dials) dial.succeed()
    await vi.advanceTimersByTimeAsync(ALL_DEADLINES)
    expect(story.hub.size).toBe(0)
    expect(story.events).toHaveLength(count)
  }))
