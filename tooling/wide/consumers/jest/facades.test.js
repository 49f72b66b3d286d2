const { changes, events, liveEntries } = require('@conn-hub/async-iterator')
const pull = require('@conn-hub/pull-stream')
const { createPlayHub } = require('./support.js')

const TYPES = ['connecting', 'connected', 'disconnecting', 'disconnected']

test('the iterators give everything, and end with the hub', async () => {
  const hub = createPlayHub()
  const read = async (source) => {
    const items = []
    for await (const item of source) items.push(item)
    return items
  }
  const reading = [events, liveEntries, changes].map((view) => read(view(hub)))
  await hub.connect('play:anna')
  await hub.close()
  const [told, arrays, steps] = await Promise.all(reading)
  expect(told.map(({ type }) => type)).toEqual(TYPES)
  expect(arrays.at(-1)).toEqual([])
  expect(steps.length).toBeGreaterThan(1)
})

test('the pull sources give everything, and end with the hub', async () => {
  const hub = createPlayHub()
  const ends = []
  const drain = (source) => {
    const items = []
    const next = (end, item) => {
      if (end) return ends.push(end)
      items.push(item)
      source(null, next)
    }
    source(null, next)
    return items
  }
  const [told, arrays] = [pull.listen, pull.liveEntries, pull.changes].map((view) =>
    drain(view(hub)),
  )
  await hub.connect('play:anna')
  await hub.close()
  expect(told.map(({ type }) => type)).toEqual(TYPES)
  expect(arrays.at(-1)).toEqual([])
  expect(ends).toEqual([true, true, true])
})
