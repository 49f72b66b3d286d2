import { createHub } from '@conn-hub/core'
import { createKeeper } from '@conn-hub/keeper'
import { explore, type Peer, type Scenario, type World } from '@conn-hub/simulation'
import { expect, it } from 'vitest'
import { compose, limitSessions, onePerPeer, type Policy } from '../src/index.js'

/** By hand: DUEL_SEEDS=20000 */
const SEEDS = Number(process.env.DUEL_SEEDS ?? 300)

/** How many links a peer sees, and which. */
const linksOf = (peer: Peer): number[] =>
  peer.hub.snapshot().flatMap(({ sessions }) => sessions.map(({ handle }) => handle.number))

/** A peer that keeps one link. */
const start = (world: World, name: string, ...inside: readonly Policy[]) =>
  world.peer(name, ({ transport }) =>
    createHub({
      transport: compose(transport, ...inside, onePerPeer({ settle: 2_000 })),
      onError: () => {},
    }),
  )

interface Tally {
  worked: number
  both: number
}

/** Two peers dial each other at nearly the same moment, over a network that is slow or loses dials; some dial twice. */
const duel =
  (tally: Tally, inside: () => Policy[]): Scenario =>
  async (world) => {
    const { random, network } = world
    network.set({
      latency: random.int(1, 200),
      jitter: random.int(0, 200),
      lossOfDials: random.pick([0, 0, 0.3]),
    })
    const [anna, ben] = [start(world, 'anna', ...inside()), start(world, 'ben', ...inside())]
    let most = 0
    const had = new Set<Peer>()
    for (const peer of [anna, ben]) {
      peer.hub.on('session', () => {
        had.add(peer)
        most = Math.max(most, linksOf(peer).length)
      })
    }
    world.always(
      () => [...had].every((peer) => linksOf(peer).length > 0),
      'whoever had a link has one',
    )
    const dial = (from: Peer, to: Peer) =>
      from.hub.connect(to.address, { timeout: 5_000 }).catch(() => {})
    world.at(random.int(0, 300), () => dial(anna, ben))
    world.at(random.int(0, 300), () => dial(ben, anna))
    await world.wait(25_000)
    await world.eventually(() => {
      const [one, other] = [linksOf(anna), linksOf(ben)]
      return had.size === 0 ? one.length === 0 : one.length === 1 && `${one}` === `${other}`
    }, 1_000)
    if (had.size > 0) tally.worked++
    if (most > 1) tally.both++
  }

it.each<[string, number, () => Policy[]]>([
  ['alone', SEEDS, () => []],
  ['beside two links for each key', SEEDS / 3, () => [limitSessions({ perKey: 2 })]],
])(
  'two peers that dial each other at once end with one link, and are never without: %s',
  { timeout: 3_600_000 },
  async (_, some, inside) => {
    const seeds = Math.ceil(some)
    const tally = { worked: 0, both: 0 }
    const options = { seeds, duration: 30_000, quiet: 1_000, print: () => {} }
    await explore(options, duel(tally, inside))
    // Else it would say nothing.
    expect(tally.worked).toBeGreaterThan(seeds * 0.9)
    expect(tally.both).toBeGreaterThan(seeds * 0.2)
    console.log(`${tally.worked} of ${seeds} with a link, ${tally.both} with two at first`)
  },
)

it('where one of two alone runs it, two links may stay, and never none', {
  timeout: 600_000,
}, async () => {
  const counts = new Set<number>()
  const scenario: Scenario = async (world) => {
    const { random } = world
    world.network.set({ latency: random.int(1, 200), jitter: random.int(0, 200) })
    const plain = random.pick(['anna', 'ben'])
    const peers = ['anna', 'ben'].map((name) =>
      name === plain ? world.peer(name) : start(world, name),
    )
    const had = new Set<Peer>()
    for (const peer of peers) peer.hub.on('session', () => had.add(peer))
    world.always(
      () => [...had].every((peer) => linksOf(peer).length > 0),
      'whoever had a link has one',
    )
    for (const [i, peer] of peers.entries()) {
      const other = peers[1 - i] as Peer
      world.at(random.int(0, 300), () => void peer.hub.connect(other.address).catch(() => {}))
    }
    await world.wait(25_000)
    for (const peer of peers) counts.add(linksOf(peer).length)
  }
  const seeds = Math.ceil(SEEDS / 5)
  await explore({ seeds, duration: 30_000, quiet: 1_000, print: () => {} }, scenario)
  expect([...counts].sort()).toEqual([1, 2])
})

it('two that keep each other open two links at most, and nothing flaps', {
  timeout: 600_000,
}, async () => {
  const most: number[] = []
  const scenario: Scenario = async (world) => {
    world.network.set({ latency: world.random.int(1, 200), jitter: world.random.int(0, 200) })
    let opened = 0
    const peer = (name: string, other: string) =>
      world.peer(name, ({ transport, random }) => {
        const hub = createHub({ transport: compose(transport, onePerPeer({ settle: 2_000 })) })
        hub.on('session', () => opened++)
        createKeeper(hub, { random }).keep({
          key: other,
          addresses: [`mem:${other}`],
        })
        return hub
      })
    const [anna, ben] = [peer('anna', 'ben'), peer('ben', 'anna')]
    await world.wait(55_000)
    await world.eventually(() => linksOf(anna).length === 1 && linksOf(ben).length === 1, 1_000)
    most.push(opened)
  }
  const seeds = Math.ceil(SEEDS / 5)
  await explore({ seeds, duration: 60_000, quiet: 1_000, print: () => {} }, scenario)
  // Two ends for each link.
  expect(Math.min(...most)).toBeGreaterThanOrEqual(2)
  expect(Math.max(...most)).toBeLessThanOrEqual(4)
})
