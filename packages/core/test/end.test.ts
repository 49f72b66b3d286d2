import { createHub } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { A, B, outcomeOf, setup } from './setup.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('10 close()', () => {
  it('ends every entry, with its events, before it returns', () => {
    const { hub, transport, recording } = setup()
    hub.connect(A).catch(() => {})
    transport.inbound(B)
    transport.inbound('fault:c').onClose = 'refuse'
    hub.disconnect('fault:c', { reason: 'bored' })
    recording.lines()
    hub.close()
    expect(hub.size).toBe(0)
    expect(recording.lines()).toEqual([
      'disconnecting fault:a',
      'disconnected fault:a',
      'disconnecting fault:b',
      'disconnected fault:b',
      'disconnected fault:c',
    ])
    const reasons = recording.events.map((event) => 'reason' in event && event.reason)
    expect(reasons.slice(-4)).toEqual(['hub-closed', 'hub-closed', 'hub-closed', 'bored'])
    expect(transport.sessions.map(({ closeCalls }) => closeCalls)).toEqual([1, 1])
  })

  it('ends a dial that is being cancelled, with its events, inside a listener of disconnecting', async () => {
    const { hub, recording } = setup()
    const outcome = outcomeOf(hub.connect(A))
    const heard: string[] = []
    hub.on('disconnecting', () => {
      hub.close()
    })
    hub.on('disconnected', () => heard.push('disconnected'))
    hub.on('close', () => heard.push('close'))
    recording.lines()
    expect(await outcomeOf(hub.disconnect(A))).toBe(true)
    expect(await outcome).toBe('DIAL_CANCELLED')
    expect(heard).toEqual(['disconnected', 'close'])
  })

  it('settles all who wait', async () => {
    const { hub, transport } = setup()
    const dialing = outcomeOf(hub.connect(A))
    const session = transport.inbound(B)
    session.onClose = 'later'
    const disconnecting = outcomeOf(hub.disconnect(B))
    const waiting = outcomeOf(hub.connect(B))
    const resetting = outcomeOf(hub.reset())
    await hub.close()
    expect(await Promise.all([dialing, disconnecting, waiting, resetting])).toEqual([
      'DIAL_CANCELLED',
      true,
      'DIAL_CANCELLED',
      undefined,
    ])
  })

  it('says to a dial and to a wait why they ended', async () => {
    const { hub, transport } = setup()
    const dialing = outcomeOf(hub.connect(A))
    const { signal } = transport.lastDial.attempt
    transport.inbound(B).onClose = 'refuse'
    hub.disconnect(B)
    const waiting = outcomeOf(hub.connect(B))
    hub.close()
    expect(await Promise.all([dialing, waiting])).toEqual(['HUB_CLOSED', 'HUB_CLOSED'])
    expect(signal.reason).toMatchObject({ code: 'HUB_CLOSED' })
    expect(transport.dials).toHaveLength(1)
  })

  it('leaves no timer', async () => {
    const { hub, transport } = setup()
    hub.connect(A).catch(() => {})
    hub.connect(A, { timeout: 20_000 }).catch(() => {})
    transport.inbound(B).onClose = 'refuse'
    hub.disconnect(B)
    transport.inbound('fault:c')
    expect(vi.getTimerCount()).toBe(3)
    transport.sessions[0]?.end()
    expect(vi.getTimerCount()).toBe(2)
    await hub.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends a dial that runs beside an open session', async () => {
    const { hub, transport } = setup()
    hub.connect(A)
    transport.inbound(A)
    await hub.close()
    expect(vi.getTimerCount()).toBe(0)
    expect(transport.lastDial.succeed().isOpen).toBe(false)
    expect(hub.size).toBe(0)
  })

  it('called twice gives the same promise, and does nothing twice', async () => {
    const { hub, transport, recording } = setup()
    const session = transport.inbound(A)
    const heard = vi.fn()
    hub.on('close', heard)
    const ending = hub.close()
    expect(hub.close()).toBe(ending)
    await ending
    expect(hub.close()).toBe(ending)
    expect(session.closeCalls).toBe(1)
    expect(heard).toHaveBeenCalledTimes(1)
    expect(recording.lines()).toHaveLength(3)
  })

  it('called by a listener of close gives the same promise', async () => {
    const { hub } = setup()
    let inner: Promise<void> | undefined
    hub.on('close', () => {
      inner = hub.close()
    })
    const ending = hub.close()
    await ending
    expect(inner).toBe(ending)
  })
})

