import { createHub, HubError } from '@conn-hub/core'
import { createFaultTransport } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { createKeeper } from '../src/index.js'
import { A, B, connected, fakeTime, pass, setup, waitOf } from './setup.js'

fakeTime()

/** The reasons of the house's own parts. */
const OURS = ['unresponsive', 'duplicate', 'limit', 'idle', 'max-age', 'reset', 'draining']

describe('an end of our own', () => {
  it('pauses the intent where it has the default reason', async () => {
    const { kept, hub, transport } = await connected()
    await pass(20_000)
    await hub.disconnect(A)
    expect([kept.state, kept.nextAt]).toEqual(['paused', undefined])
    await pass(600_000)
    expect(transport.dials).toHaveLength(1)
  })

  it('pauses where the app has said so of the reason', async () => {
    const { kept, hub } = await connected({ pausedBy: ['banned'] })
    await hub.disconnect(A, { reason: 'banned' })
    expect(kept.state).toBe('paused')
  })

  it.each(OURS)('with the reason %s does not: it is dialed by the rules', async (reason) => {
    const { kept, hub } = await connected()
    await pass(20_000)
    await hub.disconnect(A, { reason })
    // Where there was no place left, others wait for theirs.
    expect([kept.state, waitOf(kept)]).toEqual(['waiting', reason === 'limit' ? 15_000 : 2_500])
  })

  it('by reset() does not', async () => {
    const { kept, hub } = await connected()
    await pass(20_000)
    await hub.reset()
    expect([kept.state, waitOf(kept)]).toEqual(['waiting', 2_500])
  })

  it('of a dial pauses, too', async () => {
    const { keeper, hub } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    await hub.disconnect(A)
    expect([kept.state, kept.attempts]).toEqual(['paused', 0])
  })

  it('of a dial for another reason counts for nothing', async () => {
    const { keeper, hub } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    await hub.reset('the network changed')
    expect([kept.state, kept.attempts, waitOf(kept)]).toEqual(['waiting', 0, 2_500])
  })

  it('pauses an intent by key whose link it was', async () => {
    const { keeper, hub, transport } = setup()
    const kept = keeper.keep({ key: 'a', addresses: [B] })
    transport.inbound(A)
    await hub.disconnect(A)
    expect(kept.state).toBe('paused')
  })

  it('pauses an intent by key until the peer is dialed, at whatever address', async () => {
    const { keeper, hub, transport } = setup()
    const kept = keeper.keep({ key: 'a', addresses: [B] })
    transport.inbound(A)
    await hub.disconnect(A)
    transport.inbound(A).end()
    expect(kept.state).toBe('paused')
    hub.connect(A).catch(() => {})
    const session = transport.lastDial.succeed()
    expect(kept.state).toBe('connected')
    session.end()
    expect([kept.state, kept.nextAt]).toEqual(['waiting', expect.any(Number)])
  })

  it('leaves an intent by key alone that has another link', async () => {
    const { keeper, hub, transport } = setup()
    const kept = keeper.keep({ key: 'a', addresses: [A] })
    transport.inbound(A)
    const other = transport.inbound('fault:anonymous', { key: 'a' })
    await hub.disconnect(A)
    expect(kept.state).toBe('connected')
    other.end()
    expect(kept.state).toBe('waiting')
  })

  it('that fails leaves it connected', async () => {
    const { kept, session, hub } = await connected()
    session.onClose = 'throw'
    await hub.disconnect(A).catch(() => {})
    expect(kept.state).toBe('connected')
  })
})

