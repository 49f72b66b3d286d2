import { Story, stories } from '@conn-hub/testkit'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { instrument } from '../src/index.js'

// After each step of random stories, what was counted is what a walk of the entries finds.

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const clock = {
  tick: vi.advanceTimersByTime.bind(vi),
  tickAsync: vi.advanceTimersByTimeAsync.bind(vi),
}
const RUNS = Number(process.env.RUNS ?? 100)

/** Keeps the sums of all that is added, by metric and labels. */
const createSums = () => {
  const sums = new Map<string, number>()
  const instrumentOf = (name: string) => ({
    add: (value: number, { 'conn_hub.name': _, ...labels }: Record<string, string>) => {
      const series = [name, ...Object.values(labels)].join(' ')
      sums.set(series, (sums.get(series) ?? 0) + value)
    },
    record: (value: number) => {
      expect(value).toBeGreaterThanOrEqual(0)
      sums.set(name, (sums.get(name) ?? 0) + 1)
    },
  })
  const meter = {
    createUpDownCounter: instrumentOf,
    createCounter: instrumentOf,
    createHistogram: instrumentOf,
  }
  const meterProvider = Object.assign(new MeterProvider(), { getMeter: () => meter as never })
  const levels = () =>
    Object.fromEntries([...sums].filter(([name, value]) => isLevel(name) && value !== 0).sort())
  return { meterProvider, levels, sums }
}

const isLevel = (name: string) =>
  /^conn_hub\.(connection\.count|session\.count|dial\.pending)/.test(name)

/** The same by a walk. */
const walk = ({ hub }: Story): Record<string, number> => {
  const found: Record<string, number> = {}
  const count = (series: string) => {
    found[series] = (found[series] ?? 0) + 1
  }
  for (const { state, kind, sessions, ...entry } of hub.entries()) {
    count(`conn_hub.connection.count ${state} ${kind}`)
    for (const { direction } of sessions) count(`conn_hub.session.count ${direction} ${kind}`)
    if ('waits' in entry && entry.waits !== undefined) count('conn_hub.dial.pending')
  }
  return Object.fromEntries(Object.entries(found).sort())
}

it(`counts what a walk finds, in ${RUNS} random stories`, async () => {
  const run = fc.asyncProperty(
    stories(['at-once', 'later', 'throw', 'reject', 'refuse']),
    fc.nat({ max: 10 }),
    async (steps, from) => {
      const { meterProvider, levels, sums } = createSums()
      const story = new Story(clock)
      await story.play(steps.slice(0, from))
      instrument(story.hub, { name: 'chat', meterProvider })
      await story.play(steps.slice(from), () => expect(levels()).toEqual(walk(story)))
      const ended = story.events.filter(({ type }) => type === 'connecting').length
      const closing = story.hub.close()
      expect(levels()).toEqual({})
      // Each dial has ended, once; those that had begun before are among them, where they were still running.
      expect(sums.get('conn_hub.dial.duration') ?? 0).toBeLessThanOrEqual(ended)
      if (from === 0) expect(sums.get('conn_hub.dial.duration') ?? 0).toBe(ended)
      await story.settle()
      await closing
    },
  )
  await fc.assert(run, { numRuns: RUNS, seed: 1, endOnFailure: true })
}, 600_000)

const TOLD = ['*', 'change', 'session', 'session-closed', 'refused', 'error'] as const

it(`counts what a walk finds where it begins inside any delivery, in ${RUNS} random stories`, async () => {
  let begun = 0
  const run = fc.asyncProperty(
    stories(['at-once', 'later', 'throw', 'reject', 'refuse']),
    fc.constantFrom(...TOLD),
    fc.nat({ max: 4 }),
    async (steps, type, after) => {
      const { meterProvider, levels } = createSums()
      const story = new Story(clock)
      let told = 0
      let isOn = false
      story.hub.on(type, () => {
        if (told++ !== after) return
        isOn = true
        begun++
        instrument(story.hub, { name: 'chat', meterProvider })
      })
      await story.play(steps, () => isOn && expect(levels()).toEqual(walk(story)))
      const closing = story.hub.close()
      await story.settle()
      await closing
      expect(levels()).toEqual({})
    },
  )
  await fc.assert(run, { numRuns: RUNS, seed: 2, endOnFailure: true })
  expect(begun).toBeGreaterThan(RUNS / 5)
}, 600_000)
