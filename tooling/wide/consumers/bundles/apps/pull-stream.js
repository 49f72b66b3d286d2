import { createHub, dialer } from '@conn-hub/core'
import { changes, listen, liveEntries } from '@conn-hub/pull-stream'
import { EVENTS, main, open, same } from './support.js'

main(async () => {
  const hub = createHub({ transport: { describe: () => ({}), dial: dialer(open) } })
  const drain = (source) => {
    const items = []
    const next = (end, item) => {
      if (end) return
      items.push(item)
      source(null, next)
    }
    source(null, next)
    return items
  }
  const [told, arrays, steps] = [listen, liveEntries, changes].map((view) => drain(view(hub)))
  await hub.connect('play:anna')
  await hub.close()
  same(
    told.map(({ type }) => type),
    EVENTS,
  )
  same([arrays.at(-1), steps[0]], [[], { added: [], changed: [], removed: [] }])
})
