import { changes, events, liveEntries } from '@conn-hub/async-iterator'
import { createHub, dialer } from '@conn-hub/core'
import { EVENTS, main, open, same } from './support.js'

main(async () => {
  const hub = createHub({ transport: { describe: () => ({}), dial: dialer(open) } })
  const read = async (source) => {
    const items = []
    for await (const item of source) items.push(item)
    return items
  }
  const reading = [events, liveEntries, changes].map((view) => read(view(hub)))
  await hub.connect('play:anna')
  await hub.close()
  const [told, arrays, steps] = await Promise.all(reading)
  same(
    told.map(({ type }) => type),
    EVENTS,
  )
  same(arrays.at(-1), [])
  same(steps[0], { added: [], changed: [], removed: [] })
})
