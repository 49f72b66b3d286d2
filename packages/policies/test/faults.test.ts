import { readFile } from 'node:fs/promises'
import { createHub } from '@conn-hub/core'
import { createFaultTransport, FaultSession, faultsOf, turns } from '@conn-hub/testkit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createDrain,
  createExplainer,
  type GateOptions,
  gate,
  ipPrefix,
  limitDials,
  limitInbound,
  limitSessions,
  onePerPeer,
  type Policy,
  prune,
} from '../src/index.js'
import { A, B, C, dial, dialed, dialOf, outcomeOf, setup } from './setup.js'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

/** The faults of the table, each with the outcome that it expects. */
const rows = faultsOf(readme)

const TIMEOUT = 1_000

/** What comes of a dial and of an inbound session, with a gate between. */
const gated = async (
  answer: () => unknown,
  onFailure: 'refuse' | 'allow',
  meanwhile: () => unknown = () => {},
) => {
  const signals: AbortSignal[] = []
  const ask = ({ signal }: { readonly signal: AbortSignal }) => {
    signals.push(signal)
    return answer()
  }
  const told = vi.fn()
  const options = { beforeDial: ask, beforeAccept: ask, timeout: TIMEOUT, onFailure, onError: told }
  const { hub, transport } = setup([gate(options as GateOptions)])
  const dialing = hub.connect(A)
  dialing.catch(() => {})
  const session = transport.inbound(B)
  await turns()
  await meanwhile()
  vi.advanceTimersByTime(TIMEOUT)
  const outcome = await outcomeOf(dialing)
  return {
    outcome,
    dialed: dialed(transport),
    reasons: session.reasons,
    isIn: hub.getState(B) === 'connected',
    told: told.mock.calls.length,
    aborted: signals.map(({ aborted }) => aborted),
    timers: vi.getTimerCount(),
  }
}

const hang = () => new Promise(() => {})
const fails = () => {
  throw new Error('no database')
}
const letIn = { dialed: [A], reasons: [], isIn: true }
const refused = { dialed: [], reasons: ['refused'], isIn: false }

/** Plays a fault of an inner dial, for one that begins at once and for one that has waited. */
const innerDials = async (play: (outcome: Promise<unknown>) => unknown) => {
  for (const hasWaited of [false, true]) {
    const dials = limitDials({ parallel: 1 })
    const world = setup([limitSessions({ outbound: 5 }), dials], { dialTimeout: TIMEOUT })
    if (hasWaited) dial(world.hub, C)
    const dialing = world.hub.connect(A)
    dialing.catch(() => {})
    if (hasWaited) dialOf(world.transport, C).fail()
    await turns()
    await play(dialing)
    await turns()
    expect(dials.running).toBe(0)
    dial(world.hub, B)
    expect(dialed(world.transport).at(-1)).toBe(B)
  }
}

/** A hub that closes in the middle: no timer may be left. */
const closing = async (policies: readonly Policy[], self?: string) => {
  const world = setup(policies, self === undefined ? {} : { self })
  const close = async () => {
    const closed = world.hub.close()
    for (const session of world.transport.sessions) if (session.isOpen) session.end()
    await closed
    await turns()
    expect(vi.getTimerCount()).toBe(0)
  }
  return { ...world, close }
}

