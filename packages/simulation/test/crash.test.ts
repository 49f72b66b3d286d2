import { expect, it } from 'vitest'
import { simulate } from '../src/index.js'

it('a process that crashes sets no timer any more that runs, not by a promise either', async () => {
  const ran: string[] = []
  await simulate({ seed: 1, duration: 1_000 }, async (world) => {
    const anna = world.peer('anna')
    const late = () => setTimeout(() => ran.push('late'), 10)
    anna.run(() => void Promise.resolve().then(late))
    anna.crash()
    await world.wait(100)
    expect(() => anna.run(late)).toThrow('has crashed')
  })
  expect(ran).toEqual([])
})

it('a link that was on its way to a process which crashes in its sleep is closed', async () => {
  await simulate({ seed: 1, duration: 60_000 }, async (world) => {
    const [anna, ben] = [world.peer('anna'), world.peer('ben')]
    anna.hub.connect(ben.address).catch(() => {})
    await world.wait(1)
    anna.sleep(10_000)
    await world.eventually(() => ben.hub.size === 1, 100)
    await world.wait(1_000)
    anna.crash()
    await world.eventually(() => ben.hub.size === 0, 100)
  })
})
