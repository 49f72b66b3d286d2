import { createHub, type Hub } from '@conn-hub/core'
import { explore, type Scenario } from '@conn-hub/simulation'
import { expect, it } from 'vitest'
import {
  compose,
  createDrain,
  createExplainer,
  gate,
  limitDials,
  limitInbound,
  limitSessions,
  onePerPeer,
  prune,
} from '../src/index.js'

/** By hand: TURMOIL_SEEDS=1000 */
const SEEDS = Number(process.env.TURMOIL_SEEDS ?? 12)

const LIMITS = { inbound: 4, outbound: 3, parallel: 2 }
/** The watch takes a session for an orphan that is in no entry for longer: in a gate for 3 s, and refused for 5 s more. */
const CLOSE = 12_000
const tally = { refused: 0, hubs: 0 }

/** Eight peers with everything round their transport; some keep what they lost, some drain, and the network fails. */
const turmoil: Scenario = (world) => {
  const { random, network } = world
  const names = Array.from({ length: 8 }, (_, i) => `p${i}`)
  const hubs = new Set<Hub<unknown>>()
  const peers = names.map((name) =>
    world.peer(
      name,
      ({ transport, random: chance }) => {
        const wait = <T>(value: T) =>
          new Promise<T>((resolve) => setTimeout(resolve, chance.int(0, 5_000), value))
        const drain = createDrain()
        const sessions = limitSessions({
          inbound: LIMITS.inbound,
          outbound: LIMITS.outbound,
          perKey: 2,
          whenFull: chance.pick(['refuse', 'prune'] as const),
        })
        const dials = limitDials({ parallel: LIMITS.parallel, queue: 3, queueTimeout: 8_000 })
        const hub = createHub({
          transport: compose(
            transport,
            limitInbound({ by: ({ address }) => address, max: 20, per: 10_000, concurrent: 3 }),
            gate({
              beforeDial: () => (chance.chance(0.1) ? wait(true) : true),
              beforeSession: () => (chance.chance(0.2) ? wait(chance.chance(0.8)) : true),
              timeout: 3_000,
            }),
            sessions,
            onePerPeer({ settle: 1_000 }),
            dials,
            drain,
          ),
          closeTimeout: CLOSE,
          onError: () => {},
        })
        prune(hub, { idle: 60_000, maxAge: 120_000, random: () => chance.int(0, 99) / 100 })
        const explainer = createExplainer(hub, [sessions, dials, drain])
        hub.on('refused', ({ address = '' }) => {
          tally.refused++
          explainer.explain(address)
        })
        // Whoever hears of an end dials again, inside the delivery.
        hub.on('disconnected', ({ address }) => {
          if (!hub.closed && chance.chance(0.5)) hub.connect(address).catch(() => {})
        })
        hubs.add(hub)
        tally.hubs++
        if (chance.chance(0.2)) {
          const timer = setTimeout(
            () => drain.start(hub, { within: 5_000 }).then(() => hub.close()),
            chance.int(20_000, 100_000),
          )
          hub.on('close', () => clearTimeout(timer))
        }
        return hub
      },
      { closeTimeout: CLOSE },
    ),
  )
  world.always(() => {
    for (const peer of peers) {
      if (!peer.isUp) continue
      let [inbound, outbound] = [0, 0]
      for (const { sessions } of peer.hub.snapshot()) {
        for (const { direction } of sessions) direction === 'inbound' ? inbound++ : outbound++
      }
      if (inbound > LIMITS.inbound || outbound > LIMITS.outbound) return false
    }
    return true
  }, 'no limit is exceeded')
  const soon = () => world.now + random.int(100, 10_000)
  world.every(400, () => {
    const [one, other] = [random.pick(peers), random.pick(peers)]
    if (!one.isUp || one === other || one.hub.closed) return
    const call = random.chance(0.7) ? one.hub.connect : one.hub.disconnect
    call(other.address).catch(() => {})
  })
  world.every(7_000, () => {
    const left = peers.filter(() => random.chance(0.5))
    world.at(
      soon(),
      network.partition(
        left,
        peers.filter((peer) => !left.includes(peer)),
      ),
    )
  })
  world.every(9_000, () => {
    const peer = random.pick(peers)
    if (random.chance(0.3)) return peer.sleep(random.int(10, 30_000))
    peer.crash({ silent: random.chance(0.5) })
    world.at(soon(), () => peer.restart())
  })
}

it('a network of hubs with all policies keeps every promise, whatever fails', {
  timeout: 3_600_000,
}, async () => {
  await explore({ seeds: SEEDS, from: Number(process.env.FROM ?? 0), duration: 150_000 }, turmoil)
  expect(tally.refused).toBeGreaterThan(SEEDS * 10)
})
