import { createHub } from '@conn-hub/core'
import { describeAddress, toTransport } from '@conn-hub/secret-stack'
import { describe, expect, it, vi } from 'vitest'
import { RpcSession } from '../src/session.js'
import { codeOf, keyOf, StubRpc, StubSbot, setup } from './stub.js'

const A = 'net:10.0.0.1:8008~shs:a'
const B = 'net:10.0.0.2:8008~shs:b'

/** An open connection to A, dialed by the hub. */
const connected = async () => {
  const context = setup()
  const promise = context.hub.connect(A)
  const rpc = new StubRpc('a', A)
  context.ssb.answer(context.ssb.lastDial, rpc)
  await promise
  context.recording.lines()
  return { ...context, rpc }
}

describe('a dial', () => {
  it('is connected at rpc:connect, before the callback', async () => {
    const { ssb, hub, recording } = setup()
    const promise = hub.connect(A)
    expect(ssb.lastDial.address).toBe(A)
    const rpc = new StubRpc('a', 'net:10.0.0.1:8008~shs:a')
    ssb.tell(rpc, true)
    expect(hub.getState(A)).toBe('connected')
    expect(hub.get(A)?.sessions[0]).toMatchObject({ direction: 'outbound', isClient: true })
    ssb.lastDial.callback(null, rpc)
    expect(await promise).toBe(rpc)
    expect(hub.get(A)?.sessions).toHaveLength(1)
    expect(recording.lines()).toEqual([`connecting ${A}`, `connected ${A}`])
    expect(rpc.closeCalls).toBe(0)
  })

  it('is connected at the callback where there is no rpc:connect', async () => {
    const { ssb, hub } = setup()
    const promise = hub.connect(A)
    const rpc = new StubRpc('a', A)
    ssb.lastDial.callback(null, rpc)
    expect(hub.getState(A)).toBe('connected')
    const session = hub.get(A)?.sessions[0]
    expect(session).toMatchObject({ handle: rpc, direction: 'outbound', key: keyOf('a') })
    expect(session).toHaveProperty('isClient', undefined)
    expect(await promise).toBe(rpc)
  })

  it('is booked under the address that was dialed, not under the one that it led to', async () => {
    const { ssb, hub } = setup()
    const promise = hub.connect('net:localhost:8008~shs:a')
    ssb.answer(ssb.lastDial, new StubRpc('a', 'net:127.0.0.1:8008~shs:a'))
    await promise
    expect(hub.snapshot().map(({ address }) => address)).toEqual(['net:localhost:8008~shs:a'])
  })

  it('without a key in its address learns it from the rpc', async () => {
    const { ssb, hub, recording } = setup()
    const promise = hub.connect('unix:/run/sbot~noauth')
    ssb.answer(ssb.lastDial, new StubRpc('a', 'unix:/run/sbot~noauth'))
    await promise
    expect(hub.byKey(keyOf('a')).map(({ address }) => address)).toEqual(['unix:/run/sbot~noauth'])
    await Promise.resolve()
    expect(recording.lines()).toEqual([
      'connecting unix:/run/sbot~noauth',
      'connected unix:/run/sbot~noauth',
    ])
  })

  it('fails with the error of ssb.connect as its cause', async () => {
    const { ssb, hub, recording } = setup()
    const promise = hub.connect(A)
    const cause = new Error('no route')
    ssb.lastDial.callback(cause)
    await expect(promise).rejects.toMatchObject({ code: 'DIAL_FAILED', cause })
    expect(recording.lines()).toEqual([`connecting ${A}`, `connecting-failed ${A}`])
    // It is no pending dial any more, so an rpc that somebody else opens is not held back for it.
    ssb.tell(new StubRpc('a', 'net:9.9.9.9:1~shs:a'), true)
    expect(hub.getState('net:9.9.9.9:1~shs:a')).toBe('connected')
  })

  it('fails where ssb.connect throws', async () => {
    const { ssb, hub, recording } = setup()
    const cause = new Error('no multiserver')
    ssb.connect = () => {
      throw cause
    }
    await expect(hub.connect(A)).rejects.toMatchObject({ code: 'DIAL_FAILED', cause })
    expect(recording.lines()).toEqual([`connecting ${A}`, `connecting-failed ${A}`])
    ssb.tell(new StubRpc('a', 'net:9.9.9.9:1~shs:a'), true)
    expect(hub.getState('net:9.9.9.9:1~shs:a')).toBe('connected')
  })

  it('fails where ssb.connect gives neither an error nor an rpc', async () => {
    const { ssb, hub } = setup()
    const promise = hub.connect(A)
    ssb.lastDial.callback()
    await expect(promise).rejects.toMatchObject({
      code: 'DIAL_FAILED',
      cause: { message: 'ssb.connect gave no rpc' },
    })
  })

  it('fails where the rpc has closed already', async () => {
    const { ssb, hub, recording } = setup()
    const code = codeOf(hub.connect(A))
    const rpc = new StubRpc('a', A)
    rpc.end()
    ssb.answer(ssb.lastDial, rpc)
    expect(await code).toBe('SESSION_CLOSED')
    expect(recording.lines()).toEqual([`connecting ${A}`, `connecting-failed ${A}`])
    expect(hub.size).toBe(0)
  })

  it('calls what ssb.connect is at that moment, as a method of the sbot', () => {
    const { ssb, hub } = setup()
    const calls: unknown[] = []
    ssb.connect = function (this: unknown, address) {
      calls.push([this, address])
    }
    hub.connect(A).catch(() => {})
    expect(calls).toEqual([[ssb, A]])
    expect(ssb.dials).toEqual([])
  })
})

