const { simulate } = require('@conn-hub/simulation')

const scenario = async (world) => {
  const [anna, ben] = ['anna', 'ben'].map((name) => world.peer(name))
  await anna.hub.connect(ben.address)
  await world.wait(60_000)
}

test('a world has a time of its own under Jest, and gives the same course twice', async () => {
  jest.useRealTimers()
  const play = () => simulate({ seed: 1, duration: 120_000 }, scenario)
  const [first, second] = [await play(), await play()]
  expect(first.happenings).toBeGreaterThan(0)
  expect(second.hash).toBe(first.hash)
  expect(Date.now()).toBeGreaterThan(1_700_000_000_000)
})

test('a world says so where the fake timers of Jest have the time', async () => {
  jest.useFakeTimers()
  const outcome = simulate({ seed: 1, duration: 120_000 }, scenario).catch(({ code }) => code)
  expect(await outcome).toBe('TIME_IN_USE')
})