describe('10 the listeners', () => {
  it('of close are called last, once, and without an argument', async () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    const log: unknown[] = []
    hub.on('close', (...args) => log.push(args))
    hub.on('*', ({ type }) => log.push(type))
    hub.on('change', ({ after }) => log.push(after?.state))
    await hub.close()
    const last = [undefined]
    expect(log).toEqual(['disconnecting', 'disconnecting', 'disconnected', undefined, last])
  })

  it('get nothing after it', async () => {
    const { hub, transport, recording } = setup()
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    const changes = vi.fn()
    hub.on('change', changes)
    const ending = hub.close()
    recording.lines()
    changes.mockClear()
    session.end()
    transport.inbound(B)
    await ending
    expect(recording.lines()).toEqual([])
    expect(changes).not.toHaveBeenCalled()
  })
})

describe('10 the promise of close()', () => {
  it('waits for the sessions', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    const ending = hub.close()
    await vi.advanceTimersByTimeAsync(4_999)
    expect(await outcomeOf(ending)).toBe('pending')
    session.end()
    expect(await outcomeOf(ending)).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('resolves when the time to close is over, and says what stays open', async () => {
    const { hub, transport, onError } = setup({ closeTimeout: 50 })
    transport.inbound(A).onClose = 'refuse'
    transport.inbound(B).onClose = 'refuse'
    const ending = hub.close()
    await vi.advanceTimersByTimeAsync(49)
    expect(await outcomeOf(ending)).toBe('pending')
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcomeOf(ending)).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
    expect(onError.mock.calls).toMatchObject([
      [
        {
          code: 'CLOSE_TIMEOUT',
          message: '2 sessions did not close within 50 ms of close().',
        },
        { origin: 'transport', call: 'close' },
      ],
    ])
  })

  it.each(['throw', 'reject'] as const)('does not wait for a close() that does %s', async (way) => {
    const { hub, transport, onError } = setup()
    transport.inbound(A).onClose = way
    expect(await outcomeOf(hub.close())).toBeUndefined()
    expect(onError.mock.calls).toEqual([
      [expect.any(Error), { origin: 'transport', call: 'close' }],
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits for the last of the sessions', async () => {
    const { hub, transport } = setup()
    const [first, last] = [transport.inbound(A), transport.inbound(B)]
    first.onClose = 'refuse'
    last.onClose = 'refuse'
    const ending = hub.close()
    first.end()
    expect(await outcomeOf(ending)).toBe('pending')
    last.end()
    expect(await outcomeOf(ending)).toBeUndefined()
  })

  it('does not wait for a session that closed when it heard that it will be', async () => {
    const { hub, transport, onError } = setup()
    const session = transport.inbound(A)
    hub.on('disconnecting', () => session.end())
    expect(await outcomeOf(hub.close())).toBeUndefined()
    expect(session.closeCalls).toBe(0)
    expect(onError).not.toHaveBeenCalled()
  })

  it('needs no listen() of the transport', async () => {
    const onError = vi.fn()
    const hub = createHub({ transport: { describe: () => ({}), dial: () => {} }, onError })
    expect(await outcomeOf(hub.close())).toBeUndefined()
    expect(onError).not.toHaveBeenCalled()
  })

  it('does not wait for a session that closed with another', async () => {
    const { hub, transport, onError } = setup()
    const [first, second] = [transport.inbound(A), transport.inbound(A)]
    second.onClose = 'refuse'
    first.onClosed(() => second.end())
    expect(await outcomeOf(hub.close())).toBeUndefined()
    expect(onError).not.toHaveBeenCalled()
  })
})

describe('10 after close()', () => {
  it('what would change something is refused', async () => {
    const { hub } = setup()
    await hub.close()
    expect(hub.closed).toBe(true)
    const closed = expect.objectContaining({
      code: 'HUB_CLOSED',
      message: 'This hub is closed. Create a new one.',
    })
    await expect(hub.connect(A)).rejects.toEqual(closed)
    await expect(hub.disconnect(A)).rejects.toEqual(closed)
    await expect(hub.reset()).rejects.toEqual(closed)
    expect(() => hub.update(A, {})).toThrow(closed)
    expect(() => hub.on('*', () => {})).toThrow(closed)
  })

  it('what only looks finds nothing', async () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    await hub.close()
    expect(hub.get(A)).toBeUndefined()
    expect(hub.getState(A)).toBeUndefined()
    expect(hub.byKey('a')).toEqual([])
    expect([...hub.entries()]).toEqual([])
    expect(hub.snapshot()).toEqual([])
    expect(hub.size).toBe(0)
    const view = createView(hub, 'entries')
    view.start(() => {})
    expect([view.take(), view.ended]).toEqual([undefined, true])
  })
})
