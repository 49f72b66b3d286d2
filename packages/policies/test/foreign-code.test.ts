import { EventEmitter } from 'node:events'
import { createHub } from '@conn-hub/core'
import { createFaultTransport, FaultSession, turns } from '@conn-hub/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  compose,
  createDrain,
  createExplainer,
  gate,
  limitDials,
  limitInbound,
  limitSessions,
  prune,
} from '../src/index.js'
import { A, B, C, createClock, dial, dialed, outcomeOf, setup } from './setup.js'

afterEach(() => vi.restoreAllMocks())

const breaks = () => {
  throw new Error('broken')
}

describe('prune, given functions that fail', () => {
  it.each([[() => Number.NaN], [() => -1e9], [() => 1e9], [() => undefined as never], [breaks]])(
    'closes what is old, and sets no timer without end: random %#',
    async (random) => {
      const clock = createClock()
      const set = vi.spyOn(clock, 'setTimeout')
      const { hub, transport } = setup([])
      prune(hub, { maxAge: 1_000, jitter: 0.5, clock, random })
      const session = transport.inbound(A)
      clock.pass(499)
      expect(session.reasons).toEqual([])
      clock.pass(501)
      expect([session.reasons, clock.size]).toEqual([['max-age'], 1])
      for (const [, ms] of set.mock.calls) expect(ms).toBeGreaterThanOrEqual(1)
    },
  )

  it('ends nobody of whom it cannot be told whether they are protected, and goes on', () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const clock = createClock()
    let isBroken = true
    const protect = { isProtected: () => isBroken && breaks() }
    const { hub, transport } = setup([])
    prune(hub, { maxAge: 1_000, jitter: 0, clock, protect })
    const session = transport.inbound(A)
    clock.pass(5_000)
    expect([session.isOpen, print.mock.calls.length]).toEqual([true, 1])
    isBroken = false
    clock.pass(1_000)
    expect(session.reasons).toEqual(['max-age'])
  })
})

describe('a hub that is closed', () => {
  it('is refused, and nothing is left that would run later', async () => {
    const clock = createClock()
    const { hub } = setup([])
    await hub.close()
    const refused = expect.objectContaining({ code: 'HUB_CLOSED' })
    expect(() => prune(hub, { maxAge: 1_000, clock })).toThrow(refused)
    expect(() => createExplainer(hub, [], { clock })).toThrow(refused)
    expect(clock.size).toBe(0)
  })
})

describe('a protection that throws', () => {
  it('leaves everybody for last in a drain, and is printed once', async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const clock = createClock()
    const draining = createDrain({ clock })
    const { hub, transport } = setup([draining])
    const sessions = [A, B].map((address) => transport.inbound(address))
    const over = draining.start(hub, { within: 1_000, protect: { isProtected: breaks } })
    await turns()
    clock.pass(1_000)
    expect(await over).toMatchObject({ state: 'drained', done: 2 })
    expect(sessions.map(({ reasons }) => reasons)).toEqual([['going-away'], ['going-away']])
    expect(print).toHaveBeenCalledOnce()
  })

  it('makes limitSessions refuse the newcomer', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const protect = { isProtected: breaks }
    const { transport } = setup([limitSessions({ inbound: 1, whenFull: 'prune', protect })])
    const [old, newcomer] = [transport.inbound(A), transport.inbound(B)]
    expect([old.reasons, newcomer.reasons]).toEqual([[], ['limit']])
  })
})

