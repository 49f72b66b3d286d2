import type { MemoryLink } from '@conn-hub/conformance'
import { createHub, type Hub } from '@conn-hub/core'
import type { Peer, Scenario, World } from '@conn-hub/simulation'
import { type Fleet, joinFleet } from '../../src/index.js'
import { type Fate, FaultyStore } from './faulty.js'

export const LEASE = 6_000
const LONGEST_SLEEP = 3 * LEASE
/** So long after all is well again the views are the union of the hubs. */
const MENDED = LEASE + 2_000
/** Faults, quiet, and until what was asleep has come back. */
const LONGEST_ROUND = 17_000 + 2 * LEASE + LONGEST_SLEEP + MENDED + LEASE
/** So long a change may take to be seen elsewhere: a batch, a poll, and the way. */
const LAG = 1_500
const MACHINES = 4
const CLIENTS = 8

interface Running {
  readonly hub: Hub<MemoryLink>
  readonly fleet: Fleet
  /** What a reader has put together of the changes. */
  readonly folded: Set<string>
}

/** Machines whose clients come and go, a store that fails in each way it can, and quiet; then all views must be the union of the hubs. */
export const turmoil: Scenario = async (world) => {
  const { random } = world
  const store = new FaultyStore(random)
  const running = new Map<string, Running>()
  const machines = Array.from({ length: MACHINES }, (_, at) =>
    machine(world, store, `m${at}`, running),
  )
  const clients = Array.from({ length: CLIENTS }, (_, at) => world.peer(`c${at}`))
  const awakeAt = new Map<Peer, number>()
  let isNoisy = true
  let isSettled = false
  let [union, since] = ['', 0]
  const isNew = () => {
    const now = unionOf(running)
    if (now !== union) [union, since] = [now, world.now]
    return world.now - since < LAG
  }
  world.always(() => !isSettled || isNew() || areEqual(running), 'what was equal stays equal')
  world.every(200, () => {
    const client = random.pick(clients)
    if (!isNoisy) return
    if (client.hub.size > 0 && random.chance(0.5)) return client.hub.reset().catch(() => {})
    return client.hub.connect(random.pick(machines).address).catch(() => {})
  })
  while (world.now < world.duration - LONGEST_ROUND) {
    isSettled = false
    isNoisy = true
    for (let left = random.int(1, 4); left > 0; left--) {
      await world.wait(random.int(10, 4_000))
      fault(world, store, machines, awakeAt)
    }
    await world.wait(random.int(10, 2 * LEASE))
    isNoisy = false
    // What the clients have begun is over by then.
    await world.wait(1_000)
    store.heal()
    for (const each of machines) if (!each.isUp) each.restart()
    const awake = Math.max(0, ...machines.map((each) => awakeAt.get(each) ?? 0))
    if (awake > world.now) await world.wait(awake - world.now)
    const promised = world.now + MENDED
    await world.eventually(() => areEqual(running), MENDED, 'all views are the union of the hubs')
    // They may be so by chance, before each has seen what it has missed.
    await world.wait(promised - world.now)
    isSettled = true
    await world.wait(LEASE)
  }
  isNoisy = false
  isSettled = false
}

const machine = (
  world: World,
  store: FaultyStore,
  name: string,
  running: Map<string, Running>,
): Peer =>
  world.peer(name, ({ transport, random }) => {
    const hub = createHub({ transport, onError: () => {} })
    const poll = random.chance(0.3) ? 'block' : 500
    const fleet = joinFleet(hub, {
      engine: store.engineOf(name),
      machine: name,
      lease: LEASE,
      poll,
    })
    fleet.on('error', ({ code }) => world.note(`${name} tells ${code}`))
    fleet.on('state', ({ state }) => world.note(`${name} is ${state}`))
    const folded = new Set<string>()
    running.set(name, { hub, fleet, folded })
    fold(fleet, folded)
    return hub
  })

const fold = async (fleet: Fleet, folded: Set<string>): Promise<void> => {
  for await (const { added, removed } of fleet.changes()) {
    for (const entry of removed) folded.delete(idOf(entry))
    for (const entry of added) folded.add(idOf(entry))
  }
}

const idOf = ({ incarnation, key }: { incarnation: string; key: string | undefined }) =>
  `${incarnation} ${key}`

const fault = (
  world: World,
  store: FaultyStore,
  machines: readonly Peer[],
  awakeAt: Map<Peer, number>,
): void => {
  const { random } = world
  const one = random.pick(machines)
  const fates: Fate[] = ['refused', 'silent', 'answers-lost']
  const faults: Record<string, () => void> = {
    'the store fails for all': () => {
      store.fate = random.pick(fates)
    },
    'the store fails for one': () => store.set(one.name, random.pick(fates)),
    'the store is slow': () => {
      store.latency = random.int(100, 1_500)
    },
    'the store is empty': () => store.empty(),
    'the store is dumped': () => store.dump(),
    'the store is restored': () => store.restore(),
    'the changes are trimmed': () => store.trim(),
    'a machine dies': () => one.crash({ silent: random.chance(0.5) }),
    'a machine dies and comes back': () => {
      one.crash()
      one.restart()
    },
    'a machine stands still': () => {
      const ms = random.int(100, LONGEST_SLEEP)
      if (world.now < (awakeAt.get(one) ?? 0)) return
      awakeAt.set(one, world.now + ms)
      one.sleep(ms)
    },
  }
  const name = random.pick(Object.keys(faults))
  world.note(name)
  faults[name]?.()
}

/** What all hubs have. */
const unionOf = (running: Map<string, Running>): string => {
  const all = [...running.values()].flatMap(({ hub, fleet }) =>
    [...hub.entries()]
      .filter(({ state }) => state === 'connected')
      .map(({ key }) => `${fleet.machine} ${key}`),
  )
  return [...new Set(all)].sort().join()
}

/** Each machine sees that, and so does each reader of its changes. */
const areEqual = (running: Map<string, Running>): boolean => {
  const all = [...running.values()]
  if (all.some(({ fleet }) => fleet.state !== 'joined')) return false
  const want = unionOf(running)
  return all.every(({ fleet, folded }) => {
    const has = [...fleet.entries()].map(({ machine, key }) => `${machine} ${key}`)
    const told = [...folded].map((id) => id.replace(/\/\S+/, ''))
    return has.sort().join() === want && told.sort().join() === want
  })
}
