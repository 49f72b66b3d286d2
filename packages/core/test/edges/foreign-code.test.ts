import { createHub, type Hub } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { expectNoOrphan, once, unheardIn } from './setup.js'

type World = ReturnType<typeof setup>
type Act = (world: World) => unknown

/** A place where the hub calls code of others between looking at an entry and acting on it. */
interface Place {
  readonly name: string
  /** Begins a session or a dial; `act` runs in the place, once. Gives the outcome of the call, where there is one. */
  readonly begin: (world: World, act: () => void) => Promise<unknown> | undefined
}

const connecting = ({ hub }: World, signal?: AbortSignal): Promise<unknown> =>
  outcomeOf(hub.connect(A, signal ? { signal } : {}))

const dialed = (world: World, session: FaultSession): Promise<unknown> => {
  world.transport.onDial = once(() => world.transport.lastDial.succeed(session))
  return connecting(world)
}

const inDescribe = ({ transport }: World, act: () => void): void => {
  const { describe } = transport
  transport.describe = (address) => {
    act()
    return describe(address)
  }
}

const withOnClosed = (session: FaultSession, act: () => void): FaultSession => {
  const listen = session.onClosed.bind(session)
  session.onClosed = (listener) => {
    act()
    listen(listener)
  }
  return session
}

/** A session that calls somebody when its key is read. */
const withKeyGetter = (session: FaultSession, act: () => void): FaultSession => {
  const { key } = session
  Object.defineProperty(session, 'key', {
    get: () => {
      act()
      return key
    },
  })
  return session
}

/** What counts as a signal, and calls somebody when it is listened to, or looked at. */
const signalLike = (at: 'addEventListener' | 'aborted', act: () => void): AbortSignal => {
  const { signal } = new AbortController()
  if (at === 'addEventListener') {
    const listen = signal.addEventListener.bind(signal)
    signal.addEventListener = (...given: Parameters<typeof listen>) => {
      act()
      listen(...given)
    }
  } else {
    Object.defineProperty(signal, 'aborted', {
      get: () => {
        act()
        return false
      },
    })
  }
  return signal
}

const out = () => new FaultSession('outbound', 'a')
const inb = () => new FaultSession('inbound', 'a')

const places: readonly Place[] = [
  {
    name: 'describe(), at a connect()',
    begin: (world, act) => {
      inDescribe(world, act)
      return connecting(world)
    },
  },
  {
    name: 'describe(), at an inbound session',
    begin: (world, act) => {
      inDescribe(world, act)
      world.transport.inbound(A)
      return undefined
    },
  },
  {
    name: 'self, at a connect()',
    begin: (world, act) => {
      Object.defineProperty(world.transport, 'self', { get: () => void act() })
      return connecting(world)
    },
  },
  {
    name: 'addEventListener() of a signal',
    begin: (world, act) => connecting(world, signalLike('addEventListener', act)),
  },
  {
    name: 'aborted of a signal',
    begin: (world, act) => connecting(world, signalLike('aborted', act)),
  },
  {
    name: 'dial()',
    begin: (world, act) => {
      world.transport.onDial = act
      return connecting(world)
    },
  },
  {
    name: 'onClosed() of the session that answers a dial',
    begin: (world, act) => dialed(world, withOnClosed(out(), act)),
  },
  {
    name: 'onClosed() of an inbound session',
    begin: (world, act) => {
      world.transport.inbound(A, withOnClosed(inb(), act))
      return undefined
    },
  },
  {
    name: 'key of the session that answers a dial',
    begin: (world, act) => dialed(world, withKeyGetter(out(), act)),
  },
]

/** The dials that wait and were not aborted. */
const living = ({ transport }: World) =>
  transport.dials.filter(({ attempt }) => !attempt.signal.aborted)

