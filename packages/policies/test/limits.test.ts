import { createHub, decorate } from '@conn-hub/core'
import { createFaultTransport, type FaultDial, FaultSession, turns } from '@conn-hub/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compose,
  gate,
  limitDials,
  limitInbound,
  limitSessions,
  type Policy,
} from '../src/index.js'

/** By hand: LIMIT_RUNS=1000 */
const RUNS = Number(process.env.LIMIT_RUNS ?? 100)

const STEPS = [
  'connect',
  'connect',
  'inbound',
  'inbound',
  'inbound',
  'succeed',
  'succeed',
  'succeed',
  'fail',
  'answer',
  'answer',
  'answer',
  'answer',
  'end',
  'disconnect',
  'disconnect one',
  'stick',
  'reset',
] as const

interface Step {
  readonly what: (typeof STEPS)[number]
  /** Which address, dial, session or question. */
  readonly which: number
  /** Whether promises run after it. */
  readonly waits: boolean
}

type Limits = Record<'inbound' | 'outbound' | 'perKey' | 'parallel' | 'concurrent', number>

const anyLimits: fc.Arbitrary<Limits> = fc.record({
  inbound: fc.integer({ min: 1, max: 3 }),
  outbound: fc.integer({ min: 1, max: 3 }),
  perKey: fc.integer({ min: 1, max: 2 }),
  parallel: fc.integer({ min: 1, max: 3 }),
  concurrent: fc.integer({ min: 1, max: 4 }),
})

const GROUPS = ['0', '1']
/** Addresses name nobody: so sessions may prove any key. */
const addressOf = (which: number) => `fault:anonymous${which % 8}`
const keyOf = (which: number) => `k${which % 3}`
const groupOf = (address: string) => String(Number(address.at(-1)) % 2)

/** A hub with the whole stack, and all that happens to it. */
const createWorld = (limits: Limits, whenFull: 'refuse' | 'prune') => {
  const { inbound: most, outbound, perKey, parallel, concurrent } = limits
  const questions: ((answer: boolean) => void)[] = []
  const inGate = new Set<unknown>()
  const sessions = limitSessions({ inbound: most, outbound, perKey, whenFull })
  const dials = limitDials({ parallel })
  const inbound = limitInbound({
    by: ({ address }) => groupOf(address),
    concurrent,
  })
  const beforeSession = ({ session }: { readonly session: unknown }) => {
    inGate.add(session)
    return new Promise<boolean>((resolve) => questions.push(resolve)).then((answer) => {
      inGate.delete(session)
      return answer
    })
  }
  /** What has passed limitDials. */
  const passed = new Set<unknown>()
  const spy: Policy = {
    name: 'spy',
    wrap: (transport) =>
      decorate(transport, {
        dial: (address, attempt, inner) => {
          passed.add(attempt)
          attempt.ended(() => passed.delete(attempt))
          return inner(address, attempt)
        },
      }),
  }
  const asks = gate({ beforeSession, timeout: 1e9 })
  const policies: Policy[] = [inbound, asks, sessions, spy, dials]
  const transport = createFaultTransport()
  const hub = createHub({ transport: compose(transport, ...policies), onError: () => {} })
  const running = new Set<FaultDial>()
  transport.onDial = (dial) => {
    running.add(dial)
    dial.ended(() => running.delete(dial))
  }
  return { limits, hub, transport, questions, inGate, running, passed, sessions, dials, inbound }
}

type World = ReturnType<typeof createWorld>

const inTable = ({ hub }: World) => [...hub.entries()].flatMap(({ sessions }) => [...sessions])

/** At any moment, also inside a delivery. */
const expectNotExceeded = (world: World) => {
  const table = inTable(world) as FaultSession[]
  const of = (direction: string) => table.filter((each) => each.direction === direction).length
  const byKey = [0, 1, 2].map((i) => table.filter(({ key }) => key === keyOf(i)))
  expect(of('inbound')).toBeLessThanOrEqual(world.limits.inbound)
  expect(of('outbound') + world.running.size).toBeLessThanOrEqual(world.limits.outbound)
  expect(world.running.size).toBeLessThanOrEqual(world.limits.parallel)
  for (const some of byKey) expect(some.length).toBeLessThanOrEqual(world.limits.perKey)
}

