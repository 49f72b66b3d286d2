import { createHub } from '@conn-hub/core'
import { createFaultTransport, FaultSession, turns } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { Memory } from '../src/above/memory.js'
import {
  createDrain,
  createExplainer,
  createProtection,
  gate,
  limitDials,
  prune,
} from '../src/index.js'
import { toTime } from '../src/parts/time.js'
import { A, B, C, createClock, dial, dialOf, outcomeOf, setup } from './setup.js'

describe('createProtection', () => {
  it('adds reasons up', () => {
    const protection = createProtection()
    const one = protection.protect('k', 'friend')
    const two = protection.protect('k', 'friend')
    const three = protection.protect('k', 'call')
    expect(protection.reasons('k')).toEqual(['friend', 'friend', 'call'])
    expect([...protection.entries()]).toEqual([['k', ['friend', 'friend', 'call']]])
    expect(protection.explain(A, 'k')).toEqual([
      { by: 'protection', text: 'protected: friend, friend, call' },
    ])
    one()
    one()
    three()
    expect(protection.isProtected('k')).toBe(true)
    two()
    expect([protection.isProtected('k'), protection.reasons('k')]).toEqual([false, []])
    expect([...protection.entries(), ...protection.explain(A, 'k')]).toEqual([])
  })

  it('takes back nothing of what came after', () => {
    const protection = createProtection()
    const old = protection.protect('k', 'old')
    old()
    protection.protect('k', 'new')
    old()
    expect(protection.isProtected('k')).toBe(true)
  })

  it.each([['', 'why'], ['k', ''], [undefined, 'why'], ['k']])('refuses %j', (...given) => {
    const { protect } = createProtection()
    expect(() => protect(...(given as [string, string]))).toThrow(/string/)
  })
})

describe('prune', () => {
  const busy = (address: string, transport: ReturnType<typeof createFaultTransport>) => {
    const traffic = { bytesIn: 0, heardAt: 0 }
    const session = Object.assign(new FaultSession('inbound', address), { traffic: () => traffic })
    transport.inbound(address, session)
    return { session, traffic }
  }

  it('closes what is idle, a quarter too late at most, and nothing else', () => {
    const clock = createClock()
    const { hub, transport } = setup([])
    prune(hub, { idle: 4_000, clock })
    const [idle, used] = [busy('fault:anonymous1', transport), busy('fault:anonymous2', transport)]
    const unknown = transport.inbound(C)
    clock.pass(3_999)
    used.traffic.bytesIn++
    expect(idle.session.isOpen).toBe(true)
    clock.pass(1_001)
    expect([idle.session.reasons, used.session.reasons]).toEqual([['idle'], []])
    clock.pass(2_000)
    expect(used.session.isOpen).toBe(true)
    clock.pass(2_000)
    expect([used.session.reasons, unknown.isOpen]).toEqual([['idle'], true])
  })

  it('closes what is old, spread by chance', () => {
    const clock = createClock()
    const { hub, transport } = setup([])
    const chances = [0, 1]
    const random = () => chances.shift() ?? 0
    prune(hub, { maxAge: 1_000, jitter: 0.2, clock, random })
    const [one, two] = [transport.inbound(A), transport.inbound(B)]
    clock.pass(800)
    expect([one.reasons, two.reasons]).toEqual([[], ['max-age']])
    clock.pass(200)
    expect(one.reasons).toEqual(['max-age'])
    // It looks round.
    expect(clock.size).toBe(1)
  })

  it('leaves protected ones alone, for as long as they are', () => {
    const clock = createClock()
    const protect = createProtection()
    const release = protect.protect('a', 'a call')
    const { hub, transport } = setup([])
    const pruning = prune(hub, { maxAge: 1_000, jitter: 0, clock, protect })
    const a = transport.inbound(A)
    expect(pruning.explain(A)).toEqual([])
    clock.pass(5_000)
    expect(a.isOpen).toBe(true)
    release()
    clock.pass(1_000)
    expect(a.reasons).toEqual(['max-age'])
  })

  it('tries again where one did not close', async () => {
    const clock = createClock()
    const { hub, transport } = setup([])
    prune(hub, { maxAge: 1_000, jitter: 0, clock })
    const a = transport.inbound(A)
    a.onClose = 'reject'
    clock.pass(1_000)
    await turns()
    a.onClose = 'at-once'
    clock.pass(1_000)
    expect([a.closeCalls, a.isOpen]).toEqual([2, false])
  })

  it('knows those that were there before, and explains when they end', () => {
    const clock = createClock()
    const { hub, transport } = setup([])
    transport.inbound(A)
    const pruning = prune(hub, { maxAge: 1_000, jitter: 0, clock })
    expect(pruning.explain(A)).toEqual([{ by: 'prune', text: 'ends by its age', until: 2_000 }])
    expect(pruning.explain(B)).toEqual([])
    clock.pass(1_000)
    expect(hub.size).toBe(0)
  })

  it('has one timer for all, and none after close() or the end of the hub', async () => {
    const clock = createClock()
    const { hub, transport } = setup([])
    const pruning = prune(hub, { idle: 1_000, maxAge: 5_000, clock })
    for (let i = 0; i < 100; i++) busy(`fault:anonymous${i}`, transport)
    expect(clock.size).toBe(1)
    pruning.close()
    pruning.close()
    transport.inbound(A)
    expect(clock.size).toBe(0)
    prune(hub, { maxAge: 5_000, clock })
    expect(clock.size).toBe(1)
    await hub.close()
    expect(clock.size).toBe(0)
  })

  it('takes a traffic() that throws for one that is not known', () => {
    const clock = createClock()
    const { hub, transport } = setup([])
    prune(hub, { idle: 1_000, clock })
    const traffic = () => {
      throw new Error('traffic() threw')
    }
    const session = Object.assign(new FaultSession('inbound', 'a'), { traffic })
    transport.inbound(A, session)
    clock.pass(10_000)
    expect(session.isOpen).toBe(true)
  })

  it.each([
    [{}, 'idle'],
    [{ idle: 0 }, 'idle'],
    [{ idle: Number.NaN }, 'idle'],
    [{ idle: 2, maxAge: 1 }, 'idle'],
    [{ maxAge: '1' }, 'maxAge'],
    [{ maxAge: Number.POSITIVE_INFINITY }, 'maxAge'],
    [{ idle: 1, jitter: 2 }, 'jitter'],
    [{ idle: 1, jitter: Number.NaN }, 'jitter'],
    [{ idel: 1 }, 'idel'],
  ])('refuses %j by the name %s', (options, name) => {
    expect(() => prune(setup([]).hub, options as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(`"${name}"`),
      }),
    )
  })
})

