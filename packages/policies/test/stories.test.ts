import { createHub, type Hub } from '@conn-hub/core'
import { createKeeper, type Kept } from '@conn-hub/keeper'
import { chanceOf, createFaultTransport, FaultSession, turns } from '@conn-hub/testkit'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  compose,
  createDrain,
  createExplainer,
  createProtection,
  gate,
  limitDials,
  limitInbound,
  limitSessions,
  onePerPeer,
  type Policy,
  prune,
} from '../src/index.js'

// Whatever is called inside whatever, in whatever order the policies stand, no limit is exceeded, all settles, and nothing is left.

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const ADDRESSES = ['fault:a', 'fault:b', 'fault:c', 'fault:anonymous', 'bad'] as const
const WAYS = ['at-once', 'at-once', 'later', 'throw', 'reject', 'refuse'] as const
const TYPES = ['*', 'change', 'session', 'session-closed', 'refused', 'error'] as const

const broken = new Error('broken by chance')

class Session extends FaultSession {
  onAny: () => void = () => {}
  probe: (() => Promise<void>) | undefined

  override close(reason?: string): void | Promise<void> {
    this.onAny()
    return super.close(reason)
  }

  traffic() {
    this.onAny()
    return { bytesIn: 1 }
  }
}

const createStory = (random: () => number) => {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const one = () => 1 + Math.floor(random() * 3)
  const inside = { calls: 0 }
  let isOver = false
  const react = () => {
    if (isOver || inside.calls <= 0 || random() > 0.3) return
    inside.calls--
    act()
  }
  const throws = () => {
    if (random() < 0.1) throw broken
  }
  const transport = createFaultTransport({ self: 'bb' })
  const protection = createProtection()
  const protect = {
    isProtected: (key: string) => {
      react()
      throws()
      return protection.isProtected(key)
    },
  }
  const answer = () => {
    react()
    throws()
    const given = pick([true, true, true, false, 'no'] as const)
    const way = random()
    if (way < 0.5) return given
    if (way < 0.6) return new Promise<boolean>(() => {})
    return new Promise<boolean | string>((resolve, reject) => {
      setTimeout(() => (random() < 0.1 ? reject(broken) : resolve(given)), random() * 3_000)
    })
  }
  const limits = {
    inbound: one(),
    outbound: one(),
    perKey: pick([one(), Number.POSITIVE_INFINITY]),
    parallel: one(),
    concurrent: one(),
  }
  const { inbound, outbound, perKey, parallel, concurrent } = limits
  const whenFull = pick(['refuse', 'prune'] as const)
  const pruning = whenFull === 'prune' ? { whenFull, protect } : { whenFull }
  const sessionLimit = limitSessions({ inbound, outbound, perKey, ...pruning })
  const dialLimit = limitDials({
    parallel,
    queue: pick([0, 1, 10]),
    queueTimeout: pick([10, 5_000]),
    priority: () => {
      react()
      throws()
      return pick([0, 1, -1, Number.POSITIVE_INFINITY, Number.NaN])
    },
  })
  const inboundLimit = limitInbound({
    by: ({ address }) => {
      react()
      throws()
      return address === 'fault:a' ? undefined : 'group'
    },
    concurrent,
    ...(random() < 0.5 ? { max: 5, per: 1_000 } : {}),
  })
  const onFailure = pick(['refuse', 'allow'] as const)
  const asks = gate({
    ...(random() < 0.6 ? { beforeDial: answer } : {}),
    ...(random() < 0.4 ? { beforeAccept: answer } : {}),
    beforeSession: answer,
    timeout: 2_000,
    onFailure,
    onError: react,
  })
  const drain = createDrain()
  const single = onePerPeer({ settle: 500 })
  const all = [inboundLimit, asks, sessionLimit, single, dialLimit, drain]
  const some = all.filter(() => random() < 0.75)
  const hasConflict = some.includes(sessionLimit) && perKey === 1
  const policies = ordered(
    some.filter((policy) => !hasConflict || policy !== single),
    random,
  )
  const onError = vi.fn(react)
  const hub: Hub<FaultSession> = createHub<FaultSession>({
    transport: compose(transport, ...policies),
    onError,
    dialTimeout: 4_000,
    closeTimeout: 1_000,
    holdTimeout: 20_000,
  })
  const pruned = prune(hub, { idle: 4_000, maxAge: 8_000, protect, random })
  const keeper = createKeeper(hub, { random, healthy: 2_000 })
  const kept: Kept[] = []
  const explainer = createExplainer(hub, [
    ...policies.filter(isExplaining),
    ...[pruned, protection, keeper],
  ])
  const wishes: Promise<unknown>[] = []
  const running = new Set<unknown>()
  /** Inbound ones that answered a dial of ours: nobody groups those. */
  const answered = new Set<FaultSession>()
  transport.onDial = (dial) => {
    running.add(dial)
    dial.ended(() => running.delete(dial))
    react()
    if (random() < 0.05) throw broken
  }
  const settle = (promise: Promise<unknown>) => void wishes.push(promise.catch(() => {}))
  const sessionOf = (direction: 'inbound' | 'outbound', key = pick(['a', 'b', 'c', undefined])) => {
    const session = new Session(direction, key)
    session.onClose = pick(WAYS)
    if (session.onClose !== 'at-once') session.onDestroy = 'at-once'
    session.onAny = react
    const answers = random()
    if (answers < 0.3) session.probe = () => Promise.resolve()
    else if (answers < 0.5) session.probe = () => new Promise(() => {})
    return session
  }
  const keyOf = (address: string) => (address === 'fault:anonymous' ? undefined : address.slice(6))
  const calls = [
    () => {
      const controller = new AbortController()
      settle(hub.connect(pick(ADDRESSES), { signal: controller.signal }))
      if (random() < 0.3) setTimeout(() => controller.abort(), random() * 3_000)
    },
    () => settle(hub.connect(pick(ADDRESSES))),
    () => {
      const address = pick(ADDRESSES.slice(0, 4))
      if (!transport.listening) return
      transport.inbound(address, sessionOf('inbound', random() < 0.8 ? keyOf(address) : undefined))
    },
    () => {
      const dial = pick(transport.dials.slice(-4))
      const direction = random() < 0.1 ? 'inbound' : 'outbound'
      if (!dial) return
      const session = sessionOf(direction, keyOf(dial.address))
      if (direction === 'inbound') answered.add(session)
      dial.succeed(session)
    },
    () => pick(transport.dials.slice(-4))?.fail(broken),
    () => pick(transport.sessions)?.end(),
    () => {
      const address = pick(ADDRESSES.slice(0, 4))
      const session = random() < 0.5 ? pick(hub.get(address)?.sessions ?? []) : undefined
      settle(hub.disconnect(address, session ? { session: session as never } : {}))
    },
    () => void (random() < 0.1 && settle(hub.reset())),
    () => void (random() < 0.05 && settle(drain.start(hub, { within: 3_000, protect }))),
    () => void (random() < 0.02 && settle(hub.close())),
    () => {
      const [address, other] = [pick(ADDRESSES), pick(ADDRESSES)]
      const byKey = { key: pick(['a', 'c']), addresses: [address, other] }
      if (!hub.closed) kept.push(keeper.keep(random() < 0.5 ? address : byKey))
    },
    () => pick(kept)?.release(),
    () => pick(kept)?.now(),
    () => (random() < 0.3 ? keeper.pause('by chance') : keeper.resume()),
    () => void explainer.explain(pick(ADDRESSES.slice(0, 4))),
    () => void setTimeout(protection.protect(pick(['a', 'c']), 'by chance'), random() * 5_000),
  ]
  const act = () => {
    if (!hub.closed || random() < 0.2) pick(calls)()
  }
  for (const type of TYPES) hub.on(type, react)
  keeper.on('change', react)
  const has = (policy: Policy) => policies.includes(policy)

  const expectNotExceeded = () => {
    const table = [...hub.entries()].flatMap(
      (entry): readonly FaultSession[] => [...entry.sessions] as never,
    )
    const of = (direction: string) => table.filter((each) => each.direction === direction).length
    if (has(sessionLimit)) {
      expect(of('inbound')).toBeLessThanOrEqual(inbound)
      expect(of('outbound')).toBeLessThanOrEqual(outbound)
      for (const key of ['a', 'b', 'c'])
        expect(table.filter((each) => each.key === key).length).toBeLessThanOrEqual(perKey)
    }
    if (has(dialLimit)) expect(running.size).toBeLessThanOrEqual(parallel)
    if (!has(inboundLimit)) return
    const grouped = [...hub.entries()]
      .filter(({ address }) => address !== 'fault:a')
      .flatMap((entry): readonly FaultSession[] => [...entry.sessions] as never)
    const theirs = grouped.filter((each) => each.direction === 'inbound' && !answered.has(each))
    expect(theirs.length).toBeLessThanOrEqual(concurrent)
  }
  /** A place is of a session that nobody is closing, of a dial, or of one that waits for another one to close. */
  const expectPlaces = () => {
    if (!has(sessionLimit) || hub.closed) return
    const table = [...hub.entries()].flatMap(
      (entry): readonly FaultSession[] => [...entry.sessions] as never,
    )
    const over = (['inbound', 'outbound'] as const).map((direction) => {
      const its = table.filter((each) => each.direction === direction)
      const staying = its.filter(({ reasons }) => reasons.length === 0).length
      const coming = sessionLimit[direction] - its.length
      return staying + coming - limits[direction]
    }) as [number, number]
    // Where a peer has too many, one that comes may wait for one of the other direction.
    const some = perKey === Number.POSITIVE_INFINITY ? Math.max(...over) : over[0] + over[1]
    expect(some, `${over}`).toBeLessThanOrEqual(0)
  }
  const failures: unknown[] = []
  hub.on('change', () => {
    try {
      expectNotExceeded()
    } catch (error) {
      failures.push(error)
    }
  })
  const end = () => {
    isOver = true
    pruned.close()
    explainer.close()
  }
  const expectKept = () => {
    for (const { state, nextAt } of kept) {
      if (state === 'waiting') expect(nextAt).toBeTypeOf('number')
      if (state === 'connected' || state === 'released') expect(nextAt).toBe(undefined)
    }
  }
  return {
    ...{ hub, transport, onError, wishes, failures, policies, sessionLimit, dialLimit },
    ...{ inside, act, end, expectNotExceeded, expectPlaces, expectKept, inboundLimit, limits },
    kept,
  }
}

