import { createHub } from '@conn-hub/core'
import { turns } from '@conn-hub/testkit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { A, B, outcomeOf, setup } from '../setup.js'
import { connectedWith, sessionOf, tellingsOf } from './setup.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const CLOSE_TIMEOUT = 5_000

describe.each(['tells', 'says nothing'] as const)('destroy() that %s', (how) => {
  it('(a) is called when closeTimeout is over: the entry leaves with the reason that was asked', async () => {
    const session = sessionOf('refuse', how)
    const { hub, recording, onError } = connectedWith(session)
    const disconnecting = hub.disconnect(A, { reason: 'enough' })
    vi.advanceTimersByTime(CLOSE_TIMEOUT - 1)
    expect(session.destroyCalls).toBe(0)
    vi.advanceTimersByTime(1)
    expect(session.destroyCalls).toBe(1)
    expect(await outcomeOf(disconnecting)).toBe(true)
    expect(recording.events.slice(1)).toMatchObject([
      { type: 'disconnecting' },
      {
        type: 'disconnected',
        reason: 'enough',
        initiator: 'local',
        error: { code: 'CLOSE_TIMEOUT' },
      },
    ])
    expect([hub.size, vi.getTimerCount(), onError.mock.calls.length]).toEqual([0, 0, 0])
  })

  it.each(['throw', 'reject'] as const)(
    '(b) is called at once where close() does %s',
    async (bad) => {
      const session = sessionOf(bad, how)
      const { hub, recording } = connectedWith(session)
      const disconnecting = hub.disconnect(A, { reason: 'enough' })
      expect(await outcomeOf(disconnecting)).toBe(true)
      expect(session.destroyCalls).toBe(1)
      expect(recording.events.at(-1)).toMatchObject({
        type: 'disconnected',
        reason: 'enough',
        error: { code: 'CLOSE_FAILED' },
      })
      expect(vi.getTimerCount()).toBe(0)
    },
  )

  it('(c) is called when close() of the hub is out of time', async () => {
    const session = sessionOf('refuse', how)
    const { hub, onError } = connectedWith(session)
    const closing = hub.close()
    vi.advanceTimersByTime(CLOSE_TIMEOUT - 1)
    expect([session.destroyCalls, await outcomeOf(closing)]).toEqual([0, 'pending'])
    vi.advanceTimersByTime(1)
    expect([session.destroyCalls, await outcomeOf(closing)]).toEqual([1, undefined])
    expect(onError).not.toHaveBeenCalled()
  })

  it.each(['throw', 'reject'] as const)(
    '(c) is called at once where close() does %s at the end of the hub',
    async (bad) => {
      const session = sessionOf(bad, how)
      const { hub, onError } = connectedWith(session)
      expect(await outcomeOf(hub.close())).toBe(undefined)
      expect(session.destroyCalls).toBe(1)
      expect(onError).not.toHaveBeenCalled()
    },
  )

  it('(d) is called for a session that was refused and has not closed in time', () => {
    const session = sessionOf('refuse', how, { key: 'b' })
    const { hub } = connectedWith(session)
    expect([hub.size, session.reasons]).toEqual([0, ['wrong-peer']])
    vi.advanceTimersByTime(CLOSE_TIMEOUT - 1)
    expect(session.destroyCalls).toBe(0)
    vi.advanceTimersByTime(1)
    expect([session.destroyCalls, vi.getTimerCount()]).toEqual([1, 0])
  })

  it.each(['throw', 'reject'] as const)(
    '(d) is called at once for a refused session whose close() does %s',
    async (bad) => {
      const session = sessionOf(bad, how, { key: 'b' })
      const { onError } = connectedWith(session)
      await outcomeOf(Promise.resolve())
      expect(session.destroyCalls).toBe(1)
      expect([vi.getTimerCount(), onError.mock.calls.length]).toEqual([0, 0])
    },
  )

  it('settles a disconnect of this session alone, also at the end of the hub', async () => {
    const session = sessionOf('refuse', how)
    const { hub } = connectedWith(session, sessionOf())
    const disconnecting = hub.disconnect(A, { session })
    const closing = hub.close()
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    expect(await outcomeOf(disconnecting)).toBe(true)
    expect(await outcomeOf(closing)).toBe(undefined)
    expect(session.destroyCalls).toBe(1)
  })

  it('settles a disconnect of the address at the end of the hub', async () => {
    const session = sessionOf('refuse', how)
    const { hub } = connectedWith(session)
    const disconnecting = hub.disconnect(A)
    const closing = hub.close()
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    expect([await outcomeOf(disconnecting), await outcomeOf(closing)]).toEqual([true, undefined])
    expect(session.destroyCalls).toBe(1)
  })

  it('lets a connect() that waits dial at once', async () => {
    const { hub, transport } = connectedWith(sessionOf('refuse', how))
    hub.disconnect(A)
    const connecting = hub.connect(A)
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    const session = transport.lastDial.succeed()
    expect(await outcomeOf(connecting)).toBe(session)
  })
})