describe('what ends a pause', () => {
  const paused = async () => {
    const world = await connected()
    await world.hub.disconnect(A)
    expect(world.kept.state).toBe('paused')
    return world
  }

  it('is now()', async () => {
    const { kept, transport } = await paused()
    kept.now()
    await pass(0)
    transport.lastDial.fail()
    await pass(0)
    expect(kept.state).toBe('waiting')
  })

  it('is a connect(): the last wish counts', async () => {
    const { kept, transport, hub } = await paused()
    hub.connect(A).catch(() => {})
    expect(kept.state).toBe('connecting')
    transport.lastDial.fail()
    await pass(0)
    expect(kept.state).toBe('waiting')
  })

  it('is a connect(), though it is taken back: the wait begins again', async () => {
    const { kept, hub } = await paused()
    hub.connect(A).catch(() => {})
    await hub.reset()
    expect([kept.state, waitOf(kept)]).toEqual(['waiting', 2_500])
  })

  it('is a connect() to an address of an intent by key, too', async () => {
    const { keeper, hub, transport } = setup()
    const kept = keeper.keep({ key: 'a', addresses: [A] })
    transport.inbound(A)
    await hub.disconnect(A)
    hub.connect(A).catch(() => {})
    transport.lastDial.fail()
    expect([kept.state, kept.nextAt !== undefined]).toEqual(['waiting', true])
  })

  it('is not resume(), nor a network that is back', async () => {
    const { kept, keeper } = await paused()
    keeper.pause('for a moment')
    keeper.resume()
    expect(kept.state).toBe('paused')
  })

  it('is not the other side: its link is shown, and not dialed after', async () => {
    const { kept, transport } = await paused()
    const session = transport.inbound(A)
    expect(kept.state).toBe('connected')
    session.end()
    expect(kept.state).toBe('paused')
  })

  it('is not a dial of the keeper for another intent', async () => {
    const { kept, keeper, transport } = await paused()
    const other = keeper.keep({ key: 'a', addresses: [A] })
    await pass(20)
    expect(other.state).toBe('connecting')
    transport.lastDial.fail()
    await pass(0)
    expect([kept.state, other.state]).toEqual(['paused', 'waiting'])
  })
})

describe('an end by the other side', () => {
  it.each(['disconnect', 'banned', ...OURS, 'hub-closed'])(
    'with the word %s pauses nothing',
    async (reason) => {
      const { kept, session } = await connected({ pausedBy: ['banned'] })
      await pass(20_000)
      session.end(undefined, reason)
      expect(kept.state).toBe('waiting')
      expect(kept.lastError).toMatchObject({ code: 'SESSION_CLOSED' })
    },
  )

  it.each([
    ['session-closed', 2_500],
    ['restart', 2_500],
    ['try-later', 10_000],
    ['limit', 10_000],
    ['refused', 15_000],
    ['unauthorized', 15_000],
    ['forbidden', 15_000],
  ])('with the word %s sets the pace alone', async (reason, wait) => {
    const { kept, session } = await connected()
    await pass(20_000)
    session.end(undefined, reason)
    expect(waitOf(kept)).toBe(wait)
  })

  it('sets no pace by a word of our own', async () => {
    const { kept, hub } = await connected()
    await pass(20_000)
    await hub.disconnect(A, { reason: 'refused' })
    expect(waitOf(kept)).toBe(2_500)
  })
})

describe('a dial', () => {
  it.each([
    ['REFUSED', 15_000],
    ['UNAUTHORIZED', 15_000],
    ['FORBIDDEN', 15_000],
    ['GATE_REFUSED', 15_000],
    ['TRY_LATER', 15_000],
    ['LINK_LOST', 5_000],
  ])('that fails with %s waits, and is told', async (code, wait) => {
    const { keeper, transport, changes } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    transport.lastDial.fail(Object.assign(new Error('no'), { code }))
    await pass(0)
    expect(waitOf(kept)).toBe(wait)
    expect(kept.lastError).toMatchObject({ cause: { code } })
    expect(changes.at(-1)).toBe(`${A} waiting`)
  })

  it('of which the hub keeps the error waits, too', async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    transport.lastDial.fail(new HubError('UNAUTHORIZED', 'who are you?'))
    await pass(0)
    expect([waitOf(kept), kept.lastError]).toEqual([
      15_000,
      expect.objectContaining({ code: 'UNAUTHORIZED' }),
    ])
  })

  it('may fail with anything', async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep(A)
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('do not look')
        },
        has: () => {
          throw new Error('do not look')
        },
      },
    )
    for (const error of [null, undefined, 'text', trap]) {
      await pass(waitOf(kept) ?? 0)
      transport.lastDial.fail(error)
      await pass(0)
      expect(kept.state).toBe('waiting')
      expect(keeper.explain(A)).toHaveLength(2)
    }
    expect(kept.attempts).toBe(4)
  })

  it('that never ends is ended by the hub', async () => {
    const { keeper } = setup()
    const kept = keeper.keep(A)
    await pass(30_000)
    expect([kept.state, kept.attempts]).toEqual(['waiting', 1])
    expect(kept.lastError).toMatchObject({ code: 'DIAL_TIMEOUT' })
  })
})