describe('a callback that comes again', () => {
  it('with the same rpc changes nothing', async () => {
    const { ssb, hub, recording, rpc } = await connected()
    ssb.lastDial.callback(null, rpc)
    expect(rpc.closeCalls).toBe(0)
    expect(hub.get(A)?.sessions).toHaveLength(1)
    expect(recording.lines()).toEqual([])
  })

  it('with another rpc has that one closed', async () => {
    const { ssb, hub, recording, rpc } = await connected()
    const other = new StubRpc('a', A)
    ssb.lastDial.callback(null, other)
    expect(other.closed).toBe(true)
    expect(hub.get(A)?.sessions.map(({ handle }) => handle)).toEqual([rpc])
    expect(recording.lines()).toEqual([])
  })

  it('with an error changes nothing', async () => {
    const { ssb, hub, recording } = await connected()
    ssb.lastDial.callback(new Error('after all'))
    expect(hub.getState(A)).toBe('connected')
    expect(recording.lines()).toEqual([])
  })
})

describe('two dials to one peer at once', () => {
  const LOCALHOST = 'net:localhost:8008~shs:a'
  const LOOPBACK = 'net:127.0.0.1:8008~shs:a'

  it('are told apart by the callback, never by rpc:connect', async () => {
    const { ssb, hub, recording } = setup()
    const promises = [hub.connect(LOCALHOST), hub.connect(LOOPBACK)]
    const [toLocalhost, toLoopback] = ssb.dials as [(typeof ssb.dials)[0], (typeof ssb.dials)[0]]
    // The second answers first, and both have led to the same address.
    const second = new StubRpc('a', LOOPBACK)
    ssb.tell(second, true)
    expect(hub.snapshot().map(({ state }) => state)).toEqual(['connecting', 'connecting'])
    toLoopback.callback(null, second)
    expect(hub.getState(LOCALHOST)).toBe('connecting')
    expect(hub.get(LOOPBACK)?.sessions[0]).toMatchObject({ handle: second, isClient: true })
    const first = new StubRpc('a', LOOPBACK)
    ssb.answer(toLocalhost, first)
    expect(await Promise.all(promises)).toEqual([first, second])
    expect(hub.byKey(keyOf('a')).map(({ sessions }) => sessions[0]?.handle)).toEqual([
      first,
      second,
    ])
    expect(recording.lines()).toEqual([
      `connecting ${LOCALHOST}`,
      `connecting ${LOOPBACK}`,
      `connected ${LOOPBACK}`,
      `connected ${LOCALHOST}`,
    ])
  })

  it('stay apart where one leads to the address of the other', async () => {
    const { ssb, hub } = setup()
    const promise = hub.connect(LOCALHOST)
    hub.connect(LOOPBACK).catch(() => {})
    const rpc = new StubRpc('a', LOOPBACK)
    ssb.answer(ssb.dials[0] as (typeof ssb.dials)[0], rpc)
    expect(await promise).toBe(rpc)
    expect(hub.snapshot()).toMatchObject([
      { address: LOCALHOST, sessions: [{ handle: rpc }] },
      { address: LOOPBACK, state: 'connecting', sessions: [] },
    ])
  })
})