/** Once promises have run: each limit is a walk of the table, and what that cannot show. */
const expectEqual = (world: World) => {
  const { transport, inGate, passed, sessions, dials, inbound } = world
  const table = new Set<unknown>(inTable(world))
  const open = transport.sessions.filter(({ isOpen }) => isOpen)
  // Whoever was turned away has been asked to close, and may be slow about it.
  const waiting = open.filter(
    (each) => !table.has(each) && !inGate.has(each) && each.reasons.length === 0,
  )
  const of = (all: Iterable<unknown>, direction: string) =>
    [...all].filter((each) => (each as FaultSession).direction === direction).length
  expect(sessions.inbound).toBe(of(table, 'inbound') + of(waiting, 'inbound'))
  // A session that waits has the place of its dial.
  expect(sessions.outbound).toBe(of(table, 'outbound') + passed.size)
  expect(dials.running).toBe(passed.size)
  for (const group of GROUPS) {
    const its = open.filter(
      (each) =>
        each.direction === 'inbound' && addresses.get(each) === group && !turnedAway.has(each),
    )
    expect(inbound.open(group)).toBe(its.length)
    expect(its.length).toBeLessThanOrEqual(world.limits.concurrent)
  }
}

/** The group of each inbound session. */
const addresses = new WeakMap<FaultSession, string>()
/** Those that limitInbound itself has turned away. */
const turnedAway = new WeakSet<FaultSession>()

const play = (world: World, { what, which }: Step) => {
  const { hub, transport, questions, running } = world
  const address = addressOf(which)
  const open = inTable(world) as FaultSession[]
  const session = open[which % Math.max(1, open.length)]
  const dial = [...running][which % Math.max(1, running.size)]
  switch (what) {
    case 'connect':
      return void hub.connect(address).catch(() => {})
    case 'inbound': {
      const next = new FaultSession('inbound', keyOf(which))
      addresses.set(next, groupOf(address))
      const before = world.inbound.open(groupOf(address))
      if (before >= world.limits.concurrent) turnedAway.add(next)
      return void transport.inbound(address, next)
    }
    case 'succeed':
      return void dial?.succeed(new FaultSession('outbound', keyOf(which >> 3)))
    case 'fail':
      return dial?.fail()
    case 'answer':
      return questions.splice(which % Math.max(1, questions.length), 1)[0]?.(which % 8 > 0)
    case 'end':
      return session?.end()
    case 'disconnect':
      return void hub.disconnect(address).catch(() => {})
    case 'disconnect one': {
      const entry = hub.get(address)
      if (session)
        hub.disconnect(entry?.address ?? address, { session: session as never }).catch(() => {})
      return
    }
    case 'stick':
      if (session) session.onClose = STICKY[which % 3] ?? 'later'
      return
    case 'reset':
      if (which % 5 === 0) hub.reset().catch(() => {})
  }
}

const STICKY = ['later', 'reject', 'refuse'] as const

const anyStep = fc.record({
  what: fc.constantFrom(...STEPS),
  which: fc.nat({ max: 63 }),
  waits: fc.boolean(),
})

const run = async (limits: Limits, whenFull: 'refuse' | 'prune', steps: readonly Step[]) => {
  const world = createWorld(limits, whenFull)
  const broken: unknown[] = []
  world.hub.on('change', () => {
    try {
      expectNotExceeded(world)
    } catch (error) {
      broken.push(error)
    }
  })
  for (const step of steps) {
    play(world, step)
    expectNotExceeded(world)
    if (!step.waits) continue
    await turns()
    expectEqual(world)
  }
  await turns()
  expectEqual(world)
  for (const session of world.transport.sessions) session.onClose = 'at-once'
  const closing = world.hub.close()
  for (const answer of world.questions) answer(true)
  await turns()
  for (const session of world.transport.sessions) if (session.isOpen) session.end()
  await closing
  await turns()
  expect(broken).toEqual([])
  const { sessions, dials, inbound } = world
  const left = [sessions.inbound, sessions.outbound, dials.running, dials.waiting]
  expect([...left, ...GROUPS.map((group) => inbound.open(group))]).toEqual([0, 0, 0, 0, 0, 0])
}

describe('every limit, after each step of random runs', () => {
  it.each(['refuse', 'prune'] as const)(
    'equals the table and what it cannot show, and is never exceeded (%s)',
    { timeout: 600_000 },
    async (whenFull) => {
      await fc.assert(
        fc.asyncProperty(
          anyLimits,
          fc.array(anyStep, { minLength: 50, maxLength: 120, size: 'max' }),
          (limits, steps) => run(limits, whenFull, steps),
        ),
        {
          numRuns: RUNS,
          endOnFailure: true,
          interruptAfterTimeLimit: 400_000,
          markInterruptAsFailure: true,
        },
      )
    },
  )
})