const isExplaining = (policy: Policy): policy is Policy & { explain: () => [] } =>
  'explain' in policy

/** In an order that compose() takes; those that it does not take must throw. */
const ordered = (policies: Policy[], random: () => number): Policy[] => {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const order = policies
      .map((policy) => ({ policy, rank: random() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ policy }) => policy)
    const leaks = order.some((inner, i) =>
      order
        .slice(i + 1)
        .some((outer) => inner.outermost || (inner.needsTable && outer.delaysSessions)),
    )
    if (!leaks) return order
    const over = () => compose(createFaultTransport({ self: 'bb' }), ...order)
    expect(over).toThrow(expect.objectContaining({ code: 'POLICY_ORDER' }))
  }
  throw new Error('there is no order')
}

const play = async (random: () => number) => {
  const story = createStory(random)
  const { hub, transport, wishes, onError, sessionLimit, dialLimit } = story
  const { inside, act, expectNotExceeded, expectPlaces } = story
  for (let n = 0; n < 60; n++) {
    inside.calls = random() < 0.5 ? 6 : 0
    act()
    expectNotExceeded()
    expectPlaces()
    inside.calls = random() < 0.3 ? 3 : 0
    await vi.advanceTimersByTimeAsync(random() < 0.5 ? 0 : random() * 1_500)
    expectNotExceeded()
    expectPlaces()
    story.expectKept()
    if (dialLimit.waiting > 0) expect(dialLimit.running).toBe(story.limits.parallel)
  }
  story.end()
  for (const session of transport.sessions) session.onClose = 'at-once'
  void hub.close()
  await vi.advanceTimersByTimeAsync(120_000)
  await turns()
  expect(story.failures).toEqual([])
  expect(story.kept.every(({ state }) => state === 'released')).toBe(true)
  const left = transport.sessions.filter((session) => session.isOpen)
  expect(
    left.map(({ reasons, onClose, destroyCalls }) => ({ reasons, onClose, destroyCalls })),
  ).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
  const places = [sessionLimit.inbound, sessionLimit.outbound, dialLimit.running, dialLimit.waiting]
  expect([...places, story.inboundLimit.open('group')]).toEqual([0, 0, 0, 0, 0])
  let settled = 0
  for (const wish of wishes) void wish.then(() => settled++)
  await turns()
  expect(settled).toBe(wishes.length)
  const foreign = onError.mock.calls.map(([error]: unknown[]) => error)
  expect(
    foreign.filter((error) => error instanceof TypeError || error instanceof RangeError),
  ).toEqual([])
}

it('whatever is called inside whatever, no limit is exceeded, all settles, and nothing is left', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const from = Number(process.env.STORY_FROM ?? 1)
  const seeds = Number(process.env.STORY_SEEDS ?? 100)
  for (let seed = from; seed < from + seeds; seed++) {
    await play(chanceOf(seed)).catch((error) => {
      throw new Error(`seed ${seed}: ${error.message}`, { cause: error })
    })
  }
}, 600_000)
