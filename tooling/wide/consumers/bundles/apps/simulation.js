import { simulate } from '@conn-hub/simulation'
import { main, same } from './support.js'

main(async () => {
  const { endedAt } = await simulate({ seed: 1, duration: 120_000 }, async (world) => {
    const [anna, ben] = ['anna', 'ben'].map((name) => world.peer(name))
    await anna.hub.connect(ben.address)
    ben.crash()
    await world.eventually(() => anna.hub.size === 0, 1_000)
  })
  same(endedAt >= 120_000, true)
})