describe('a dial that was cancelled', () => {
  const cancelled = async () => {
    const context = setup()
    const code = codeOf(context.hub.connect(A))
    await context.hub.disconnect(A)
    expect(await code).toBe('DIAL_CANCELLED')
    expect(context.recording.lines()).toEqual([
      `connecting ${A}`,
      `disconnecting ${A}`,
      `disconnected ${A}`,
    ])
    return context
  }

  it('has its rpc closed when that comes late, and never announced', async () => {
    const { ssb, hub, recording, onError } = await cancelled()
    const late = new StubRpc('a', A)
    ssb.answer(ssb.lastDial, late)
    expect(late.closed).toBe(true)
    await Promise.resolve()
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual([])
    expect(onError).not.toHaveBeenCalled()
  })

  it('fails late without a word, and without harm to a new dial', async () => {
    const { ssb, hub, recording, onError } = await cancelled()
    hub.connect(A).catch(() => {})
    ssb.dials[0]?.callback(new Error('late'))
    expect(hub.getState(A)).toBe('connecting')
    expect(recording.lines()).toEqual([`connecting ${A}`])
    expect(onError).not.toHaveBeenCalled()
  })

  it('does not give its late rpc to a new dial to the same address', async () => {
    const { ssb, hub, recording } = await cancelled()
    const [old] = ssb.dials as [(typeof ssb.dials)[0]]
    const promise = hub.connect(A)
    const late = new StubRpc('a', A)
    ssb.answer(old, late)
    expect(late.closed).toBe(true)
    expect(hub.getState(A)).toBe('connecting')
    const rpc = new StubRpc('a', A)
    ssb.answer(ssb.lastDial, rpc)
    expect(await promise).toBe(rpc)
    expect(rpc.closed).toBe(false)
    expect(recording.lines()).toEqual([`connecting ${A}`, `connected ${A}`])
  })

  it('does not have an rpc closed that somebody else opens to the same peer', async () => {
    const { ssb, hub } = await cancelled()
    const theirs = new StubRpc('a', 'net:192.168.1.5:8008~shs:a')
    ssb.tell(theirs, true)
    await Promise.resolve()
    expect(theirs.closed).toBe(false)
    expect(hub.getState('net:192.168.1.5:8008~shs:a')).toBe('connected')
  })
})

