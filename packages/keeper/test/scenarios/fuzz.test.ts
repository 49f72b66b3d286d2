import { explore, type Peer, type Scenario } from '@conn-hub/simulation'
import { expect, it } from 'vitest'
import type { Kept } from '../../src/index.js'
import { keepingPeer } from './worlds.js'

const DURATION = 180_000
const QUIET = 180_000

const isWaiting = ({ state, nextAt }: Kept, now: number): boolean =>
  state === 'waiting' && nextAt !== undefined && nextAt > now - 1_000

/** Servers and clients that crash, sleep, part and leave each other, and intents of every kind. */
const scenario: Scenario = (world) => {
  const { random, network } = world
  const servers = ['s0', 's1', 's2'].map((name) => world.peer(name))
  const clients = ['c0', 'c1', 'c2'].map((name, n) =>
    keepingPeer(world, {
      name,
      keep: [
        'mem:s0',
        { key: 's1', addresses: ['mem:s1', 'mem:nobody'] },
        ...(n > 0 ? ['mem:s2', `mem:c${n - 1}`] : ['mem:nobody']),
      ],
      liveness: { onSilent: 'disconnect' },
    }),
  )
  const awake = () => clients.filter(({ peer }) => peer.isUp)
  const begun = Date.now() - world.now
  // An address that somebody has left by hand stays paused, until somebody dials it.
  world.always(
    () =>
      awake().every(({ kept }) =>
        kept.every(({ state, nextAt }) => (state === 'connected' ? nextAt === undefined : true)),
      ),
    'what is connected waits for nothing',
  )
  world.always(
    () =>
      awake().every(({ peer, kept }) =>
        kept.every(({ state, key, addresses: [address = ''] }) => {
          if (peer.hub.closed) return state === 'released'
          const entries = key === undefined ? [peer.hub.get(address)] : peer.hub.byKey(key)
          return (state === 'connected') === entries.some((entry) => entry?.sessions.length)
        }),
      ),
    'an intent shows what the hub shows',
  )
  const awakeAt = new Map<Peer, number>()
  const act = () => {
    const { peer, keeper, kept } = random.pick(clients)
    // What is asked of one that sleeps happens when it wakes, which may be at the end.
    if (!peer.isUp || world.now < (awakeAt.get(peer) ?? 0)) return
    const address = random.pick(['mem:s0', 'mem:s1', 'mem:s2'])
    // To close may take its time: what pauses must have ended before the end.
    const pausing = world.now < DURATION - 10_000 ? ['disconnect'] : []
    const reason = random.pick([...pausing, 'idle', 'duplicate', 'limit'])
    const calls = [
      () => peer.hub.disconnect(address, { reason }),
      () => peer.hub.connect(address),
      () => peer.hub.reset(),
      () => peer.run(() => random.pick(kept).now()),
      () => peer.run(() => keeper.pause('by chance')),
      () => peer.run(() => keeper.resume()),
    ]
    Promise.resolve(random.pick(calls)()).catch(() => {})
  }
  world.every(1_500, act)
  world.every(7_000, () => {
    const all = [...servers, ...clients.map(({ peer }) => peer)]
    const left = all.filter(() => random.chance(0.5))
    world.at(
      world.now + random.int(100, 15_000),
      network.partition(
        left,
        all.filter((p) => !left.includes(p)),
      ),
    )
  })
  world.every(11_000, () => {
    const peer = random.pick([...servers, ...clients.map((client) => client.peer)])
    if (random.chance(0.3)) {
      const ms = random.int(10, 30_000)
      awakeAt.set(peer, Math.max(awakeAt.get(peer) ?? 0, world.now + ms + 100))
      return peer.sleep(ms)
    }
    peer.crash({ silent: random.chance(0.5) })
    world.at(world.now + random.int(100, 10_000), () => peer.restart())
  })
  // A course that is cut short to find what fails comes to no such end, and is not judged.
  let hasEnded = false
  world.at(DURATION - 1, () => {
    hasEnded = true
    for (const { peer, keeper, kept } of clients) {
      if (!peer.isUp) peer.restart()
      else
        peer.run(() => {
          keeper.resume()
          for (const each of kept) if (each.state === 'paused') each.now()
        })
    }
    for (const server of servers) if (!server.isUp) server.restart()
  })
  const settled = () =>
    world.now > DURATION + QUIET - 10_000 &&
    (!hasEnded ||
      clients.every(({ kept }) =>
        kept.every((each) => {
          if (!each.addresses.includes('mem:nobody') || each.key) return each.state === 'connected'
          return isWaiting(each, begun + world.now) || each.state === 'connecting'
        }),
      ))
  const say = () => clients.map(({ kept }) => JSON.stringify(kept)).join('\n')
  const noted = () => {
    if (world.now < DURATION + QUIET - 2_000) return false
    world.note(say())
    return true
  }
  void world.eventually(noted, DURATION + QUIET - 1_500)
  void world.eventually(
    settled,
    DURATION + QUIET - 1_000,
    'after quiet all are open, or wait for their next dial',
  )
}

it('whatever happens, after quiet each intent is open, or waits for a dial', {
  timeout: 3_600_000,
}, async () => {
  const from = Number(process.env.KEEPER_FROM ?? 0)
  const seeds = Number(process.env.KEEPER_SEEDS ?? 8)
  const lines: string[] = []
  const options = {
    from,
    seeds,
    duration: DURATION,
    quiet: QUIET,
    print: (line: string) => lines.push(line),
  }
  await explore(options, scenario).catch((error) => {
    console.log(lines.join('\n'))
    throw error
  })
  expect(seeds).toBeGreaterThan(0)
})
