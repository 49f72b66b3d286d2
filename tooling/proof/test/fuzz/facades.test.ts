import * as iterators from '@conn-hub/async-iterator'
import * as sources from '@conn-hub/pull-stream'
import { countSubscriptions } from '@conn-hub/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chance } from './chance.js'
import { anything, openStage, optionsOf, outcomeOf, signals } from './stage.js'

const options = fc.oneof(
  optionsOf({
    signal: signals,
    capacity: fc.constantFrom(1, 8, 1_000_000, 1_000_001, 0, 1.5),
    overflow: fc.constantFrom('drop-oldest', 'drop-newest', 'drop-all'),
  }),
  anything,
)

const endIterator = (iterator: AsyncIterableIterator<unknown>) => iterator.return?.()
const endSource = (source: sources.Source<unknown>) =>
  new Promise((resolve) => source(true, resolve))

describe.each([
  ['events()', iterators.events, endIterator],
  ['liveEntries()', iterators.liveEntries, endIterator],
  ['changes()', iterators.changes, endIterator],
  ['listen() as a pull-stream', sources.listen, endSource],
  ['liveEntries() as a pull-stream', sources.liveEntries, endSource],
  ['changes() as a pull-stream', sources.changes, endSource],
])('%s', (_, make, end) => {
  it('takes its options or refuses them by INVALID_OPTION, and leaves no subscription either way', async () => {
    const property = fc.asyncProperty(options, async (given) => {
      const stage = openStage()
      const { hub, subscriptions } = countSubscriptions(stage.hub)
      const outcome = await outcomeOf(() => end(make(hub, given as object) as never))
      expect(['taken', 'INVALID_OPTION']).toContain(outcome)
      expect(subscriptions()).toBe(0)
      await stage.end()
    })
    await fc.assert(property, chance)
  })
})
