import { type Report, type Scenario, simulate } from '@conn-hub/simulation'

const MINUTE = 60_000

export interface Hour {
  readonly report: Report
  readonly partitions: number
  readonly crashes: number
}

/** Sixty hubs, a partition each two seconds, a crash each seven: what is measured, and always the same. */
export const playHour = async (minutes = 60): Promise<Hour> => {
  const counts = { partitions: 0, crashes: 0 }
  const report = await simulate({ seed: 1, duration: minutes * MINUTE }, crowd(counts))
  return { report, ...counts }
}

const crowd =
  (counts: { partitions: number; crashes: number }): Scenario =>
  (world) => {
    const { random, network } = world
    const peers = Array.from({ length: 60 }, (_, index) => world.peer(`p${index}`))
    const soon = () => world.now + random.int(500, 8_000)
    world.every(200, () => {
      const [one, other] = [random.pick(peers), random.pick(peers)]
      if (!one.isUp || one === other) return
      const { connect, disconnect } = one.hub
      const call = random.chance(0.7) ? connect(other.address) : disconnect(other.address)
      call.catch(() => {})
    })
    world.every(2_000, () => {
      counts.partitions++
      const left = peers.filter(() => random.chance(0.5))
      const right = peers.filter((peer) => !left.includes(peer))
      world.at(soon(), network.partition(left, right))
    })
    world.every(7_300, () => {
      counts.crashes++
      const peer = random.pick(peers)
      peer.crash({ silent: random.chance(0.5) })
      world.at(soon(), () => peer.restart())
    })
  }