describe('an rpc that somebody opened by ssb.connect, without the hub', () => {
  it('is tracked at once as outbound, under the address that it led to', () => {
    const { ssb, hub, recording } = setup()
    ssb.tell(new StubRpc('a', A), true)
    expect(hub.get(A)?.sessions[0]).toMatchObject({ direction: 'outbound', isClient: true })
    expect(recording.events).toMatchObject([{ type: 'connected', direction: 'outbound' }])
  })

  it('is tracked although queueMicrotask is faked, as Jest does it', async () => {
    vi.useFakeTimers({ toFake: ['queueMicrotask', 'setTimeout', 'setImmediate'] })
    try {
      const { ssb, hub } = setup()
      hub.connect(B).catch(() => {})
      ssb.tell(new StubRpc('a', A), true)
      await Promise.resolve()
      expect(hub.getState(A)).toBe('connected')
    } finally {
      vi.useRealTimers()
    }
  })

  it('is tracked a moment later while the hub dials others', async () => {
    const { ssb, hub } = setup()
    hub.connect(B).catch(() => {})
    const rpc = new StubRpc('a', A)
    ssb.tell(rpc, true)
    expect(hub.getState(A)).toBeUndefined()
    await Promise.resolve()
    expect(hub.get(A)?.sessions).toMatchObject([{ handle: rpc, direction: 'outbound' }])
    expect(hub.getState(B)).toBe('connecting')
  })

  it('is not taken for a dial where neither names a key', async () => {
    const { ssb, hub } = setup()
    hub.connect('unix:/run/one~noauth').catch(() => {})
    ssb.tell(new StubRpc(undefined, 'unix:/run/other~noauth'), true)
    await Promise.resolve()
    expect(hub.snapshot().map(({ address, state }) => [address, state])).toEqual([
      ['unix:/run/one~noauth', 'connecting'],
      ['unix:/run/other~noauth', 'connected'],
    ])
  })

  it('is never told where it closes within that moment', async () => {
    const { ssb, hub, recording, onError } = setup()
    hub.connect(B).catch(() => {})
    const rpc = new StubRpc('a', A)
    ssb.tell(rpc, true)
    rpc.end()
    await Promise.resolve()
    expect(recording.lines()).toEqual([`connecting ${B}`])
    expect(onError).not.toHaveBeenCalled()
  })

  it('counts for the dial where the hub dials the same peer; the one that comes second is closed', async () => {
    const { ssb, hub } = setup()
    const promise = hub.connect(A)
    const theirs = new StubRpc('a', 'net:192.168.1.5:8008~shs:a')
    ssb.tell(theirs, true)
    expect(await promise).toBe(theirs)
    const ours = new StubRpc('a', A)
    ssb.answer(ssb.lastDial, ours)
    expect(ours.closed).toBe(true)
    expect(hub.snapshot()).toMatchObject([{ address: A, sessions: [{ handle: theirs }] }])
  })
})

describe('an rpc that a peer opened', () => {
  it('is tracked at once as inbound, under the address that the sbot gives', () => {
    const { ssb, hub, recording } = setup()
    const rpc = new StubRpc('a', A)
    ssb.tell(rpc, false)
    expect(hub.get(A)).toMatchObject({ state: 'connected', key: keyOf('a'), kind: 'lan' })
    expect(hub.get(A)?.sessions).toMatchObject([
      { handle: rpc, direction: 'inbound', isClient: false },
    ])
    expect(recording.events).toMatchObject([{ type: 'connected', direction: 'inbound' }])
  })

  it('may have an address that is no multiserver-address', () => {
    const { ssb, hub } = setup()
    ssb.tell(new StubRpc('a', 'Somewhere in the world'), false)
    expect(hub.get('Somewhere in the world')).toMatchObject({ key: keyOf('a'), kind: undefined })
  })

  it('ends the wait for a dial to the same address, which then adds a second session', async () => {
    const { ssb, hub } = setup()
    const promise = hub.connect(A)
    const theirs = new StubRpc('a', A)
    ssb.tell(theirs, false)
    expect(await promise).toBe(theirs)
    const ours = new StubRpc('a', A)
    ssb.answer(ssb.lastDial, ours)
    expect(hub.get(A)?.sessions.map(({ handle }) => handle)).toEqual([theirs, ours])
    theirs.end()
    expect(hub.getState(A)).toBe('connected')
    ours.end()
    expect(hub.size).toBe(0)
  })

  it.each([
    ['has no stream', undefined],
    ['has no address', {}],
    ['has an empty address', { address: '' }],
    ['has an address that is no string', { address: { host: 'h' } }],
    ['has an address of 4097 characters', { address: `net:${'h'.repeat(4093)}` }],
  ])('gets an address that names its key where it %s', (_, stream) => {
    const { ssb, hub, onError } = setup()
    const rpc = new StubRpc('a')
    rpc.stream = stream
    ssb.tell(rpc, false)
    expect(hub.snapshot()).toMatchObject([{ address: 'unknown~shs:a', key: keyOf('a') }])
    rpc.end()
    expect(hub.size).toBe(0)
    expect(onError).not.toHaveBeenCalled()
  })

  it('is tracked without a key where it has none, and goes when it closes', () => {
    const { ssb, hub, recording } = setup()
    const rpc = new StubRpc(undefined)
    ssb.tell(rpc, false)
    expect(hub.get('unknown~noauth')).toMatchObject({ key: undefined })
    rpc.end()
    expect(recording.lines()).toEqual(['connected unknown~noauth', 'disconnected unknown~noauth'])
  })

  it('is of kind dht where the sbot says so, whatever the address says', () => {
    const { ssb, hub } = setup()
    const rpc = new StubRpc('a', A)
    rpc.meta = 'dht'
    ssb.tell(rpc, false)
    expect(hub.get(A)?.kind).toBe('dht')
  })

  it('is of kind dht where the sbot says so and the address does not tell', () => {
    const { ssb, hub } = setup()
    const one = new StubRpc('a', 'undefined~shs:a')
    one.meta = 'dht'
    ssb.tell(one, false)
    expect(hub.get('undefined~shs:a')?.kind).toBe('dht')
    const other = new StubRpc('b')
    other.stream = { address: 'undefined~shs:b', meta: 'dht' }
    ssb.tell(other, false)
    expect(hub.get('undefined~shs:b')?.kind).toBe('dht')
  })
})

