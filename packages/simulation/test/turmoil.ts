import type { Scenario } from '../src/index.js'

/** Some peers that dial and leave each other, and a network and processes that fail. */
export const turmoil: Scenario = (world) => {
  const { random, network } = world
  const peers = Array.from({ length: 10 }, (_, index) => world.peer(`p${index}`))
  const soon = () => world.now + random.int(100, 10_000)
  world.every(500, () => {
    const [one, other] = [random.pick(peers), random.pick(peers)]
    if (!one.isUp || one === other) return
    const call = random.chance(0.7) ? one.hub.connect : one.hub.disconnect
    call(other.address).catch(() => {})
  })
  world.every(5_000, () => {
    const left = peers.filter(() => random.chance(0.5))
    const right = peers.filter((peer) => !left.includes(peer))
    world.at(soon(), network.partition(left, right))
  })
  world.every(9_000, () => {
    const peer = random.pick(peers)
    if (random.chance(0.3)) return peer.sleep(random.int(10, 30_000))
    peer.crash({ silent: random.chance(0.5) })
    world.at(soon(), () => peer.restart())
  })
}