describe('createDrain', () => {
  const connected = (count: number) => {
    const clock = createClock()
    const drain = createDrain({ clock })
    const world = setup([drain])
    const sessions = Array.from({ length: count }, (_, i) => world.transport.inbound(`fault:${i}`))
    return { ...world, clock, drain, sessions }
  }

  it('ends everything at an even pace, the oldest first, and says how far it is', async () => {
    const { hub, clock, drain, sessions } = connected(10)
    const over = drain.start(hub, { within: 1_000 })
    await turns()
    expect([drain.state, drain.left, drain.done]).toEqual(['draining', 10, 0])
    clock.pass(500)
    expect([drain.left, drain.done]).toEqual([5, 5])
    expect(sessions.map(({ reasons: [reason] }) => reason)).toEqual([
      ...Array(5).fill('going-away'),
      ...Array(5),
    ])
    clock.pass(500)
    expect(await over).toEqual({ state: 'drained', left: 0, done: 10 })
    expect([hub.size, clock.size]).toEqual([0, 0])
  })

  it('refuses dials and sessions meanwhile, and after', async () => {
    const { hub, transport, drain, refused } = connected(1)
    dial(hub, A)
    const dialing = hub.connect(A)
    dialing.catch(() => {})
    drain.start(hub, { within: 1_000 })
    await turns()
    expect(await outcomeOf(dialing)).toBe('DIAL_CANCELLED')
    expect(await outcomeOf(hub.connect(B))).toBe('DIAL_FAILED: DRAINING')
    expect(transport.inbound(C).reasons).toEqual(['try-later'])
    expect(refused).toEqual([`drain outbound ${B}: draining`, `drain inbound ${C}: draining`])
  })

  it('refuses the session of a dial beside an open one', async () => {
    const { hub, transport, drain } = connected(0)
    dial(hub, A)
    transport.inbound(A)
    drain.start(hub, { within: 1_000 })
    await turns()
    expect(dialOf(transport, A).succeed().isOpen).toBe(false)
    expect(hub.get(A)?.sessions).toHaveLength(1)
  })

  it('goes by order, with protected ones last', async () => {
    const { hub, clock, drain, recording } = connected(4)
    const protect = createProtection()
    protect.protect('3', 'a call')
    const order = (a: { address: string }, b: { address: string }) =>
      a.address < b.address ? 1 : -1
    drain.start(hub, { within: 1_000, reason: 'restart', order, protect })
    await turns()
    clock.pass(1_000)
    const ended = recording.events.filter(({ type }) => type === 'disconnected')
    expect(ended.map(({ address }) => address)).toEqual([2, 1, 0, 3].map((i) => `fault:${i}`))
    expect(ended[0]).toMatchObject({ reason: 'restart', initiator: 'local' })
  })

  it('is over at once where there is nothing', async () => {
    const { hub, drain } = connected(0)
    expect(await drain.start(hub, { within: 1_000 })).toEqual({
      state: 'drained',
      left: 0,
      done: 0,
    })
  })

  it('counts what ends by itself, and what does not close', async () => {
    const { hub, clock, drain, sessions } = connected(3)
    const [stays, leaves] = sessions
    if (stays) stays.onClose = 'reject'
    const over = drain.start(hub, { within: 1_000 })
    await turns()
    leaves?.end()
    expect([drain.left, drain.done]).toEqual([2, 1])
    clock.pass(1_000)
    expect(await over).toEqual({ state: 'drained', left: 1, done: 2 })
  })

  it('hurries after a time without timers, but no more than by half', async () => {
    const { hub, clock, drain } = connected(1_000)
    drain.start(hub, { within: 10_000 })
    await turns()
    const [begin] = [clock.now()]
    // Nothing ran for a while, as where the process has stood still.
    const { now } = clock
    Object.assign(clock, { now: () => now() + 5_000 })
    clock.pass(100)
    expect(clock.now() - begin).toBe(5_100)
    expect(drain.done).toBeGreaterThan(10)
    expect(drain.done).toBeLessThanOrEqual(15)
  })

  it('ends with the hub', async () => {
    const { hub, clock, drain } = connected(3)
    const over = drain.start(hub, { within: 1_000 })
    await turns()
    await hub.close()
    expect(await over).toEqual({ state: 'drained', left: 0, done: 3 })
    expect(clock.size).toBe(0)
  })

  it('gives the same promise twice, and begins once', async () => {
    const { hub, clock, drain, sessions } = connected(2)
    const both = [drain.start(hub, { within: 1_000 }), drain.start(hub, { within: 1 })]
    await turns()
    clock.pass(1_000)
    expect((await both[0]) === (await both[1])).toBe(true)
    expect(sessions.map(({ closeCalls }) => closeCalls)).toEqual([1, 1])
  })

  it('refuses a hub that it is not round, a closed one, and bad options', async () => {
    const { hub } = setup([])
    const start = (options: object) => createDrain().start(hub, options as never)
    expect(await outcomeOf(start({ within: 1 }))).toBe('NOT_COMPOSED')
    const { hub: closed, drain } = connected(0)
    for (const options of [{}, { within: 0 }, { within: 1, reason: 1 }, { within: 1, how: 1 }]) {
      expect(await outcomeOf(drain.start(closed, options as never))).toBe('INVALID_OPTION')
    }
    await closed.close()
    expect(await outcomeOf(drain.start(closed, { within: 1 }))).toBe('HUB_CLOSED')
    expect(drain.state).toBe('open')
  })

  it('serves the next hub anew', async () => {
    const transport = createFaultTransport()
    const drain = createDrain()
    const decorated = drain.wrap(transport)
    const first = createHub({ transport: decorated })
    await drain.start(first, { within: 1 })
    await first.close()
    createHub({ transport: decorated })
    expect(drain.state).toBe('open')
    expect(transport.inbound(A).isOpen).toBe(true)
  })

  it('is as before where order throws, and can be begun again', async () => {
    const { hub, drain, clock, transport } = connected(2)
    const order = () => {
      throw new Error('no order')
    }
    await expect(drain.start(hub, { within: 1_000, order })).rejects.toThrow('no order')
    expect([drain.state, transport.inbound(A).isOpen]).toEqual(['open', true])
    const over = drain.start(hub, { within: 1_000 })
    await turns()
    clock.pass(1_000)
    expect(await over).toMatchObject({ left: 0, done: 3 })
  })

  it('explains itself', async () => {
    const { hub, drain } = connected(3)
    expect(drain.explain(A)).toEqual([])
    drain.start(hub, { within: 1_000 })
    await turns()
    const text = 'drains: 3 of 3 are left, and nobody new is let in'
    expect(drain.explain(A)).toEqual([{ by: 'drain', text, until: 2_000 }])
  })
})

