const { createHub } = require('@conn-hub/core')
const { createPlayHub } = require('./support.js')

test('core connects, disconnects and closes', async () => {
  const hub = createPlayHub()
  const told = []
  hub.on('*', ({ type }) => told.push(type))
  expect(await hub.connect('play:anna')).toBe('play:anna')
  expect(await hub.disconnect('play:anna')).toBe(true)
  await hub.close()
  expect(told).toEqual(['connecting', 'connected', 'disconnecting', 'disconnected'])
})

test('core gives up a dial at its deadline, when the clock of the test says so', async () => {
  const hub = createHub({ transport: { describe: () => ({}), dial: () => {} } })
  const outcome = hub.connect('play:anna').catch(({ code }) => code)
  jest.advanceTimersByTime(30_000)
  expect(await outcome).toBe('DIAL_TIMEOUT')
  await hub.close()
  expect(jest.getTimerCount()).toBe(0)
})
