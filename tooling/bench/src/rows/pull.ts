import { measure, timeOf } from '../clock.js'
import type { TestEvent } from '../internals.js'
import { grouped, OURS, type Row, ratios, valuesOf } from '../row.js'
import { CAPACITY } from '../subjects/iterators.js'
import { NOTIFY, PULL_SOURCES, PUSHABLE, type PullChannel } from '../subjects/pull-sources.js'
import { forEach } from './for-each.js'

const toEvent = (value: number): TestEvent => ({ type: 'connected', value })

const createReader = () => {
  const seen = { count: 0 }
  const onItem = (end: unknown, event?: unknown): void => {
    if (end || !event) throw new Error('the source ended')
    seen.count++
  }
  return { seen, onItem }
}

/** The reader waits each time that an event comes. */
const keepUp = async ({ push, read }: PullChannel, number: number): Promise<number> => {
  const { seen, onItem } = createReader()
  const ns = await timeOf(() => {
    for (let i = 0; i < number; i++) {
      read(null, onItem)
      push(toEvent(i))
    }
  })
  if (seen.count !== number) throw new Error('not every event came')
  return ns / number
}

/** As many events come as fit, and then the reader reads them. */
const fallBehind = async ({ push, read }: PullChannel, number: number): Promise<number> => {
  const { seen, onItem } = createReader()
  const ns = await timeOf(() => {
    for (let done = 0; done < number; done += CAPACITY) {
      for (let i = 0; i < CAPACITY; i++) push(toEvent(i))
      for (let i = 0; i < CAPACITY; i++) read(null, onItem)
    }
  })
  if (seen.count !== number) throw new Error('not every event came')
  return ns / number
}

export const pull: Row = {
  id: 'pull',
  subjects: forEach(PULL_SOURCES, (open) => async (size) => {
    const number = size(100_000, 10_000)
    const channel = await open()
    return {
      keepsUp: await measure(() => keepUp(channel, number)),
      fallsBehind: await measure(() => fallBehind(channel, number)),
    }
  }),
  figures: (rounds) =>
    (['keepsUp', 'fallsBehind'] as const).flatMap((measure) => {
      const reader = measure === 'keepsUp' ? 'keeps up' : `falls ${grouped(CAPACITY)} behind`
      const work = `events through the pull source, the reader ${reader}`
      const against = (name: string) => ({
        work,
        against: name,
        unit: 'times' as const,
        values: ratios(valuesOf(rounds, OURS, measure), valuesOf(rounds, name, measure)),
      })
      return [{ ...against(PUSHABLE), reach: { atMost: 1.2 } }, against(NOTIFY)]
    }),
}
