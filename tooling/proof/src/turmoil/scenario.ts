import { createHub, type HubError } from '@conn-hub/core'
import type { Peer, Scenario, Setup, World } from '@conn-hub/simulation'
import { Callers, DEADLINES } from './callers.js'
import { faulty, LATE } from './faulty.js'
import { listen } from './listeners.js'

export interface Turmoil {
  readonly peers: number
  /** How often each peer does something, in ms. */
  readonly pause: number
  /** How often a fault of the network begins, and how often a process fails, in ms. */
  readonly faults: number
  readonly crashes: number
}

export const FEW: Turmoil = { peers: 5, pause: 2_000, faults: 4_000, crashes: 7_000 }

/** Hubs that connect, disconnect and call each other inside their listeners, while network, processes and transports fail. */
export const turmoil =
  ({ peers: count, pause, faults, crashes }: Turmoil): Scenario =>
  (world) => {
    const names = Array.from({ length: count }, (_, index) => `p${index}`)
    // What the transport keeps to itself is open below, and nobody can close it yet.
    const deadlines = { ...DEADLINES, closeTimeout: DEADLINES.closeTimeout + LATE }
    const peers = names.map((name) => world.peer(name, setup(names, pause), deadlines))
    world.every(faults, () => breakNetwork(world, peers))
    world.every(crashes, () => breakProcess(world, world.random.pick(peers)))
  }

const setup =
  (names: readonly string[], pause: number): Setup =>
  ({ name, transport, random }) => {
    let told = 0
    const onError = (_: unknown, { origin }: { origin: string }) => {
      if (origin === 'listener') told++
    }
    const hub = createHub({ transport: faulty(transport, random), ...DEADLINES, onError })
    listen(hub, () => told)
    // Where nobody is, too.
    const others = [...names.filter((other) => other !== name), 'nobody']
    const callers = new Callers(
      hub,
      random,
      others.map((other) => `mem:${other}`),
    )
    hub.on('*', ({ address }) => {
      if (random.chance(0.1)) callers.act(address)
    })
    const act = () => {
      if (hub.closed) return
      callers.act()
      setTimeout(act, random.int(1, 2 * pause))
    }
    setTimeout(act, random.int(1, pause))
    return hub
  }

const breakNetwork = (world: World, peers: readonly Peer[]): void => {
  const { random, network } = world
  const soon = () => world.now + random.int(10, 15_000)
  const [one, other] = [random.pick(peers), random.pick(peers)]
  const left = peers.filter(() => random.chance(0.5))
  const right = peers.filter((peer) => !left.includes(peer))
  const fault = random.int(0, 6)
  if (fault <= 2) world.at(soon(), network.partition(left, right))
  else if (fault === 3) world.at(soon(), network.silence(one, other))
  else if (fault === 4) world.at(soon(), network.silenceOneWay(one, other))
  else if (fault === 5) network.reset(one, other)
  else {
    network.set({ jitter: random.int(0, 300), lossOfDials: random.pick([0, 0, 0.2]) })
    network.slow(one, random.pick([0, 0, 500, 5_000]))
  }
}

const breakProcess = (world: World, peer: Peer): void => {
  const { random } = world
  const chance = random()
  if (chance < 0.25) peer.sleep(random.int(10, 30_000))
  else if (chance < 0.5) void endWell(peer)
  else {
    peer.crash({ silent: random.chance(0.5) })
    world.at(world.now + random.int(10, 10_000), () => peer.restart())
  }
}

const endWell = async (peer: Peer): Promise<void> => {
  await peer.hub.close().catch(({ code }: HubError) => {
    if (code !== 'PEER_DOWN') throw new Error(`close() rejected: ${code}`)
  })
  peer.restart()
}