describe('one rpc for two addresses', () => {
  const B_TOO = 'net:10.0.0.9:8008~shs:a'

  /** A plugin hooks `ssb.connect`, and gives the rpc that is open already. */
  const shared = async () => {
    const context = await connected()
    const promise = context.hub.connect(B_TOO)
    context.ssb.lastDial.callback(null, context.rpc)
    expect(await promise).toBe(context.rpc)
    context.recording.lines()
    return context
  }

  it('leaves both entries when it closes', async () => {
    const { hub, rpc, recording } = await shared()
    rpc.end()
    expect(hub.snapshot()).toEqual([])
    expect(recording.lines()).toEqual([`disconnected ${A}`, `disconnected ${B_TOO}`])
  })

  it.each([A, B_TOO])('leaves both entries when %s is disconnected', async (address) => {
    const { hub } = await shared()
    expect(await hub.disconnect(address)).toBe(true)
    expect(hub.snapshot()).toEqual([])
  })

  it('leaves both where the callback of its close() alone tells', async () => {
    const { hub, rpc } = await shared()
    rpc.closed = undefined
    rpc.close = (_error, callback) => callback()
    await hub.disconnect(A)
    expect(hub.snapshot()).toEqual([])
  })
})

describe('a session', () => {
  it('tells any number of listeners, each once, also where one throws', () => {
    const rpc = new StubRpc('a', A)
    const session = new RpcSession(rpc, true)
    const told: string[] = []
    session.onClosed(() => told.push('one'))
    session.onClosed(() => {
      told.push('two')
      throw new Error('of two')
    })
    session.onClosed(() => told.push('three'))
    expect(() => rpc.end()).toThrow('of two')
    rpc.emit('closed')
    session.close().catch(() => {})
    session.onClosed(() => told.push('late'))
    expect(told).toEqual(['one', 'two', 'three', 'late'])
  })
})

describe('one transport for two hubs', () => {
  const twoHubs = () => {
    const ssb = new StubSbot()
    const transport = toTransport(ssb)
    const hubs = [createHub({ transport }), createHub({ transport })] as const
    return { ssb, hubs, addresses: () => hubs.map((hub) => hub.snapshot().map((e) => e.address)) }
  }

  it('gives both each rpc that a peer opens, and tells both of its end', () => {
    const { ssb, hubs, addresses } = twoHubs()
    const rpc = new StubRpc('a', A)
    ssb.tell(rpc, false)
    expect(addresses()).toEqual([[A], [A]])
    expect(hubs.map((hub) => hub.get(A)?.sessions[0]?.handle)).toEqual([rpc, rpc])
    rpc.end()
    expect(addresses()).toEqual([[], []])
  })

  it.each([0, 1] as const)('gives both the rpc that hub %i has dialed', async (index) => {
    const { ssb, hubs, addresses } = twoHubs()
    const promise = hubs[index].connect('net:localhost:8008~shs:a')
    const rpc = new StubRpc('a', 'net:127.0.0.1:8008~shs:a')
    ssb.answer(ssb.lastDial, rpc)
    expect(await promise).toBe(rpc)
    const both = ['net:localhost:8008~shs:a']
    expect(addresses()).toEqual([both, both])
    expect(hubs.map((hub) => hub.snapshot()[0]?.sessions.length)).toEqual([1, 1])
    await hubs[0].disconnect(both[0] as string)
    expect(addresses()).toEqual([[], []])
  })

  it('gives both both rpcs where both dial at once', async () => {
    const { ssb, hubs } = twoHubs()
    const promises = hubs.map((hub) => hub.connect(A))
    const rpcs = ssb.dials.map((dial) => {
      const rpc = new StubRpc('a', A)
      ssb.answer(dial, rpc)
      return rpc
    })
    await Promise.all(promises)
    for (const hub of hubs) {
      expect(hub.get(A)?.sessions.map(({ handle }) => handle)).toEqual(rpcs)
    }
    await hubs[1].disconnect(A)
    expect(hubs.map(({ size }) => size)).toEqual([0, 0])
  })

  it('goes on for the one that stays', async () => {
    const { ssb, hubs, addresses } = twoHubs()
    await hubs[0].close()
    expect(ssb.listenerCount('rpc:connect')).toBe(1)
    ssb.tell(new StubRpc('a', A), false)
    expect(addresses()).toEqual([[], [A]])
    await hubs[1].close()
    expect(ssb.listenerCount('rpc:connect')).toBe(0)
  })
})

