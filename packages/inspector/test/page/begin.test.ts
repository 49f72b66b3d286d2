import type { Connection, Hub } from '@conn-hub/core'
import { Story, stories, turns } from '@conn-hub/testkit'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Mirror } from '../../page/src/state/mirror.js'
import { Feed } from '../../src/http/feed.js'
import { createShared } from '../../src/http/shared.js'
import { createEntryTexts } from '../../src/http/texts.js'
import { Journal } from '../../src/journal.js'
import { labelByName } from '../../src/plain/label.js'
import { record, replay } from '../../src/record/index.js'
import { clock, RUNS, WAYS } from '../playing.js'

// Whoever begins inside a delivery knows already what is still to be told.

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const TOLD = ['*', 'change', 'session', 'session-closed', 'refused', 'error'] as const

const shape = (
  entries: Iterable<Pick<Connection<unknown>, 'address' | 'state' | 'since' | 'updatedAt'>>,
) =>
  [...entries].map(({ address, state, since, updatedAt }) => ({ address, state, since, updatedAt }))

/** Calls `begin` inside a delivery of a story, and `look` after each step from then on. */
const inside = (begin: (hub: Hub<unknown>) => (hub: Hub<unknown>) => void) =>
  fc.asyncProperty(
    stories(WAYS),
    fc.constantFrom(...TOLD),
    fc.nat({ max: 4 }),
    async (steps, type, after) => {
      const story = new Story(clock)
      let look: ((hub: Hub<unknown>) => void) | undefined
      let told = 0
      story.hub.on(type, () => {
        if (told++ === after) look = begin(story.hub)
      })
      for (const step of steps) {
        await story.play([step])
        await turns()
        look?.(story.hub)
      }
      const closing = story.hub.close()
      await story.settle()
      await closing
    },
  )

it(`a record comes to the entries of the hub, in ${RUNS} random stories`, async () => {
  let looks = 0
  const run = inside((hub) => {
    let text = ''
    const heard: number[] = []
    const recorder = record(hub, (lines) => {
      text += lines
    })
    hub.on('*', ({ seq }) => void heard.push(seq))
    return () => {
      looks++
      recorder.flush()
      const replayed = replay(text)
      const told: number[] = []
      replayed.on('*', ({ seq }) => void told.push(seq))
      replayed.play()
      expect(told).toEqual(heard)
      expect(shape(replayed.entries())).toEqual(shape(hub.entries()))
    }
  })
  await fc.assert(run, { numRuns: RUNS, seed: 4, endOnFailure: true })
  expect(looks).toBeGreaterThan(RUNS)
}, 600_000)

const createPage = (hub: Hub<unknown>) => {
  const journal = new Journal(hub)
  hub.on('close', journal.hold())
  const feed = new Feed(
    {
      ...{ hub, journal, labelOf: labelByName, texts: createEntryTexts(labelByName) },
      ...{ recording: undefined, shared: createShared() },
    },
    undefined,
  )
  feed.start(() => {})
  const mirror = new Mirror()
  return {
    mirror,
    read: () => {
      for (const text of feed.now()) {
        for (const block of String(text).split('\n\n')) {
          const [, name = ''] = /^event: (.+)$/m.exec(block) ?? []
          const [, json = ''] = /^data: (.+)$/m.exec(block) ?? []
          if (name) mirror.take(name as 'beat', JSON.parse(json), 0)
        }
      }
    },
  }
}

it(`a page comes to the entries of the hub, whenever it reads, in ${RUNS} random stories`, async () => {
  let looks = 0
  const run = inside((hub) => {
    const page = createPage(hub)
    // It may read inside the delivery, too.
    if (hub.size % 2 === 0) page.read()
    return () => {
      looks++
      page.read()
      expect(shape(page.mirror.entries.values())).toEqual(
        expect.arrayContaining(shape(hub.entries())),
      )
      expect(page.mirror.entries.size).toBe(hub.size)
    }
  })
  await fc.assert(run, { numRuns: RUNS, seed: 6, endOnFailure: true })
  expect(looks).toBeGreaterThan(RUNS)
}, 600_000)
