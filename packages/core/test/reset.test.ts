import { describe, expect, it, vi } from 'vitest'
import { A, B, outcomeOf, setup } from './setup.js'

describe('reset()', () => {
  it('disconnects everything, says why, and goes on', async () => {
    const { hub, transport, recording } = setup()
    transport.inbound(A)
    const cancelled = outcomeOf(hub.connect(B))
    recording.lines()
    const reset = hub.reset('wake-up')
    expect(hub.size).toBe(0)
    await reset
    expect(await cancelled).toBe('DIAL_CANCELLED')
    expect(recording.lines()).toEqual([
      'disconnecting fault:a',
      'disconnected fault:a',
      'disconnecting fault:b',
      'disconnected fault:b',
    ])
    expect(recording.events.at(-1)).toMatchObject({ reason: 'wake-up', initiator: 'local' })
    const again = hub.connect(A)
    const session = transport.lastDial.succeed()
    expect(await again).toBe(session)
  })

  it('gives the reason reset where nobody gave one', async () => {
    const { hub, transport, recording } = setup()
    transport.inbound(A)
    await hub.reset()
    expect(recording.events.at(-1)).toMatchObject({ type: 'disconnected', reason: 'reset' })
  })

  it('resolves although a session stays open; the events tell that', async () => {
    vi.useFakeTimers()
    const { hub, transport, recording } = setup()
    transport.inbound(A).onClose = 'reject'
    transport.inbound(B).onClose = 'refuse'
    const reset = hub.reset()
    await vi.advanceTimersByTimeAsync(4_999)
    const early = await outcomeOf(reset)
    await vi.advanceTimersByTimeAsync(1)
    vi.useRealTimers()
    expect([early, await outcomeOf(reset)]).toEqual(['pending', undefined])
    expect([hub.getState(A), hub.getState(B)]).toEqual(['connected', 'connected'])
    expect(recording.lines().slice(-2)).toEqual([
      'disconnecting-failed fault:a',
      'disconnecting-failed fault:b',
    ])
  })

  it('leaves alone what a handler connects meanwhile', async () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    hub.on('disconnected', () => hub.connect(B))
    await hub.reset()
    expect(hub.getState(B)).toBe('connecting')
    transport.lastDial.succeed()
    expect(hub.getState(B)).toBe('connected')
  })

  it('is done at once where there is nothing', async () => {
    const { hub, recording } = setup()
    expect(await outcomeOf(hub.reset())).toBeUndefined()
    expect(recording.lines()).toEqual([])
  })

  it('leaves alone an entry whose turn has not come, where a handler has ended it and connected it anew', async () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    const old = transport.inbound(B)
    const done = vi.fn()
    hub.on('disconnecting', ({ address }) => {
      if (address !== A) return
      old.end()
      hub.connect(B).then(done, done)
    })
    await hub.reset()
    expect(hub.getState(B)).toBe('connecting')
    const session = transport.lastDial.succeed()
    await outcomeOf(Promise.resolve())
    expect(done.mock.calls).toEqual([[session]])
    expect(hub.get(B)?.sessions).toEqual([session])
  })

  it.each(['connected', 'connecting'] as const)(
    'comes before a connect() in a handler: that waits for the end of what is %s, and dials anew',
    async (state) => {
      const { hub, transport, recording } = setup()
      transport.inbound(A)
      const first = state === 'connected' ? undefined : outcomeOf(hub.connect(B))
      if (state === 'connected') transport.inbound(B)
      let inner: Promise<unknown> = Promise.reject(new Error('not called'))
      inner.catch(() => {})
      hub.on('disconnecting', ({ address }) => {
        if (address === A) inner = hub.connect(B)
      })
      recording.lines()
      await hub.reset()
      expect(await first).toBe(state === 'connected' ? undefined : 'DIAL_CANCELLED')
      expect(hub.getState(B)).toBe('connecting')
      const session = transport.lastDial.succeed()
      expect(await outcomeOf(inner)).toBe(session)
      expect(recording.lines()).toEqual([
        'disconnecting fault:a',
        'disconnected fault:a',
        'disconnecting fault:b',
        'disconnected fault:b',
        'connecting fault:b',
        'connected fault:b',
      ])
    },
  )

  it('comes before a connect() in a handler also where the dial that was running fails first', async () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    const first = outcomeOf(hub.connect(B))
    let inner: Promise<unknown> = Promise.resolve()
    hub.on('disconnecting', () => {
      inner = hub.connect(B)
      transport.lastDial.fail()
    })
    await hub.reset()
    expect(await first).toBe('DIAL_FAILED')
    expect(transport.dials).toHaveLength(2)
    const session = transport.lastDial.succeed()
    expect(await outcomeOf(inner)).toBe(session)
  })

  it('inside a reset waits for all of it, and ends nothing twice', async () => {
    const { hub, transport } = setup()
    const sessions = [transport.inbound(A), transport.inbound(B)]
    let inner: Promise<unknown> = Promise.resolve()
    hub.on('disconnecting', ({ address }) => {
      if (address === A) inner = hub.reset('inner')
    })
    await hub.reset('outer')
    await inner
    expect(hub.size).toBe(0)
    expect(sessions.map(({ closeCalls }) => closeCalls)).toEqual([1, 1])
  })
})