describe('destroy()', () => {
  it('is never called after onClosed has told', async () => {
    const session = sessionOf('refuse', 'tells')
    const { hub } = connectedWith(session)
    hub.disconnect(A)
    session.end()
    vi.advanceTimersByTime(CLOSE_TIMEOUT * 2)
    hub.close()
    vi.advanceTimersByTime(CLOSE_TIMEOUT * 2)
    expect(session.destroyCalls).toBe(0)
  })

  it('is never called for a session that the destroy() of another one has ended, at the end of the hub', () => {
    const [one, two] = [sessionOf('refuse'), sessionOf('refuse', 'tells')]
    one.destroy = () => {
      one.end()
      two.end()
    }
    const { hub, onError } = connectedWith(one, two)
    hub.close()
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    expect(two.destroyCalls).toBe(0)
    expect(onError).not.toHaveBeenCalled()
  })

  it('is never called for a refused session that has closed: the end of the hub waits for it no longer', async () => {
    const session = sessionOf('refuse', 'tells', { direction: 'outbound' })
    const { hub, transport } = setup()
    hub.connect(A).catch(() => {})
    hub.disconnect(A)
    transport.lastDial.succeed(session)
    expect(session.reasons).toEqual(['late'])
    const closing = hub.close()
    expect(await outcomeOf(closing)).toBe('pending')
    session.end()
    expect(await outcomeOf(closing)).toBe(undefined)
    vi.advanceTimersByTime(CLOSE_TIMEOUT * 2)
    expect(session.destroyCalls).toBe(0)
  })

  it.each(['throws', 'rejects'] as const)(
    'is called at once for a refused session whose onClosed() %s: nobody would hear its end, and the hub does not wait for it',
    async (how) => {
      const session = sessionOf('at-once', 'tells', { key: 'b' })
      let heard = 0
      const { onClosed } = session
      session.onClosed = (listener) => {
        if (heard++ === 0) return onClosed.call(session, listener)
        if (how === 'throws') throw new Error('onClosed() threw')
        return Promise.reject(new Error('onClosed() rejected')) as never
      }
      session.close = () => {}
      const { hub } = connectedWith(session)
      await outcomeOf(Promise.resolve())
      expect(session.destroyCalls).toBe(1)
      expect(await outcomeOf(hub.close())).toBe(undefined)
    },
  )

  it('is called in its own time for a session that comes after the end of the hub, which does not wait for it', async () => {
    const [session, late] = [sessionOf('refuse'), sessionOf('refuse', 'tells')]
    const { hub, transport } = setup()
    let accept: (inbound: { address: string; session: typeof late }) => void = () => {}
    const { listen } = transport
    transport.listen = (given, side) => {
      accept = given as typeof accept
      return listen?.(given, side) ?? (() => {})
    }
    const other = createHub({ transport })
    transport.inbound(A, session)
    const closing = other.close()
    hub.close()
    accept({ address: A, session: late })
    session.end()
    expect(await outcomeOf(closing)).toBe(undefined)
    expect(late.destroyCalls).toBe(0)
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    expect([late.destroyCalls, vi.getTimerCount()]).toEqual([1, 0])
  })

  it('is called at once where the close() of a refused session rejects after the end of the hub', async () => {
    const session = sessionOf('refuse', 'tells', { key: 'b' })
    let reject = (_: unknown) => {}
    session.close = () =>
      new Promise((_, no) => {
        reject = no
      })
    const { hub } = connectedWith(session)
    const closing = hub.close()
    reject(new Error('close() rejected'))
    expect(await outcomeOf(closing)).toBe(undefined)
    expect(session.destroyCalls).toBe(1)
  })

  it('is called at most once, however often the session is refused', () => {
    const session = sessionOf('refuse', 'says nothing', { key: 'b' })
    const { transport } = connectedWith(session)
    transport.inbound(A, session)
    vi.advanceTimersByTime(CLOSE_TIMEOUT * 3)
    expect(session.destroyCalls).toBe(1)
  })

  it('by the timer of a disconnect that is over destroys nothing: the entry is connected anew', () => {
    const [old, next] = [sessionOf('refuse', 'tells'), sessionOf('refuse', 'tells')]
    const { hub, transport } = connectedWith(old)
    hub.disconnect(A)
    vi.advanceTimersByTime(CLOSE_TIMEOUT - 1)
    old.end()
    transport.inbound(A, next)
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    expect([hub.getState(A), old.destroyCalls, next.destroyCalls]).toEqual(['connected', 0, 0])
  })

  it('that throws is told to error, and counts as missing', async () => {
    const session = sessionOf('refuse', 'throws')
    const { hub, recording, onError } = connectedWith(session)
    const disconnecting = hub.disconnect(A)
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    expect(await outcomeOf(disconnecting)).toBe('CLOSE_TIMEOUT')
    expect(recording.lines()).toEqual([`disconnecting ${A}`, `disconnecting-failed ${A}`])
    const from = { origin: 'transport', call: 'destroy' }
    expect(onError.mock.calls).toEqual([[new Error('destroy() threw'), from]])
    expect(hub.getState(A)).toBe('connected')
  })

  it('that rejects is told to error, and counts as done', async () => {
    const session = sessionOf('refuse')
    session.destroy = async () => {
      throw new Error('destroy() rejected')
    }
    const { hub, onError } = connectedWith(session)
    const disconnecting = hub.disconnect(A)
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    expect(await outcomeOf(disconnecting)).toBe(true)
    expect(onError).toHaveBeenCalledTimes(1)
  })

  it('leaves those without it: disconnecting-failed, and the entry is connected by them', async () => {
    const [one, two] = [sessionOf('refuse', 'tells'), sessionOf('refuse')]
    const { hub, recording } = connectedWith(one, two)
    const disconnecting = hub.disconnect(A)
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    expect(await outcomeOf(disconnecting)).toBe('CLOSE_TIMEOUT')
    expect(recording.lines()).toEqual([`disconnecting ${A}`, `disconnecting-failed ${A}`])
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: [two] })
    expect(one.destroyCalls).toBe(1)
  })

  it('is not called for one session that closes in time, while another one is', async () => {
    const [one, two] = [sessionOf('refuse', 'tells'), sessionOf('refuse', 'tells')]
    const { hub } = connectedWith(one, two)
    const disconnecting = hub.disconnect(A)
    two.end()
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    expect(await outcomeOf(disconnecting)).toBe(true)
    expect([one.destroyCalls, two.destroyCalls]).toEqual([1, 0])
  })

  it.each(['connect', 'disconnect', 'reset', 'close', 'inbound'] as const)(
    'may call %s of the hub: nothing hangs, and no link is left unseen',
    async (call) => {
      const session = sessionOf('refuse')
      const { hub, transport } = connectedWith(session)
      const calls: Promise<unknown>[] = []
      session.destroy = () => {
        session.destroyCalls++
        if (call === 'connect') calls.push(hub.connect(A))
        else if (call === 'disconnect') calls.push(hub.disconnect(A))
        else if (call === 'inbound') transport.inbound(A, sessionOf())
        else calls.push(hub[call]())
        session.end()
      }
      const tellings = tellingsOf(hub, 'disconnected', 'session-closed')
      calls.push(hub.disconnect(A))
      vi.advanceTimersByTime(CLOSE_TIMEOUT)
      if (call === 'connect') transport.lastDial.succeed()
      const outcomes = await Promise.all(calls.map(outcomeOf))
      expect(outcomes).not.toContain('pending')
      expect(session.destroyCalls).toBe(1)
      expect(tellings).toEqual(['session-closed', 'disconnected'])
      expect(hub.getState(A)).toBe(call === 'connect' ? 'connected' : undefined)
    },
  )

  it('is not asked of the sessions of another address', () => {
    const [one, two] = [sessionOf('refuse', 'tells'), sessionOf('refuse', 'tells', { key: 'b' })]
    const { hub, transport } = connectedWith(one)
    transport.inbound(B, two)
    hub.disconnect(A)
    vi.advanceTimersByTime(CLOSE_TIMEOUT)
    expect([one.destroyCalls, two.destroyCalls]).toEqual([1, 0])
  })
})

describe('4: destroy() that calls the hub, and throws', () => {
  it.each(['reset', 'disconnect'] as const)(
    'a %s() inside it settles, and the entry does not hang',
    async (call) => {
      const bad = sessionOf('reject')
      const other = sessionOf('refuse')
      const { hub } = connectedWith(other, bad)
      const calls: Promise<unknown>[] = []
      const add = (made: Promise<unknown>) => {
        made.catch(() => {})
        calls.push(made)
      }
      bad.destroy = () => {
        add(call === 'reset' ? hub.reset() : hub.disconnect(A))
        throw new Error('destroy() threw')
      }
      add(hub.disconnect(A, { session: bad }))
      await turns()
      expect(hub.get(A)?.state).toBe('disconnecting')
      vi.advanceTimersByTime(CLOSE_TIMEOUT)
      expect(await Promise.all(calls.map(outcomeOf))).not.toContain('pending')
      expect([hub.get(A)?.state, vi.getTimerCount()]).toEqual(['connected', 0])
    },
  )
})