describe('what is no hub', () => {
  const ignore = () => {}
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['a text', 'hub'],
    ['an emitter', new EventEmitter()],
    ['a transport', createFaultTransport()],
    ['a transport with policies', compose(createFaultTransport(), limitDials({ parallel: 1 }))],
    ['what a view needs of a hub', { on: () => ignore, snapshot: () => [], closed: false }],
  ])('is refused by name: %s', async (_, hub) => {
    const refused = expect.objectContaining({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('"hub"'),
    })
    expect(() => prune(hub as never, { maxAge: 1_000 })).toThrow(refused)
    expect(() => createExplainer(hub as never)).toThrow(refused)
    const draining = createDrain()
    setup([draining])
    await expect(draining.start(hub as never, { within: 1_000 })).rejects.toEqual(refused)
    expect(draining.state).toBe('open')
  })

  it('and a hub that is closed', async () => {
    const draining = createDrain()
    const { hub } = setup([draining])
    await hub.close()
    const closed = expect.objectContaining({ code: 'HUB_CLOSED' })
    expect(() => prune(hub, { maxAge: 1_000 })).toThrow(closed)
    expect(() => createExplainer(hub)).toThrow(closed)
    await expect(draining.start(hub, { within: 1_000 })).rejects.toEqual(closed)
  })

  it('and for a drain the hub of another one', async () => {
    const [own, other] = [createDrain(), createDrain()]
    const [mine, theirs] = [setup([own]), setup([other])]
    theirs.transport.inbound(A)
    const another = expect.objectContaining({ code: 'NOT_COMPOSED' })
    await expect(own.start(theirs.hub, { within: 1_000 })).rejects.toEqual(another)
    mine.transport.inbound(B)
    await expect(own.start(theirs.hub, { within: 1_000 })).rejects.toEqual(another)
    expect([own.state, theirs.hub.size]).toEqual(['open', 1])
    const { left } = await own.start(mine.hub, { within: 1 })
    expect(left).toBe(0)
  })
})

describe('limits that are null', () => {
  it.each([
    () => limitDials({ parallel: null as never }),
    () => limitDials({ parallel: 1, queue: null as never }),
    () => limitDials({ parallel: 1, queueTimeout: null as never }),
    () => limitSessions({ inbound: null as never }),
    () => limitInbound({ by: () => 'all', concurrent: null as never }),
    () => gate({ beforeDial: () => true, timeout: null as never }),
    () => gate({ beforeDial: () => true, onFailure: null as never }),
    () => limitSessions({ inbound: 1, whenFull: null as never }),
    () => prune(setup([]).hub, { maxAge: 1_000, jitter: null as never }),
    () => prune(setup([]).hub, { maxAge: 1_000, jitter: '0.5' as never }),
  ])('are refused, and no lack of a limit: %#', (make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })
})