/** Each fault, played; what is expected in it stands in the other cell. */
const stories: Record<string, () => unknown> = {
  "a gate that hangs, `onFailure: 'refuse'`": async () => {
    const aborted = [true, true]
    expect(await gated(hang, 'refuse')).toMatchObject({ ...refused, aborted, timers: 0 })
    expect(await gated(hang, 'refuse')).toMatchObject({ outcome: 'DIAL_FAILED: GATE_TIMEOUT' })
  },
  "a gate that hangs, `onFailure: 'allow'`": async () => {
    expect(await gated(hang, 'allow')).toMatchObject({ ...letIn, outcome: 'pending', told: 0 })
  },
  "a gate that throws, `onFailure: 'refuse'`": async () => {
    const outcome = 'DIAL_FAILED: GATE_FAILED'
    const expected = { ...refused, outcome, told: 2 }
    expect(await gated(fails, 'refuse')).toMatchObject(expected)
    expect(await gated(async () => fails(), 'refuse')).toMatchObject(expected)
  },
  "a gate that throws, `onFailure: 'allow'`": async () => {
    expect(await gated(fails, 'allow')).toMatchObject({ ...letIn, told: 2 })
    expect(await gated(async () => fails(), 'allow')).toMatchObject({ ...letIn, told: 2 })
  },
  'a gate that answers twice': async () => {
    const twice = (one: unknown, two: unknown) => () =>
      Object.fromEntries([
        [
          'then',
          (resolve: (value: unknown) => void) => {
            resolve(one)
            resolve(two)
          },
        ],
      ])
    for (const choice of ['refuse', 'allow'] as const) {
      expect(await gated(twice(true, false), choice)).toMatchObject(letIn)
      expect(await gated(twice(false, true), choice)).toMatchObject(refused)
    }
  },
  'a gate that answers after its time': async () => {
    for (const choice of ['refuse', 'allow'] as const) {
      const answers: ((answer: boolean) => void)[] = []
      const later = () => new Promise<boolean>((resolve) => answers.push(resolve))
      const result = await gated(later, choice)
      for (const answer of answers) answer(choice === 'refuse')
      await turns()
      expect(result).toMatchObject(choice === 'refuse' ? refused : letIn)
    }
  },
  'an inner dial that never answers': () =>
    innerDials(async (dialing) => {
      vi.advanceTimersByTime(TIMEOUT)
      expect(await outcomeOf(dialing)).toBe('DIAL_TIMEOUT')
    }),
  'an inner dial that throws': async () => {
    for (const hasWaited of [false, true]) {
      const dials = limitDials({ parallel: 1 })
      const { hub, transport } = setup([dials])
      if (hasWaited) dial(hub, B)
      transport.onDial = () => fails()
      const dialing = hub.connect(A)
      if (hasWaited) dialOf(transport, B).fail()
      expect(await outcomeOf(dialing)).toBe('DIAL_FAILED')
      expect(dials.running).toBe(0)
    }
  },
  'an inner dial that rejects, or returns its session': async () => {
    for (const hasWaited of [false, true]) {
      const session = new FaultSession('outbound', 'a')
      for (const [given, code] of [
        [() => Promise.reject(new Error('no')), 'DIAL_FAILED'],
        [() => session, 'TRANSPORT_BROKEN'],
        [() => Promise.resolve(session), 'TRANSPORT_BROKEN'],
      ] as const) {
        const dials = limitDials({ parallel: 1 })
        const inner = createFaultTransport()
        const base = inner.dial.bind(inner)
        inner.dial = (address, attempt) =>
          address === A ? (given() as never) : base(address, attempt)
        const hub = createHub({ transport: dials.wrap(inner), onError: () => {} })
        if (hasWaited) dial(hub, B)
        const dialing = hub.connect(A)
        if (hasWaited) dialOf(inner, B).fail()
        expect(await outcomeOf(dialing)).toBe(code)
        expect(dials.running).toBe(0)
      }
      expect(session.isOpen).toBe(false)
    }
  },
  'an inner dial that succeeds after its end': async () => {
    const sessions = limitSessions({ outbound: 1, whenFull: 'prune' })
    const bans = gate({ beforeSession: () => true })
    const { hub, transport } = setup([bans, sessions, limitDials({ parallel: 1 })])
    dial(hub, A)
    hub.disconnect(A)
    const late = dialOf(transport, A).succeed()
    expect([late.reasons, sessions.outbound, hub.size]).toEqual([['late'], 0, 0])
  },
  'an inner dial that succeeds twice': () => {
    const sessions = limitSessions({ outbound: 1, whenFull: 'prune' })
    const { hub, transport } = setup([sessions, limitDials({ parallel: 1 })])
    dial(hub, A)
    const first = dialOf(transport, A).succeed()
    const second = dialOf(transport, A).succeed()
    expect([second.reasons, first.isOpen, sessions.outbound]).toEqual([['late'], true, 1])
  },
  '100,000 inbound from one /64': () => {
    const flood = limitInbound({ by: ipPrefix({ v6: 64 }), max: 100, per: 60_000, concurrent: 10 })
    const transport = createFaultTransport()
    transport.describe = () => ({})
    const hub = createHub({ transport: flood.wrap(transport) })
    const comes = (address: string) => transport.inbound(address, { key: undefined })
    let closed = 0
    for (let i = 0; i < 100_000; i++) {
      const session = comes(`net:2001:db8::${(i + 1).toString(16).slice(-4)}:${i}`)
      if (session.reasons[0] === 'limit') closed++
      if (i % 10_000 === 0) expect(comes(`net:2001:db8:1:${i}::1:${i}`).isOpen).toBe(true)
    }
    expect([closed, hub.size]).toEqual([100_000 - 10, 20])
  },
  'refused sessions that do not close': () => {
    const { transport } = setup([limitSessions({ inbound: 0 })])
    const sessions = Array.from({ length: 1_001 }, (_, i) => {
      const session = new FaultSession('inbound', `${i}`)
      session.onClose = 'refuse'
      session.onDestroy = 'at-once'
      return transport.inbound(`fault:anonymous${i}`, session)
    })
    expect(sessions.filter(({ destroyCalls }) => destroyCalls > 0)).toEqual([sessions[0]])
    vi.advanceTimersByTime(5_001)
    expect(sessions.every(({ isOpen }) => !isOpen)).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  },
  'a session that is handed over again while a gate is asked, or while it waits for room':
    async () => {
      const limit = limitInbound({ by: () => 'all', concurrent: 1 })
      const asked = setup([limit, gate({ beforeSession: () => Promise.resolve(true) })])
      const full = setup([limitSessions({ inbound: 1, whenFull: 'prune' })])
      full.transport.inbound(B).onClose = 'later'
      for (const { hub, transport } of [asked, full]) {
        const session = transport.inbound(A)
        transport.inbound(A, session)
        await turns()
        expect([session.reasons, hub.get(A)?.sessions]).toEqual([[], [session]])
      }
    },
  'a session whose `onClosed()` throws': async () => {
    const limit = limitInbound({ by: () => 'all', concurrent: 1 })
    const sessions = limitSessions({ inbound: 1, whenFull: 'prune' })
    const bans = gate({ beforeAccept: async () => true })
    const { hub, transport } = setup([limit, bans, sessions])
    const session = new FaultSession('inbound', 'a')
    session.onClosed = () => fails()
    transport.inbound(A, session)
    await turns()
    expect([session.closeCalls, hub.size, limit.open('all'), sessions.inbound]).toEqual([
      1, 0, 0, 0,
    ])
  },
  'a function of `priority` or `by` that throws': async () => {
    const limit = limitInbound({ by: fails, concurrent: 1 })
    const dials = limitDials({ parallel: 1, priority: fails })
    const { hub, transport } = setup([limit, dials])
    expect(transport.inbound(A).reasons).toEqual(['limit'])
    dial(hub, B)
    expect(await outcomeOf(hub.connect(C))).toBe('DIAL_FAILED')
    expect([dials.running, dials.waiting]).toEqual([1, 0])
  },
  'a hub that closes while dials wait in the queue': async () => {
    const { hub, transport, close } = await closing([
      limitDials({ parallel: 1, queueTimeout: TIMEOUT }),
    ])
    dial(hub, A, B, C)
    await close()
    expect(dialed(transport)).toEqual([A])
  },
  'a hub that closes while a gate is asked': async () => {
    const { hub, transport, close } = await closing([
      gate({ beforeDial: hang as never, beforeSession: hang as never }),
    ])
    dial(hub, A)
    const session = transport.inbound(B)
    await hub.close()
    expect([session.reasons, vi.getTimerCount()]).toEqual([['hub-closed'], 0])
    await close()
    expect(dialed(transport)).toEqual([])
  },
  'a hub that closes while a newcomer waits for room': async () => {
    const { transport, close } = await closing([limitSessions({ inbound: 1, whenFull: 'prune' })])
    transport.inbound(A).onClose = 'refuse'
    const session = transport.inbound(B)
    await close()
    expect(session.isOpen).toBe(false)
  },
  'a hub that closes while two links settle': async () => {
    const { hub, transport, close } = await closing([onePerPeer()], 'anna')
    const probed = (direction: 'inbound' | 'outbound') =>
      Object.assign(new FaultSession(direction, 'ben'), { probe: hang as never })
    const theirs = transport.inbound('fault:anonymous-1', probed('inbound'))
    dial(hub, 'fault:anonymous-2')
    transport.lastDial.succeed(probed('outbound'))
    await turns()
    await close()
    expect(theirs.reasons).not.toContain('duplicate')
  },
  'a hub that closes in the middle of a drain': async () => {
    const drain = createDrain()
    const { hub, transport, close } = await closing([drain])
    transport.inbound(A)
    const over = drain.start(hub, { within: 30_000 })
    await turns()
    await close()
    expect(await over).toEqual({ state: 'drained', left: 0, done: 1 })
  },
  'a hub that closes under `prune` and an explainer': async () => {
    const { hub, transport, close } = await closing([])
    prune(hub, { idle: 1_000, maxAge: 10_000 })
    createExplainer(hub)
    transport.inbound(A)
    expect(vi.getTimerCount()).toBe(1)
    await close()
  },
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the faults of the README', () => {
  it('have each a story, and each story has its fault', () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(stories).sort())
    expect(rows.size).toBe(22)
  })

  it.each([...rows])('%s: %s', async (fault) => {
    const play = stories[fault]
    if (!play) throw new Error(`nobody plays "${fault}"`)
    await play()
  })
})
