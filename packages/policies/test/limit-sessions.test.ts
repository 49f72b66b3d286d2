import { FaultSession, turns } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { createProtection, gate, limitDials, limitInbound, limitSessions } from '../src/index.js'
import { A, B, C, dial, dialed, dialOf, outcomeOf, setup, type World } from './setup.js'

/** Addresses that name nobody. */
const [X, Y] = ['fault:anonymous-x', 'fault:anonymous-y'] as const

const reasonsOf = (session: FaultSession) => session.reasons

describe('limitSessions', () => {
  it('refuses inbound sessions beyond the limit, with a reason, and tells it', () => {
    const { hub, transport, refused } = setup([limitSessions({ inbound: 2 })])
    const [a, , c] = [A, B, C].map((address) => transport.inbound(address))
    expect(hub.size).toBe(2)
    expect(c && reasonsOf(c)).toEqual(['limit'])
    expect(refused).toEqual([`limitSessions inbound ${C}: limit-inbound`])
    a?.end()
    transport.inbound(C)
    expect(hub.get(C)?.state).toBe('connected')
  })

  it('counts what is left open after a disconnect that failed', async () => {
    const { hub, transport } = setup([limitSessions({ inbound: 1 })])
    const a = transport.inbound(A)
    a.onClose = 'reject'
    await hub.disconnect(A).catch(() => {})
    expect(reasonsOf(transport.inbound(B))).toEqual(['limit'])
  })

  it('destroys a refused session whose close() fails', async () => {
    const { transport } = setup([limitSessions({ inbound: 0 })])
    const session = new FaultSession('inbound', 'a')
    session.onClose = 'reject'
    session.onDestroy = 'at-once'
    transport.inbound(A, session)
    await turns()
    expect([session.destroyCalls, session.isOpen]).toEqual([1, false])
  })

  it('counts dials that run: the next one fails at once', async () => {
    const { hub, transport, refused } = setup([limitSessions({ outbound: 2 })])
    dial(hub, A)
    dialOf(transport, A).succeed()
    dial(hub, B)
    expect(await outcomeOf(hub.connect(C))).toBe('DIAL_FAILED: LIMIT_OUTBOUND')
    expect(refused).toEqual([`limitSessions outbound ${C}: limit-outbound`])
    dialOf(transport, B).fail()
    dial(hub, C)
    expect(dialed(transport)).toEqual([A, B, C])
  })

  it('does not count dials that wait outside of it', async () => {
    const policies = [limitSessions({ outbound: 2 }), limitDials({ parallel: 1 })]
    const { hub, transport } = setup(policies)
    dial(hub, A, B, C)
    dialOf(transport, A).fail()
    await turns()
    dialOf(transport, B).succeed()
    await turns()
    dialOf(transport, C).succeed()
    expect(hub.size).toBe(2)
  })

  it('has 0 as a limit', async () => {
    const { hub } = setup([limitSessions({ outbound: 0 })])
    expect(await outcomeOf(hub.connect(A))).toBe('DIAL_FAILED: LIMIT_OUTBOUND')
  })

  it('limits by key only where the key is proved', async () => {
    const { hub, transport } = setup([limitSessions({ perKey: 1 })])
    transport.inbound(X, { key: 'k' })
    expect(reasonsOf(transport.inbound(Y, { key: 'k' }))).toEqual(['limit'])
    expect(reasonsOf(transport.inbound(A, { key: undefined }))).toEqual([])
    const dialing = hub.connect('fault:anonymous', { key: 'k' })
    dialing.catch(() => {})
    const session = transport.lastDial.succeed({ key: 'k' })
    expect(await outcomeOf(dialing)).toBe('DIAL_FAILED: LIMIT_PER_KEY')
    expect(reasonsOf(session)).toEqual(['limit'])
  })

  it('counts an outbound session that listen() hands over as outbound', () => {
    const { transport } = setup([limitSessions({ outbound: 1 })])
    transport.inbound(A, new FaultSession('outbound', 'a'))
    expect(reasonsOf(transport.inbound(B, new FaultSession('outbound', 'b')))).toEqual(['limit'])
  })

  it('counts an inbound session that answers a dial as inbound', async () => {
    const { hub, transport } = setup([limitSessions({ inbound: 0 })])
    const dialing = hub.connect(A)
    dialing.catch(() => {})
    transport.lastDial.succeed(new FaultSession('inbound', 'a'))
    expect(await outcomeOf(dialing)).toBe('DIAL_FAILED: LIMIT_INBOUND')
  })

  it('leaves what cannot be judged to the hub', () => {
    const { hub, transport, onError } = setup([limitSessions({ inbound: 1 })])
    const throws = {
      get session() {
        throw new Error('session threw')
      },
    }
    const bare = new FaultSession('inbound')
    for (const given of [undefined, null, {}, { address: A, session: {} }, throws, bare]) {
      transport.acceptAnything(given)
    }
    expect([hub.size, onError.mock.calls.length]).toEqual([0, 6])
    expect(hub.get(A)).toBeUndefined()
  })

  it('lets a session pass that the hub has already: a transport may hand one over again', () => {
    const { hub, transport }: World = setup([
      limitInbound({ by: () => 'all', concurrent: 1 }),
      gate({ beforeAccept: ({ address }) => hub.size === 0 || `${address} again` }),
      limitSessions({ inbound: 1 }),
    ])
    const session = transport.inbound(A)
    transport.inbound(A, session)
    expect([session.reasons, hub.get(A)?.sessions]).toEqual([[], [session]])
  })

  it('leaves a late session to the hub', async () => {
    const { hub, transport } = setup([limitSessions({ outbound: 1 })])
    dial(hub, A)
    hub.disconnect(A)
    expect(reasonsOf(dialOf(transport, A).succeed())).toEqual(['late'])
  })
})