describe('an rpc that is hardly one', () => {
  const dialed = async (rpc: object) => {
    const context = setup()
    const promise = context.hub.connect(A)
    context.ssb.lastDial.callback(null, rpc as never)
    expect(await promise).toBe(rpc)
    expect(context.hub.getState(A)).toBe('connected')
    return context
  }

  it('because it is {} stays connected until disconnect()', async () => {
    const { hub, recording } = await dialed({})
    expect(await hub.disconnect(A)).toBe(true)
    expect(hub.size).toBe(0)
    expect(recording.lines().slice(-2)).toEqual([`disconnecting ${A}`, `disconnected ${A}`])
  })

  it('because it cannot be heard is over by the callback of its close()', async () => {
    const { hub } = await dialed({
      closed: false,
      close: (_: unknown, callback: () => void) => callback(),
    })
    expect(await hub.disconnect(A)).toBe(true)
    expect(hub.size).toBe(0)
  })

  it('goes with a hub that closes, and is refused by an sbot that is not ready', async () => {
    const { hub, ssb } = await dialed({})
    ssb.ready = () => false
    const code = codeOf(hub.connect(B))
    ssb.lastDial.callback(null, {} as never)
    expect(await code).toBe('NOT_READY')
    await hub.close()
    expect(hub.size).toBe(0)
  })

  it.each([true, 5, 'rpc'])('because it is %j fails the dial', async (rpc) => {
    const { hub, ssb } = setup()
    const promise = hub.connect(A)
    ssb.lastDial.callback(null, rpc as never)
    await expect(promise).rejects.toMatchObject({
      code: 'DIAL_FAILED',
      cause: { message: 'ssb.connect gave no rpc' },
    })
  })
})

describe('we ourselves', () => {
  it('are never tracked, nor closed', () => {
    const { ssb, hub, recording } = setup()
    const inbound = new StubRpc('self', A)
    const outbound = new StubRpc('self', A)
    ssb.tell(inbound, false)
    ssb.tell(outbound, true)
    expect([inbound.closed, outbound.closed]).toEqual([false, false])
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual([])
  })

  it('are left alone even where the sbot is not ready', () => {
    const { ssb } = setup()
    ssb.ready = () => false
    const rpc = new StubRpc('self', A)
    ssb.tell(rpc, false)
    expect(rpc.closed).toBe(false)
  })

  it('are not dialed', async () => {
    const { ssb, hub } = setup()
    expect(await codeOf(hub.connect('net:10.0.0.1:8008~shs:self'))).toBe('DIAL_SELF')
    expect(ssb.dials).toEqual([])
  })

  it('are recognised by the rpc where the address has no key', async () => {
    const { ssb, hub } = setup()
    const code = codeOf(hub.connect('unix:/run/sbot~noauth'))
    const rpc = new StubRpc('self', 'unix:/run/sbot~noauth')
    ssb.answer(ssb.lastDial, rpc)
    expect(await code).toBe('DIAL_SELF')
    expect(rpc.closed).toBe(true)
    expect(hub.size).toBe(0)
  })

  it('may have no key, and then all others are tracked as ever', async () => {
    const ssb = new StubSbot()
    ssb.id = undefined
    const { hub } = setup(ssb)
    ssb.tell(new StubRpc('a', A), false)
    ssb.tell(new StubRpc(undefined, 'unix:1~noauth'), false)
    const promise = hub.connect(B)
    ssb.answer(ssb.lastDial, new StubRpc('b', B))
    await promise
    expect(hub.snapshot().map(({ state }) => state)).toEqual([
      'connected',
      'connected',
      'connected',
    ])
  })
})