describe('createExplainer', () => {
  const texts = (given: readonly { text: string }[]) => given.map(({ text }) => text)

  it('says the state, what the sources say, and what was told before', () => {
    const dials = limitDials({ parallel: 1 })
    const bans = gate({ beforeDial: ({ address }) => address !== C || 'banned' })
    const protection = createProtection()
    protection.protect('b', 'a friend')
    const { hub, transport } = setup([bans, dials])
    const { explain } = createExplainer(hub, [dials, bans, protection, () => []])
    expect(texts(explain(A))).toEqual(['not connected'])
    dial(hub, A, B)
    expect(texts(explain(A))).toEqual(['connecting'])
    expect(texts(explain(B))).toEqual([
      'waits for a free place among the dials',
      'waits behind 0 of 1, while 1 dials run',
      'protected: a friend',
    ])
    dialOf(transport, A).succeed().end(undefined, 'bye')
    expect(texts(explain(A))).toEqual(['not connected', 'ended: bye, by the other side'])
  })

  it('says who refused, and why a dial failed', async () => {
    const bans = gate({ beforeDial: () => 'banned' })
    const { hub } = setup([bans])
    const { explain } = createExplainer(hub, [bans])
    await outcomeOf(hub.connect(A))
    expect(texts(explain(A))).toEqual([
      'not connected',
      'refused by gate: banned',
      'failed: Could not connect: banned',
    ])
  })

  it('says that one is connected, or is being closed', () => {
    const { hub, transport } = setup([])
    const { explain } = createExplainer(hub)
    dial(hub, A)
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    expect(texts(explain(A))).toEqual(['connected'])
    dialOf(transport, A).succeed()
    expect(texts(explain(A))).toEqual(['connected by 2 sessions'])
    hub.disconnect(A, { reason: 'enough' }).catch(() => {})
    expect(texts(explain(A))).toEqual(['disconnecting: enough'])
  })

  it('remembers errors that were told with an address', () => {
    const { hub, transport } = setup([])
    const { explain } = createExplainer(hub)
    dial(hub, A)
    dialOf(transport, A).ended(() => {
      throw new Error('too bad')
    })
    dialOf(transport, A).fail(new Error('no route'))
    expect(texts(explain(A))).toEqual([
      'not connected',
      'failed: Could not connect: no route',
      'an error of the transport in ended: too bad',
    ])
  })

  it('hears the other sources where one throws', () => {
    const fails = () => {
      throw new Error('out of order')
    }
    const { explain } = createExplainer(setup([]).hub, [fails, () => [{ by: 'x', text: 'y' }]])
    expect(texts(explain(A))).toEqual(['not connected', 'a source failed: out of order', 'y'])
  })

  it('makes words of others printable', () => {
    const { hub, transport } = setup([])
    const { explain } = createExplainer(hub, [() => [{ by: 'x', text: '\u001b[2J' }]])
    transport.inbound(A)
    expect(texts(explain(A))[1]).toBe('\\u{1b}[2J')
  })

  it('gives each source the address and the key', () => {
    const { hub, transport } = setup([])
    const source = vi.fn(() => [])
    transport.inbound(A)
    createExplainer(hub, [source]).explain(A)
    expect(source.mock.calls).toEqual([[A, 'a']])
  })

  it('remembers 1,000 addresses for 10 minutes, at most', () => {
    const clock = createClock()
    const memory = new Memory(toTime(clock))
    for (let i = 0; i < 2_000; i++) memory.add(`fault:${i}`, { ended: { by: 'x', text: `${i}` } })
    expect([memory.size, memory.get('fault:999'), memory.get('fault:1000')]).toEqual([
      1_000,
      undefined,
      { ended: { by: 'x', text: '1000' } },
    ])
    clock.pass(600_001)
    expect(memory.get('fault:1999')).toBeUndefined()
    memory.add(A, {})
    expect(memory.size).toBe(1)
  })

  it('forgets when it is closed, and when the hub is', async () => {
    const { hub, transport } = setup([])
    const explainer = createExplainer(hub)
    transport.inbound(A).end()
    explainer.close()
    transport.inbound(A).end()
    expect(texts(explainer.explain(A))).toEqual(['not connected'])
    const other = createExplainer(hub)
    const ended = transport.inbound(A)
    await hub.close()
    expect([ended.isOpen, texts(other.explain(A))]).toEqual([false, ['not connected']])
  })

  it.each([[[3]], [[{}]], ['x']])('refuses the sources %j', (sources) => {
    expect(() => createExplainer(setup([]).hub, sources as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })
})