describe.each(places)('6 no ghost, no orphan: in $name', ({ begin }) => {
  it('close() leaves no entry, no dial and no open session', async () => {
    const world = setup()
    const { hub, transport, recording } = world
    let ended: Promise<void> | undefined
    const act = once(() => {
      ended = hub.close()
    })
    const outcome = begin(world, act)
    expect(ended).toBeDefined()
    expect([...hub.entries()]).toEqual([])
    expect(transport.sessions.filter(({ isOpen }) => isOpen)).toEqual([])
    if (outcome) expect(await outcome).toBe('HUB_CLOSED')
    // A dial that had its answer needs no abort.
    if (transport.sessions.length === 0) expect(living(world)).toEqual([])
    await ended
    expect(recording.events.filter(({ type }) => type === 'connected')).toEqual([])
  })

  it('connect() to the same address gives both calls one session', async () => {
    const world = setup()
    const { hub, transport } = world
    let inner: Promise<unknown> | undefined
    const act = once(() => {
      inner = outcomeOf(hub.connect(A))
    })
    const outcome = begin(world, act)
    expect(hub.size).toBe(1)
    expect(transport.dials.length).toBeLessThan(2)
    const session = transport.sessions[0] ?? transport.lastDial.succeed()
    expect(await inner).toBe(session)
    if (outcome) expect(await outcome).toBe(session)
    expect(hub.get(A)).toMatchObject({ state: 'connected' })
    expectNoOrphan(hub, transport.sessions)
  })

  it('disconnect() and then connect() leave a dial that can still be answered', async () => {
    const world = setup()
    const { hub, transport } = world
    let inner: Promise<unknown> | undefined
    const act = once(() => {
      hub.disconnect(A)
      inner = outcomeOf(hub.connect(A))
    })
    const outcome = begin(world, act)
    if (hub.getState(A) === 'connecting') transport.lastDial.succeed()
    expect(await inner).toBe(hub.get(A)?.sessions[0])
    expect(hub.get(A)?.state).toBe('connected')
    if (outcome) expect(await outcome).not.toBe('pending')
    expectNoOrphan(hub, transport.sessions)
  })

  it('an inbound session of the same address is in the entry, and no dial is lost', async () => {
    const world = setup()
    const { hub, transport } = world
    const other = inb()
    const act = once(() => {
      transport.inbound(A, other)
    })
    const outcome = begin(world, act)
    expect(hub.get(A)?.state).toBe('connected')
    expect(hub.get(A)?.sessions).toContain(other)
    expectNoOrphan(hub, transport.sessions)
    if (outcome) expect(await outcome).toBeInstanceOf(FaultSession)
  })
})

describe('6 no ghost, no orphan: in onClosed() of the session that answers a dial', () => {
  it.each(['disconnect', 'reset'] as const)(
    '%s() counts: the session is closed, and the caller hears of it',
    async (call) => {
      const world = setup()
      const { hub, transport, recording } = world
      const act: Act = () => (call === 'reset' ? hub.reset() : hub.disconnect(A))
      const session = withOnClosed(
        out(),
        once(() => void act(world)),
      )
      const outcome = dialed(world, session)
      expect(await outcome).toBe('DIAL_CANCELLED')
      expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
      expect(transport.dials).toHaveLength(1)
      expect(hub.get(A)).toBeUndefined()
      expect(recording.lines()).toEqual([
        'connecting fault:a',
        'disconnecting fault:a',
        'disconnected fault:a',
      ])
    },
  )

  it('a signal that aborts counts as well: the session is closed', async () => {
    const { hub, transport } = setup()
    const controller = new AbortController()
    const session = withOnClosed(
      out(),
      once(() => controller.abort()),
    )
    const outcome = outcomeOf(hub.connect(A, { signal: controller.signal }))
    transport.lastDial.succeed(session)
    expect(await outcome).toBe('ABORTED')
    expectNoOrphan(hub, [session])
  })
})

describe('6 no ghost, no orphan: in onClosed() of an inbound session', () => {
  it('disconnect() of its entry, which has another session, closes both', async () => {
    const { hub, transport } = setup()
    const first = transport.inbound(A)
    const second = withOnClosed(
      inb(),
      once(() => hub.disconnect(A)),
    )
    transport.inbound(A, second)
    expect(first.isOpen).toBe(false)
    expectNoOrphan(hub, [first, second])
  })

  it('a disconnect() that waits has the session closed, and not adopted', async () => {
    const { hub, transport } = setup()
    const first = transport.inbound(A)
    first.onClose = 'refuse'
    const second = withOnClosed(
      inb(),
      once(() => hub.disconnect(A)),
    )
    transport.inbound(A, second)
    expect(hub.get(A)).toMatchObject({ state: 'disconnecting', sessions: [first] })
    expect(second).toMatchObject({ closeCalls: 1, isOpen: false })
  })
})

describe('10 the end is the end: when listen() is ended', () => {
  it('a session that the transport hands over is not adopted', async () => {
    const transport = createFaultTransport()
    const { listen } = transport
    const late = inb()
    transport.listen = ((accept: Parameters<NonNullable<typeof listen>>[0]) => () =>
      accept({ address: A, session: late })) as typeof listen
    const hub = createHub({ transport })
    const connected = vi.fn()
    hub.on('connected', connected)
    await hub.close()
    expect(late).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(connected).not.toHaveBeenCalled()
  })

  it('by a function whose promise rejects, that is told, and nothing is left unheard', async () => {
    const transport = createFaultTransport()
    transport.listen = () => (async () => Promise.reject(new Error('cannot end'))) as () => void
    const onError = vi.fn()
    const hub: Hub<FaultSession> = createHub({ transport, onError })
    expect(await unheardIn(() => hub.close())).toEqual([])
    expect(onError).toHaveBeenCalledTimes(1)
  })
})