describe('an sbot that is not ready', () => {
  const notReady = () => {
    const context = setup()
    context.ssb.ready = () => false
    return context
  }

  it('has every rpc closed', () => {
    const { ssb, hub, recording } = notReady()
    const rpcs = [new StubRpc('a', A), new StubRpc('b', B)] as const
    ssb.tell(rpcs[0], false)
    ssb.tell(rpcs[1], true)
    expect(rpcs.map(({ closed }) => closed)).toEqual([true, true])
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual([])
  })

  it.each(['with', 'without'])('fails dials %s rpc:connect by NOT_READY', async (how) => {
    const { ssb, hub, recording } = notReady()
    const code = codeOf(hub.connect(A))
    const rpc = new StubRpc('a', A)
    if (how === 'with') ssb.answer(ssb.lastDial, rpc)
    else ssb.lastDial.callback(null, rpc)
    expect(await code).toBe('NOT_READY')
    expect(rpc.closed).toBe(true)
    expect(recording.lines()).toEqual([`connecting ${A}`, `connecting-failed ${A}`])
  })

  it('because it has closed takes nothing any more', async () => {
    const { ssb, hub } = setup()
    const code = codeOf(hub.connect(A))
    ssb.closed = true
    const rpcs = [new StubRpc('a', A), new StubRpc('b', B)] as const
    ssb.answer(ssb.lastDial, rpcs[0])
    ssb.tell(rpcs[1], false)
    expect(await code).toBe('NOT_READY')
    expect(rpcs.map(({ closed }) => closed)).toEqual([true, true])
    expect(hub.size).toBe(0)
  })

  it('tells each rpc that it turns away, once, to every hub', async () => {
    const { ssb, hub } = notReady()
    const transport = toTransport(ssb)
    const told: unknown[] = []
    const hubs = [createHub({ transport }), createHub({ transport })] as const
    for (const each of hubs) each.on('refused', (refusal) => told.push(refusal))
    ssb.tell(new StubRpc('a', A), false)
    const refused = { by: 'secret-stack', why: 'not-ready', key: keyOf('a'), address: A }
    const inbound = expect.objectContaining({ ...refused, direction: 'inbound' })
    expect(told.splice(0)).toEqual([inbound, inbound])

    // Of a dial the event and the callback give the same rpc, and some sbots give it by the callback alone.
    for (const withEvent of [true, false]) {
      const code = codeOf(hubs[0].connect(B))
      const rpc = new StubRpc('b', B)
      if (withEvent) ssb.answer(ssb.lastDial, rpc)
      else ssb.lastDial.callback(null, rpc)
      expect(await code).toBe('NOT_READY')
      const outbound = expect.objectContaining({
        ...refused,
        key: keyOf('b'),
        address: B,
        direction: 'outbound',
      })
      expect(told.splice(0)).toEqual([outbound, outbound])
    }
    expect(hub.size).toBe(0)
  })

  it('is asked at each rpc', () => {
    const { ssb, hub } = notReady()
    ssb.tell(new StubRpc('a', A), false)
    ssb.ready = () => true
    ssb.tell(new StubRpc('b', B), false)
    expect(hub.snapshot().map(({ address }) => address)).toEqual([B])
  })
})

