import { createHub, type Hub } from '@conn-hub/core'
import { createKeeper, type Kept } from '@conn-hub/keeper'
import { explore, type Peer, type Scenario, type World } from '@conn-hub/simulation'
import { expect, it } from 'vitest'
import {
  compose,
  createExplainer,
  createProtection,
  type Explainer,
  limitSessions,
  onePerPeer,
} from '../src/index.js'

// Several keepers, and fewer places than intents.

/** By hand: TURNS_SEEDS=300 */
const SEEDS = Number(process.env.TURNS_SEEDS ?? 6)
const FROM = Number(process.env.FROM ?? 0)
const DURATION = 600_000
/** A dial that comes while the last place changes hands is refused, and waits again: by chance also several times. */
const WITHOUT = 180_000

const FRIEND = 's0'

interface Client {
  readonly peer: Peer
  readonly outbound: number
  readonly kept: Kept[]
  readonly explainer: Explainer
  /** When each address began to be dialed, in ms since the world began. */
  readonly dials: Map<string, number[]>
  /** How sessions ended: `address initiator, reason`. */
  readonly ends: string[]
  /** Since when each intent is without a link. */
  readonly without: Map<Kept, number>
}

const isOpen = ({ state }: Kept) => state === 'connected'

/** A hub with two keepers that together want all servers, some of them twice, some by key. */
const clientOf = (world: World, name: string, servers: readonly string[], whenFull: WhenFull) => {
  const { random } = world
  const outbound = random.int(2, servers.length - 1)
  const both = random.chance(0.5)
  let client: Client | undefined
  const peer = world.peer(name, ({ transport, random: chance }) => {
    const protect = createProtection()
    protect.protect(FRIEND, 'a friend')
    const pruning = whenFull === 'prune' ? { whenFull, protect } : {}
    const sessions = limitSessions({ outbound, ...pruning })
    const policies = both ? [sessions, onePerPeer()] : [sessions]
    const hub: Hub<unknown> = createHub({ transport: compose(transport, ...policies) as never })
    const keepers = [1, 2].map(() => createKeeper(hub, { random: chance }))
    const wanted = servers.map((server, i) => {
      const address = `mem:${server}`
      const what = chance.chance(0.5) ? address : { key: server, addresses: [address] }
      return keepers[i % 2]?.keep(what) as Kept
    })
    if (chance.chance(0.3)) wanted.push(keepers[0]?.keep('mem:s1') as Kept)
    const explainer = createExplainer(hub, [sessions, protect, ...keepers])
    client = { peer: undefined as never, outbound, kept: wanted, explainer, ...listen(world, hub) }
    for (const keeper of keepers) {
      keeper.on('change', (kept) => {
        const { without } = client as Client
        if (isOpen(kept)) without.delete(kept)
        else if (!without.has(kept)) without.set(kept, world.now)
      })
    }
    return hub as never
  })
  return { ...(client as unknown as Client), peer }
}

type WhenFull = 'refuse' | 'prune'

const listen = (world: World, hub: Hub<unknown>) => {
  const dials = new Map<string, number[]>()
  const ends: string[] = []
  hub.on('connecting', ({ address }) => {
    dials.set(address, [...(dials.get(address) ?? []), world.now])
  })
  hub.on('session-closed', ({ address, initiator, reason }) => {
    ends.push(`${address} ${initiator}, ${reason}`)
  })
  return { dials, ends, without: new Map<Kept, number>() }
}

const countOf = (peer: Peer, direction: string) =>
  peer.hub.snapshot().flatMap(({ sessions }) => sessions.filter((s) => s.direction === direction))
    .length

const played = { refuse: 0, prune: 0, ends: 0 }