/** A is there, and B comes, about whom `act` runs when it is first asked whether A is protected. */
const asked = (act: (world: World) => void) => {
  let isAsked = false
  const isProtected = () => {
    if (isAsked) return false
    isAsked = true
    act(world)
    return false
  }
  const limit = limitSessions({ inbound: 1, whenFull: 'prune', protect: { isProtected } })
  const world: World = setup([limit])
  world.transport.inbound(A).onClose = 'refuse'
  const b = world.transport.inbound(B)
  const waits = () =>
    Object.fromEntries(
      [A, B, C].flatMap((address) => limit.explain(address).map(({ text }) => [address, text])),
    )
  return { b, waits }
}

describe('limitSessions that prunes', () => {
  const later = (session: FaultSession) => {
    session.onClose = 'refuse'
    return session
  }

  it('closes the oldest, and lets the newcomer in once that has closed', async () => {
    const limit = limitSessions({ inbound: 2, whenFull: 'prune' })
    const { hub, transport } = setup([limit])
    const a = later(transport.inbound(A))
    transport.inbound(B)
    const c = transport.inbound(C)
    expect([reasonsOf(a), hub.getState(C)]).toEqual([['limit'], undefined])
    expect(limit.explain(C)).toEqual([
      { by: 'limitSessions', text: `a session waits until ${A} has closed` },
    ])
    a.end()
    expect(hub.size).toBe(1)
    await turns()
    expect([hub.getState(C), reasonsOf(c), limit.explain(C)]).toEqual(['connected', [], []])
  })

  it('is not exceeded by whoever comes between the end of one and the coming of the next', async () => {
    const { hub, transport } = setup([limitSessions({ inbound: 1, whenFull: 'prune' })])
    const a = later(transport.inbound(A))
    transport.inbound(B)
    hub.on('disconnected', ({ address }) => {
      if (address === A) transport.inbound(C)
    })
    const sizes: number[] = []
    hub.on('change', () => sizes.push(hub.size))
    a.end()
    await turns()
    expect(Math.max(...sizes)).toBe(1)
  })

  it('gives the place of one that closes at once to nobody who hears of that end', async () => {
    const { hub, transport } = setup([limitSessions({ inbound: 1, whenFull: 'prune' })])
    transport.inbound(A)
    hub.on('disconnected', ({ address }) => {
      if (address === A) transport.inbound(C)
    })
    const connected: string[] = []
    hub.on('connected', ({ address }) => connected.push(address))
    transport.inbound(B)
    await turns()
    expect(connected).toEqual([B])
  })

  it('begins no dial for whoever hears of the end that makes room for another one', async () => {
    const limit = limitSessions({ outbound: 1, whenFull: 'prune' })
    const { hub, transport } = setup([limit])
    dial(hub, A)
    transport.lastDial.succeed()
    hub.on('disconnected', () => dial(hub, C))
    dial(hub, B)
    await turns()
    expect([dialed(transport), limit.outbound]).toEqual([[A, B], 1])
  })

  it('gives a place once, also where isProtected() lets another one in', () => {
    const world = asked(({ transport }) => void transport.inbound(C))
    expect(world.waits()).toEqual({ [C]: `a session waits until ${A} has closed` })
    expect(reasonsOf(world.b)).toEqual(['limit'])
  })

  it('gives no place of one that isProtected() has ended, and whose place is taken', () => {
    const world = asked(({ transport }) => {
      transport.sessions[0]?.end()
      transport.inbound(C).onClose = 'refuse'
    })
    expect(world.waits()).toEqual({ [B]: `a session waits until ${C} has closed` })
  })

  it('says what a dial waits for, also where one to the same address was cancelled before', async () => {
    const limit = limitSessions({ outbound: 2, whenFull: 'prune' })
    const { hub, transport } = setup([limit])
    dial(hub, A, B)
    for (const each of [...transport.dials]) later(each.succeed())
    dial(hub, C)
    hub.disconnect(C)
    dial(hub, C)
    for (const each of transport.sessions) if (each.key === 'a') each.end()
    await turns()
    expect(limit.explain(C)).toEqual([{ by: 'limitSessions', text: `waits until ${B} has closed` }])
  })

  it('leaves protected ones alone, and refuses where all are', () => {
    const protect = createProtection()
    const release = protect.protect('a', 'a friend')
    const { transport } = setup([limitSessions({ inbound: 1, whenFull: 'prune', protect })])
    const a = transport.inbound(A)
    expect(reasonsOf(transport.inbound(B))).toEqual(['limit'])
    release()
    transport.inbound(C)
    expect(reasonsOf(a)).toEqual(['limit'])
  })

  it('goes by the proved key alone: a name protects nobody', () => {
    const protect = createProtection()
    protect.protect('a', 'a friend')
    const { transport } = setup([limitSessions({ inbound: 1, whenFull: 'prune', protect })])
    const a = transport.inbound(A, { key: undefined })
    transport.inbound(B)
    expect(reasonsOf(a)).toEqual(['limit'])
  })

  it('refuses the newcomer where the other one cannot be closed', async () => {
    const { transport } = setup([limitSessions({ inbound: 1, whenFull: 'prune' })])
    const a = transport.inbound(A)
    a.onClose = 'reject'
    const b = transport.inbound(B)
    await turns()
    expect([reasonsOf(b), a.isOpen]).toEqual([['limit'], true])
  })

  it('forgets a newcomer that closes while it waits', async () => {
    const { hub, transport } = setup([limitSessions({ inbound: 1, whenFull: 'prune' })])
    const a = later(transport.inbound(A))
    transport.inbound(B).end()
    a.end()
    await turns()
    expect(hub.size).toBe(0)
    transport.inbound(C)
    expect(hub.size).toBe(1)
  })

  it('lets a dial wait for room, with its clock standing', async () => {
    const limit = limitSessions({ outbound: 1, whenFull: 'prune' })
    const { hub, transport } = setup([limit])
    dial(hub, A)
    const a = later(dialOf(transport, A).succeed())
    dial(hub, B)
    expect(dialed(transport)).toEqual([A])
    expect(hub.get(B)).toMatchObject({ waits: 'room for one more session' })
    expect(limit.explain(B)).toEqual([{ by: 'limitSessions', text: `waits until ${A} has closed` }])
    a.end()
    await turns()
    expect(dialed(transport)).toEqual([A, B])
    expect(hub.get(B)).toMatchObject({ waits: undefined })
  })

  it('forgets a dial that is cancelled while it waits for room', async () => {
    const { hub, transport } = setup([limitSessions({ outbound: 1, whenFull: 'prune' })])
    dial(hub, A)
    const a = later(dialOf(transport, A).succeed())
    dial(hub, B)
    hub.disconnect(B)
    a.end()
    await turns()
    expect(dialed(transport)).toEqual([A])
  })

  it('makes room for a new session of a peer by its oldest one, protected or not', async () => {
    const protect = createProtection()
    protect.protect('k', 'a friend')
    const limit = limitSessions({ perKey: 1, whenFull: 'prune', protect })
    const { hub, transport } = setup([limit])
    const old = transport.inbound(X, { key: 'k' })
    const other = transport.inbound(A)
    transport.inbound(Y, { key: 'k' })
    await turns()
    expect([reasonsOf(old), reasonsOf(other), hub.getState(Y)]).toEqual([
      ['limit'],
      [],
      'connected',
    ])
  })

  it('lets the session of a dial wait, and hands it over late where the dial has ended', async () => {
    const { hub, transport } = setup([limitSessions({ perKey: 1, whenFull: 'prune' })])
    const old = later(transport.inbound(X, { key: 'k' }))
    dial(hub, 'fault:anonymous')
    const next = transport.lastDial.succeed({ key: 'k' })
    expect(hub.get('fault:anonymous')).toMatchObject({ waits: 'room for one more session' })
    hub.disconnect('fault:anonymous')
    expect(reasonsOf(next)).toEqual(['late'])
    old.end()
    await turns()
    expect(hub.size).toBe(0)
  })

  it('closes what waits when the hub closes', async () => {
    const { hub, transport } = setup([limitSessions({ inbound: 1, whenFull: 'prune' })])
    const a = later(transport.inbound(A))
    const b = transport.inbound(B)
    const closing = hub.close()
    a.end()
    await closing
    await turns()
    expect(b.isOpen).toBe(false)
  })
})

it.each([
  [{}, 'inbound'],
  [{ perKey: Number.NaN }, 'perKey'],
  [{ inbound: 1, protect: { isProtected: () => true } }, 'protect'],
  [{ inbound: -1 }, 'inbound'],
  [{ outbound: Number.NaN }, 'outbound'],
  [{ perKey: 0 }, 'perKey'],
  [{ whenFull: 'drop' }, 'whenFull'],
  [{ protect: {} }, 'protect'],
  [{ inbond: 3 }, 'inbond'],
])('limitSessions refuses %j by the name %s', (options, name) => {
  expect(() => limitSessions(options as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(name) }),
  )
})