describe('a duplicate', () => {
  /** Two addresses of one peer, both open; the intent is for the first. */
  const twice = async () => {
    const world = await connected()
    const other = world.transport.inbound('fault:anonymous', { key: 'a' })
    return { ...world, other }
  }

  it('is satisfied by the other link of the proved key, as long as that lives', async () => {
    const { kept, hub, other, session, transport, changes } = await twice()
    await hub.disconnect(A, { session, reason: 'duplicate' })
    expect(kept.state).toBe('connected')
    expect(changes).toEqual([`${A} waiting`, `${A} connecting`, `${A} connected`])
    await pass(600_000)
    expect(transport.dials).toHaveLength(1)
    other.end()
    expect([kept.state, waitOf(kept)]).toEqual(['waiting', 2_500])
  })

  it('that the other side has closed is, too: what satisfies is proved', async () => {
    const { kept, session, other } = await twice()
    session.end(undefined, 'duplicate')
    expect(kept.state).toBe('connected')
    other.end()
    expect(kept.state).toBe('waiting')
  })

  it('is dialed by the rules where there is no other link', async () => {
    const { kept, session } = await connected()
    await pass(20_000)
    session.end(undefined, 'duplicate')
    expect([kept.state, waitOf(kept)]).toEqual(['waiting', 2_500])
  })

  it('is dialed by the rules where the other link has not proved the key', async () => {
    const { kept, session, transport, hub } = await connected()
    hub.connect('fault:anonymous', { key: 'a' })
    transport.lastDial.succeed({ key: undefined })
    expect(hub.byKey('a')).toHaveLength(2)
    session.end(undefined, 'duplicate')
    expect(kept.state).toBe('waiting')
  })

  it('ends for its own address when that is open again', async () => {
    const { kept, hub, session, other, transport } = await twice()
    await hub.disconnect(A, { session, reason: 'duplicate' })
    const again = transport.inbound(A)
    other.end()
    expect(kept.state).toBe('connected')
    again.end()
    expect(kept.state).toBe('waiting')
  })

  it('for another reason satisfies nothing', async () => {
    const { kept, session } = await twice()
    session.end(undefined, 'idle')
    expect(kept.state).toBe('waiting')
  })

  it('leaves nothing behind when it is released', async () => {
    const { kept, hub, session, other, keeper } = await twice()
    await hub.disconnect(A, { session, reason: 'duplicate' })
    kept.release()
    other.end()
    expect([kept.state, [...keeper.entries()]]).toEqual(['released', []])
    expect(vi.getTimerCount()).toBe(0)
  })
})

it('of one entry is never taken for that of another: the stack was full, and a change was not told', async () => {
  const transport = createFaultTransport()
  const hub = createHub({ transport, onError: () => {} })
  let isFull = true
  const on = ((type: 'change', listener: (change: object) => unknown) =>
    hub.on(type, (change) => {
      if (type !== 'change' || change.after || !isFull) return listener(change)
      isFull = false
    })) as typeof hub.on
  const keeper = createKeeper({ ...hub, on }, { random: () => 0.5 })
  keeper.keep(A)
  await pass(0)
  await hub.disconnect(A)
  expect(isFull).toBe(false)
  const other = keeper.keep(B)
  await pass(1_000)
  expect(other.state).toBe('connecting')
  keeper.close()
})