const turns: Scenario = async (world) => {
  const { random, network } = world
  network.set({ latency: random.int(1, 100), jitter: random.int(0, 50) })
  const whenFull = random.pick(['refuse', 'prune'] as const)
  const names = Array.from({ length: random.int(4, 6) }, (_, i) => `s${i}`)
  const inbound = random.int(1, 2)
  const servers = names.map((name) =>
    world.peer(name, ({ transport }) =>
      // Whoever is protected at one end must not be closed by the other one.
      createHub({
        transport: compose(
          transport,
          limitSessions({ inbound: name === FRIEND ? 2 : inbound, whenFull }),
        ),
      }),
    ),
  )
  const clients = ['c0', 'c1'].map((name) => clientOf(world, name, names, whenFull))
  world.always(
    () =>
      clients.every(({ peer, outbound }) => countOf(peer, 'outbound') <= outbound) &&
      servers.every((peer) => countOf(peer, 'inbound') <= 2),
    'no limit is exceeded',
  )
  world.always(
    () =>
      whenFull === 'refuse' ||
      clients.every(({ without }) => [...without.values()].every((at) => world.now - at < WITHOUT)),
    'where sessions are pruned everybody has a turn',
  )
  await world.wait(DURATION - 1_000)
  for (const client of clients) judge(client, whenFull)
  played[whenFull]++
  played.ends += clients.reduce((sum, { ends }) => sum + ends.length, 0)
}

const judge = ({ kept, dials, ends, explainer, peer, outbound }: Client, whenFull: WhenFull) => {
  const friend = `mem:${FRIEND}`
  // A server that refuses does so after its session has opened here.
  const mayGo = (end: string) =>
    whenFull === 'prune' ? !end.startsWith(`${friend} `) : end.endsWith(' remote, limit')
  const gone = ends.filter((end) => !mayGo(end))
  expect(gone, 'nobody goes who is protected, or whom nobody may close').toEqual([])
  for (const [address, at] of dials) {
    const wishes = kept.filter(({ addresses }) => addresses.includes(address)).length
    expect(at.length / wishes, `dials of ${address}`).toBeLessThan(300 * (DURATION / 3_600_000) + 5)
  }
  if (whenFull === 'refuse') expect(countOf(peer, 'outbound')).toBeGreaterThan(0)
  for (const { state, addresses, attempts, nextAt } of kept) {
    if (state !== 'waiting') continue
    const said = explainer.explain(addresses[0] ?? '').map(({ by, text }) => `${by}: ${text}`)
    const own = said.find((each) => /^keeper: next attempt at/.test(each)) ?? ''
    expect(nextAt).toBeTypeOf('number')
    expect(attempts > 0 ? own : 'keeper: limit', `${said} ${outbound}`).toMatch(
      /limit|outbound|closed/,
    )
  }
}

it('keepers that want more than there is room for take turns, or wait, as the limit says', {
  timeout: 3_600_000,
}, async () => {
  await explore({ seeds: SEEDS, from: FROM, duration: DURATION, print: () => {} }, turns)
  // Else it would say nothing.
  expect(Math.min(played.refuse, played.prune)).toBeGreaterThan(0)
  expect(played.ends).toBeGreaterThan(SEEDS * 10)
})

it('two that have one place between them have half of the time each', {
  timeout: 600_000,
}, async () => {
  const shares: number[] = []
  const scenario: Scenario = async (world) => {
    let [since, total] = [0, 0]
    for (const name of ['s0', 's1']) world.peer(name)
    world.peer('client', ({ transport, random }) => {
      const one = limitSessions({ outbound: 1, whenFull: 'prune' })
      const hub = createHub({ transport: compose(transport, one) })
      hub.on('session', ({ address }) => {
        since = address === 'mem:s0' ? world.now : since
      })
      hub.on('session-closed', ({ address }) => {
        total += address === 'mem:s0' ? world.now - since : 0
      })
      const keeper = createKeeper(hub, { random })
      for (const address of ['mem:s0', 'mem:s1']) keeper.keep(address)
      return hub
    })
    await world.wait(DURATION * 6 - 1_000)
    shares.push(total / world.now)
  }
  await explore({ seeds: 3, duration: DURATION * 6, print: () => {} }, scenario)
  for (const share of shares) {
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.6)
  }
})
