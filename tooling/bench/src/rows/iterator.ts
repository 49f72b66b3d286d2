import { measure, timeOf } from '../clock.js'
import type { TestEvent } from '../internals.js'
import { grouped, type Row } from '../row.js'
import { CAPACITY, type Channel, ITERATORS } from '../subjects/iterators.js'
import { againstBest } from './best.js'
import { forEach } from './for-each.js'

const toEvent = (value: number): TestEvent => ({ type: 'connected', value })

/** The reader waits each time that an event comes. */
const keepUp = async ({ push, reader }: Channel, number: number): Promise<number> => {
  const ns = await timeOf(async () => {
    for (let i = 0; i < number; i++) {
      const next = reader.next()
      push(toEvent(i))
      check((await next).done)
    }
  })
  return ns / number
}

/** As many events come as fit, and then the reader reads them. */
const fallBehind = async ({ push, reader }: Channel, number: number): Promise<number> => {
  let ns = 0
  for (let done = 0; done < number; done += CAPACITY) {
    ns += await timeOf(async () => {
      for (let i = 0; i < CAPACITY; i++) push(toEvent(i))
      for (let i = 0; i < CAPACITY; i++) check((await reader.next()).done)
    })
  }
  return ns / number
}

const check = (done: boolean | undefined): void => {
  if (done) throw new Error('the iterator ended')
}

export const iterator: Row = {
  id: 'iterator',
  subjects: forEach(ITERATORS, (open) => async (size) => {
    const number = size(20_000, 2_000)
    const channel = await open()
    const first = channel.reader.next()
    await Promise.resolve()
    channel.push(toEvent(-1))
    check((await first).done)
    return {
      keepsUp: await measure(() => keepUp(channel, number)),
      fallsBehind: await measure(() => fallBehind(channel, number)),
    }
  }),
  figures: (rounds) =>
    (['keepsUp', 'fallsBehind'] as const).map((measure) => {
      const { against, faster } = againstBest(rounds, measure)
      const reader = measure === 'keepsUp' ? 'keeps up' : `falls ${grouped(CAPACITY)} behind`
      return {
        work: `events through the async iterator, the reader ${reader}`,
        against: `${against}, the fastest`,
        unit: 'faster',
        values: faster,
        reach: { atLeast: 1 },
      }
    }),
}
