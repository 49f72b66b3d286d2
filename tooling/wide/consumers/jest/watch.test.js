const { watchContract } = require('@conn-hub/conformance')
const { createPlayHub, turns } = require('./support.js')

test('the watch finds a broken promise', async () => {
  const hub = createPlayHub()
  await hub.connect('play:anna')
  // A hub that has lost an entry, and told no event of it.
  const broken = Object.create(hub, { get: { value: () => undefined } })
  const told = []
  const watch = watchContract(broken, { onBroken: ({ code }) => told.push(code) })
  await turns()
  watch.check()
  watch.stop()
  expect(told).toContain('CONTRACT_BROKEN')
  await hub.close()
})

test('the watch has nothing to say of a hub that keeps its promises', async () => {
  const hub = createPlayHub()
  const told = []
  const watch = watchContract(hub, { onBroken: ({ message }) => told.push(message) })
  await turns()
  await hub.connect('play:anna')
  jest.advanceTimersByTime(5_000)
  watch.check()
  await hub.close()
  expect(told).toEqual([])
})