describe('a gate whose own function', () => {
  it('cancels the dial that it is asked about leaves nothing behind', async () => {
    const clock = createClock()
    const policy = gate({
      beforeDial: async ({ address }) => {
        hub.disconnect(address)
        return true
      },
      clock,
    })
    const { hub, transport } = setup([policy])
    dial(hub, A)
    await turns()
    expect([dialed(transport), policy.explain(A), clock.size]).toEqual([[], [], 0])
  })

  it.each(['beforeAccept', 'beforeSession'] as const)(
    'closes the hub leaves no session waiting: %s',
    async (name) => {
      const clock = createClock()
      const policy = gate({
        [name]: () => {
          hub.close()
          return new Promise(() => {})
        },
        clock,
      })
      const { hub, transport } = setup([policy])
      const session = transport.inbound(A)
      await turns()
      expect([session.reasons, clock.size, policy.explain(A)]).toEqual([['hub-closed'], 0, []])
    },
  )

  it('fails by a promise may have an onError that does, too', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const onError = async () => breaks()
    const { hub } = setup([gate({ beforeDial: breaks, onError })])
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED: GATE_FAILED')
    await new Promise((resolve) => setTimeout(resolve, 1))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe('createDrain round a transport that a second hub takes over', () => {
  it('lets in who comes to the second one, although the first closed in the middle of its drain', async () => {
    const clock = createClock()
    const draining = createDrain({ clock })
    const fault = createFaultTransport()
    const transport = compose(fault, draining)
    const first = createHub({ transport })
    fault.inbound(A)
    const drained = draining.start(first, { within: 1_000 })
    await Promise.all([first.close(), drained])
    await turns()
    createHub({ transport })
    expect([draining.state, fault.inbound(B).isOpen]).toEqual(['open', true])
  })

  it('also where the second begins before the first has told its end', async () => {
    const clock = createClock()
    const draining = createDrain({ clock })
    const fault = createFaultTransport()
    const transport = compose(fault, draining)
    const first = createHub({ transport })
    fault.inbound(A)
    const drained = draining.start(first, { within: 1_000 })
    first.on('close', () => createHub({ transport }))
    await first.close()
    expect(await drained).toMatchObject({ state: 'drained', left: 0, done: 1 })
    expect([draining.state, draining.left, fault.inbound(B).isOpen]).toEqual(['open', 0, true])
  })
})

describe('createDrain that was started with a hub that is closed', () => {
  it('can be started with the one that is there', async () => {
    const draining = createDrain({ clock: createClock() })
    const transport = compose(createFaultTransport(), draining)
    const first = createHub({ transport })
    await first.close()
    const second = createHub({ transport })
    const closed = expect.objectContaining({ code: 'HUB_CLOSED' })
    await expect(draining.start(first, { within: 1_000 })).rejects.toEqual(closed)
    expect(draining.state).toBe('open')
    expect(await draining.start(second, { within: 1_000 })).toMatchObject({ state: 'drained' })
  })
})

describe('limitInbound, by a function that gives no text', () => {
  it.each([[null], [7], [{}], [Promise.resolve('x')]])('refuses the session: %#', (given) => {
    const limit = limitInbound({ by: () => given as never, concurrent: 1 })
    const { transport, refused } = setup([limit])
    expect(transport.inbound(A).reasons).toEqual(['limit'])
    expect(refused).toEqual([expect.stringMatching(/failed: .*text/)])
  })
})

describe('limitDials, by a priority that dials', () => {
  it('lets no more wait than may', async () => {
    const priority = (address: string) => {
      if (address === B) dial(hub, C)
      return 0
    }
    const policy = limitDials({ parallel: 1, queue: 1, priority })
    const { hub } = setup([policy])
    dial(hub, A)
    expect(await outcomeOf(hub.connect(B))).toBe('DIAL_FAILED: QUEUE_FULL')
    expect([policy.running, policy.waiting]).toEqual([1, 1])
  })
})

describe('limitDials, by a priority that ends what runs', () => {
  it('begins with the one that was asked about', async () => {
    const priority = () => {
      hub.disconnect(A)
      return 0
    }
    const { hub, transport } = setup([limitDials({ parallel: 1, priority })])
    dial(hub, A, B)
    await turns()
    expect(dialed(transport)).toEqual([A, B])
  })
})

describe('createExplainer', () => {
  it.each([
    [null],
    [[null]],
    [[7]],
    [['text']],
    [[{ by: 'x' }]],
    [[{ by: 1, text: 'x' }]],
    ['text'],
  ])('hears the others where a source says %j', (said) => {
    const { hub } = setup([])
    const other = () => [{ by: 'other', text: 'good' }]
    const texts = createExplainer(hub, [() => said as never, other]).explain(A)
    expect(texts).toContainEqual({ by: 'other', text: 'good' })
    for (const { by, text } of texts) expect([typeof by, typeof text]).toEqual(['string', 'string'])
  })

  it('hears an object of a class, which needs its this', () => {
    class Source {
      readonly text = 'good'
      explain() {
        return [{ by: 'class', text: this.text }]
      }
    }
    const { hub } = setup([])
    const texts = createExplainer(hub, [new Source()]).explain(A)
    expect(texts).toContainEqual({ by: 'class', text: 'good' })
  })

  it('says of a source that gives a promise that it must give a list, and is harmed by none that rejects', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const { hub } = setup([])
    const texts = createExplainer(hub, [(async () => breaks()) as never]).explain(A)
    expect(texts).toContainEqual({ by: 'explainer', text: expect.stringContaining('a list') })
    await new Promise((resolve) => setTimeout(resolve, 1))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('says by its own clock when something was refused', () => {
    const { hub, transport } = setup([limitSessions({ inbound: 0 })])
    const explainer = createExplainer(hub, [], { clock: createClock(5_000) })
    transport.inbound(A)
    const text = 'refused by limitSessions: limit-inbound'
    expect(explainer.explain(A)).toContainEqual({ by: 'limitSessions', text, at: 5_000 })
  })

  it('passes on no time that is none', () => {
    const { hub } = setup([])
    const said = { by: 'x', text: 'y', until: 'tomorrow', at: Number.NaN, nextAt: 7 } as never
    const [, explanation] = createExplainer(hub, [() => [said]]).explain(A)
    expect(explanation).toEqual({ by: 'x', text: 'y', nextAt: 7 })
  })

  it('answers after the end of the hub', async () => {
    const { hub, transport } = setup([])
    const explainer = createExplainer(hub)
    transport.inbound(A, new FaultSession('inbound', A))
    await hub.close()
    expect(explainer.explain(A)).toEqual([{ by: 'hub', text: 'not connected' }])
  })
})
