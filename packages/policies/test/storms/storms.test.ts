import { explore, type Scenario } from '@conn-hub/simulation'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { faultOf, wordsOf } from './checks.js'
import { type Running, stormyPeer } from './peer.js'

/** By hand: STORMS_FROM=1000 STORMS=1000 */
const SEEDS = Number(process.env.STORMS ?? 12)
const FROM = Number(process.env.STORMS_FROM ?? 0)
const DURATION = 40_000

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))
afterEach(() => void vi.restoreAllMocks())

/** Peers with everything on them do anything, also inside of whatever they hear, while the network and they themselves fail. */
const storm: Scenario = (world) => {
  const { random, network } = world
  network.set({
    latency: random.int(1, 200),
    jitter: random.int(0, 200),
    lossOfDials: random.pick([0, 0, 0.2]),
  })
  const names = ['p0', 'p1', 'p2', 'p3']
  const all = names.map((name) => stormyPeer(world, name, names))
  const holds = (look: (running: Running) => string | undefined) =>
    all.every(({ peer, running }) => {
      const fault = peer.isUp ? running.look(look) : undefined
      if (fault !== undefined) world.note(`${peer.name}: ${fault}`)
      return fault === undefined
    })
  // To look takes longer than a step itself.
  let steps = 0
  world.always(() => ++steps % 4 > 0 || holds(faultOf), 'limits and intents are what they say')
  world.always(() => steps % 32 > 0 || holds(wordsOf), 'what is said is so')
  world.every(9_000, () => {
    const left = all.filter(() => random.chance(0.5)).map(({ peer }) => peer)
    const others = all.map(({ peer }) => peer).filter((peer) => !left.includes(peer))
    world.at(world.now + random.int(100, 5_000), network.partition(left, others))
  })
  world.every(7_000, () => {
    const { peer } = random.pick(all)
    if (random.chance(0.3)) return peer.sleep(random.int(10, 30_000))
    peer.crash({ silent: random.chance(0.5) })
    world.at(world.now + random.int(100, 5_000), () => peer.restart())
  })
  const settled = () =>
    world.now < DURATION + 55_000
      ? false
      : all.every(({ peer, running }) => !peer.isUp || running.pending.size === 0)
  void world.eventually(settled, DURATION + 58_000, 'every call has settled')
}

it('whatever is done and whatever fails, what limits, intents and explanations say is so, and nothing is left', {
  timeout: 7_200_000,
}, async () => {
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  await explore({ seeds: SEEDS, from: FROM, duration: DURATION, print }, storm).catch((error) => {
    console.log(lines.join('\n'))
    throw error
  })
  expect(SEEDS).toBeGreaterThan(0)
})