describe('a disconnect', () => {
  it('that the rpc refuses is undone', async () => {
    const { hub, rpc, recording } = await connected()
    rpc.closeError = new Error('not now')
    await expect(hub.disconnect(A)).rejects.toMatchObject({
      code: 'CLOSE_FAILED',
      cause: rpc.closeError,
    })
    expect(hub.getState(A)).toBe('connected')
    expect(recording.lines()).toEqual([`disconnecting ${A}`, `disconnecting-failed ${A}`])
    rpc.closeError = undefined
    expect(await hub.disconnect(A)).toBe(true)
    expect(recording.lines()).toEqual([`disconnecting ${A}`, `disconnected ${A}`])
  })

  it('is undone where the rpc throws', async () => {
    const { hub, rpc } = await connected()
    rpc.close = () => {
      throw new Error('broken')
    }
    expect(await codeOf(hub.disconnect(A))).toBe('CLOSE_FAILED')
    expect(hub.getState(A)).toBe('connected')
  })

  it('is over by the callback of an rpc that never says closed', async () => {
    const { hub, ssb, recording } = setup()
    const promise = hub.connect(A)
    const rpc = new StubRpc('a', A)
    rpc.closed = undefined
    rpc.close = (_error, callback) => callback()
    ssb.answer(ssb.lastDial, rpc)
    await promise
    expect(await hub.disconnect(A)).toBe(true)
    expect(recording.lines().slice(2)).toEqual([`disconnecting ${A}`, `disconnected ${A}`])
  })

  it('is not over by the callback of an rpc that says it is still open', async () => {
    const { hub, rpc, recording } = await connected()
    rpc.close = (_error, callback) => callback()
    const promise = hub.disconnect(A)
    await Promise.resolve()
    expect(hub.getState(A)).toBe('disconnecting')
    rpc.end()
    expect(await promise).toBe(true)
    expect(recording.lines()).toEqual([`disconnecting ${A}`, `disconnected ${A}`])
  })
})

describe('the end of the hub', () => {
  it('takes its listener from the sbot', async () => {
    const { ssb, hub, rpc } = await connected()
    expect(ssb.listenerCount('rpc:connect')).toBe(1)
    await hub.close()
    expect(ssb.listenerCount('rpc:connect')).toBe(0)
    expect(rpc.closed).toBe(true)
  })

  it('works with an sbot that has no removeListener', async () => {
    const { addListener, connect } = new StubSbot()
    const { hub, onError } = setup({ addListener, connect } as StubSbot)
    await hub.close()
    expect(onError).not.toHaveBeenCalled()
  })

  it('has rpcs closed that come later, for a dial that was running', async () => {
    const { ssb, hub } = setup()
    const code = codeOf(hub.connect(A))
    await hub.close()
    expect(await code).toBe('HUB_CLOSED')
    const late = new StubRpc('a', A)
    ssb.answer(ssb.lastDial, late)
    expect(late.closed).toBe(true)
  })
})

describe('an address', () => {
  it('can be read without a hub', () => {
    expect(describeAddress(A)).toEqual({ key: keyOf('a'), kind: 'lan' })
    expect(describeAddress('onion:x:1~noauth')).toEqual({ key: undefined, kind: undefined })
    expect(() => describeAddress('example.com:8008')).toThrow(
      expect.objectContaining({ code: 'INVALID_ADDRESS' }),
    )
  })

  it.each([
    ['that is none', 'example.com:8008', 'INVALID_ADDRESS'],
    ['that is too long', `net:${'h'.repeat(5000)}:1~shs:a`, 'ADDRESS_TOO_LONG'],
    ['with escapes that is too long', `net:!!${'h'.repeat(600)}:1~shs:a`, 'ADDRESS_TOO_LONG'],
  ])('%s is refused before anything happens', async (_, address, code) => {
    const { ssb, hub, recording } = setup()
    expect(await codeOf(hub.connect(address))).toBe(code)
    expect(ssb.dials).toEqual([])
    expect(recording.lines()).toEqual([])
  })
})

describe('what is no sbot', () => {
  it.each([
    ['nothing', undefined],
    ['what makes one', () => new StubSbot()],
    ['a promise of one', Promise.resolve(new StubSbot())],
    ['an rpc', new StubRpc('a', A)],
  ])('is refused, with a word of what is: %s', (_, ssb) => {
    expect(() => toTransport(ssb as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('a running sbot, with connect() and addListener()'),
      }),
    )
  })
})
