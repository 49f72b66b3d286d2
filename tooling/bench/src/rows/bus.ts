import { measure, timeOf } from '../clock.js'
import { grouped, type Row } from '../row.js'
import { BUSES, type CreateBus, type Payload } from '../subjects/buses.js'
import { createListeners } from '../subjects/listeners.js'
import { againstBest } from './best.js'
import { forEach } from './for-each.js'

const COUNTS = [1, 10, 1_000]

/** Made beforehand: an event that no listener keeps would not even be made. */
const EVENTS: readonly Payload[] = Array.from({ length: 1_024 }, (_, value) => ({ value }))

/** An app has many listeners: without them the engine would put the body of the only one in place of its call. */
const meetListeners = (create: CreateBus) => costOfEmit(create, 10, 100_000)

/** In ns for each event. */
const costOfEmit = async (create: CreateBus, count: number, calls: number): Promise<number> => {
  const bus = await create()
  const { listeners, heard } = createListeners(count)
  for (const listener of listeners) bus.on(listener)
  const number = Math.ceil(calls / count)
  return measure(async () => {
    heard.count = 0
    const ns = await timeOf(() => {
      for (let i = 0; i < number; i++) bus.emit(EVENTS[i % EVENTS.length] as Payload)
    })
    if (heard.count !== number * count) throw new Error('not every listener heard every event')
    return ns / number
  })
}

export const bus: Row = {
  id: 'bus',
  subjects: forEach(BUSES, (create) => async (size) => {
    const costs: Record<string, number> = {}
    await meetListeners(create)
    for (const count of COUNTS)
      costs[count] = await costOfEmit(create, count, size(500_000, 50_000))
    return costs
  }),
  figures: (rounds) =>
    COUNTS.map((count) => {
      const { against, times } = againstBest(rounds, String(count))
      const work = `event to ${grouped(count)} ${count === 1 ? 'listener' : 'listeners'}`
      return {
        work,
        against: `${against}, the fastest`,
        unit: 'times',
        values: times,
        reach: { atMost: 1.2 },
      }
    }),
}
