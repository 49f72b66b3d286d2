import { getEventListeners } from 'node:events'
import { createView } from '@conn-hub/core/view'
import { trackedSignal } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from './setup.js'

describe("4 a caller's signal", () => {
  it('ends only its own wait; the dial goes on for the others', async () => {
    const { hub, transport, recording } = setup()
    const { signal, abort } = trackedSignal()
    const first = hub.connect(A)
    const joiner = hub.connect(A, { signal }).catch((error) => error)
    abort('enough')
    expect(await joiner).toMatchObject({ code: 'ABORTED', cause: 'enough' })
    expect(transport.lastDial.attempt.signal.aborted).toBe(false)
    const session = transport.lastDial.succeed()
    expect(await first).toBe(session)
    expect(recording.lines()).toEqual(['connecting fault:a', 'connected fault:a'])
  })

  it('of the one who began the dial ends only that wait, too', async () => {
    const { hub, transport } = setup()
    const { signal, abort } = trackedSignal()
    const first = outcomeOf(hub.connect(A, { signal }))
    const joiner = hub.connect(A)
    abort()
    expect(await first).toBe('ABORTED')
    const session = transport.lastDial.succeed()
    expect(await joiner).toBe(session)
  })

  it('cancels the dial when the last who waited has gone', async () => {
    const { hub, transport, recording } = setup()
    const [first, second] = [trackedSignal(), trackedSignal()]
    const both = Promise.all([
      outcomeOf(hub.connect(A, { signal: first.signal })),
      outcomeOf(hub.connect(A, { signal: second.signal })),
    ])
    first.abort()
    expect(hub.getState(A)).toBe('connecting')
    second.abort()
    expect(hub.getState(A)).toBeUndefined()
    expect(await both).toEqual(['ABORTED', 'ABORTED'])
    expect(transport.lastDial.attempt.signal.aborted).toBe(true)
    expect(recording.lines()).toEqual([
      'connecting fault:a',
      'disconnecting fault:a',
      'disconnected fault:a',
    ])
    expect(recording.events.at(-1)).toMatchObject({ reason: 'aborted', initiator: 'local' })
  })

  it('that aborts when a session of the other side comes leaves that session open', async () => {
    const { hub, transport } = setup()
    const { signal, abort } = trackedSignal()
    const outcome = outcomeOf(hub.connect(A, { signal }))
    hub.on('connected', () => abort())
    const theirs = transport.inbound(A)
    expect(await outcome).toBe('ABORTED')
    expect(theirs.isOpen).toBe(true)
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: [theirs] })
  })

  it('that has aborted before the call stops it from doing anything', async () => {
    const { hub, transport, recording } = setup()
    transport.inbound('fault:b')
    recording.lines()
    const signal = AbortSignal.abort('no')
    expect(await outcomeOf(hub.connect(A, { signal }))).toBe('ABORTED')
    const onOpen = hub.connect('fault:b', { signal, data: { n: 1 } })
    expect(await outcomeOf(onOpen)).toBe('ABORTED')
    expect(await outcomeOf(hub.disconnect('fault:b', { signal }))).toBe('ABORTED')
    expect(transport.dials).toHaveLength(0)
    expect(hub.get('fault:b')).toMatchObject({ state: 'connected', data: {} })
    expect(recording.lines()).toEqual([])
  })

  it('ends the wait for a disconnect; the disconnect goes on', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    const { signal, abort } = trackedSignal()
    const outcome = outcomeOf(hub.disconnect(A, { signal }))
    abort()
    expect(await outcome).toBe('ABORTED')
    expect(hub.getState(A)).toBe('disconnecting')
    session.end()
    expect(hub.getState(A)).toBeUndefined()
  })

  it('that aborts inside a handler of its own disconnect ends that wait', async () => {
    const { hub, transport } = setup()
    transport.inbound(A).onClose = 'refuse'
    const { signal, abort, held } = trackedSignal()
    hub.on('disconnecting', () => abort())
    expect(await outcomeOf(hub.disconnect(A, { signal }))).toBe('ABORTED')
    expect(held.size).toBe(0)
  })

  it('ends the wait of a connect that waits for a disconnect', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    const disconnected = hub.disconnect(A)
    const { signal, abort, held } = trackedSignal()
    const outcome = outcomeOf(hub.connect(A, { signal }))
    abort()
    expect(await outcome).toBe('ABORTED')
    expect(held.size).toBe(0)
    session.end()
    expect(await disconnected).toBe(true)
    expect(transport.dials).toHaveLength(0)
  })

  it('is left by every call that has settled', async () => {
    const { hub, transport } = setup()
    const { signal, held } = trackedSignal()
    const connected = hub.connect(A, { signal })
    const joined = hub.connect(A, { signal })
    expect(held.size).toBe(2)
    const session = transport.lastDial.succeed()
    await Promise.all([connected, joined])
    expect(held.size).toBe(0)

    const failed = outcomeOf(hub.connect('fault:b', { signal }))
    expect(held.size).toBe(1)
    transport.lastDial.fail()
    expect(await failed).toBe('DIAL_FAILED')
    expect(held.size).toBe(0)

    session.onClose = 'later'
    const disconnected = hub.disconnect(A, { signal })
    expect(held.size).toBe(1)
    await disconnected
    expect(held.size).toBe(0)
  })

  it('has no listener left after all that listens to it', async () => {
    const { hub, transport } = setup()
    const { signal } = new AbortController()
    const connected = hub.connect(A, { signal })
    hub.on('connected', () => {}, { signal })()
    const views = (['events', 'entries', 'changes'] as const).map((name) => {
      const view = createView(hub, name as 'events', { signal })
      view.start(() => {})
      return view
    })
    expect(getEventListeners(signal, 'abort')).toHaveLength(4)
    transport.lastDial.succeed()
    await connected
    views[0]?.stop()
    expect(getEventListeners(signal, 'abort')).toHaveLength(2)
    await hub.close()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('is left by the waits that the end of the hub ended', async () => {
    const { hub } = setup()
    const { signal, held } = trackedSignal()
    const outcome = outcomeOf(hub.connect(A, { signal }))
    hub.on('connected', () => {}, { signal })
    expect(held.size).toBe(2)
    await hub.close()
    expect(await outcome).toBe('HUB_CLOSED')
    expect(held.size).toBe(0)
  })

  it('may abort after the end of its call without any effect', async () => {
    const { hub, transport, recording } = setup()
    const { signal, abort } = trackedSignal()
    const failed = outcomeOf(hub.connect(A, { signal }))
    transport.lastDial.fail()
    expect(await failed).toBe('DIAL_FAILED')
    const again = hub.connect(A)
    recording.lines()
    abort()
    const session = transport.lastDial.succeed()
    expect(await again).toBe(session)
    expect(recording.lines()).toEqual(['connected fault:a'])
  })
})

describe("4 a signal that is the caller's own object", () => {
  /** It passes for a signal when the call begins. */
  const own = (parts: object): AbortSignal => {
    const signal = { aborted: false, addEventListener: () => {}, removeEventListener: () => {} }
    return Object.assign(signal, parts) as never
  }
  const callsAtOnce = () =>
    own({ addEventListener: (_: string, listener: () => void) => listener() })

  it('that calls its listener at once has aborted: nothing is dialed', async () => {
    const { hub, transport, recording } = setup()
    const outcome = await hub.connect(A, { signal: callsAtOnce() }).catch((thrown) => thrown)
    expect(outcome).toMatchObject({ code: 'ABORTED', cause: undefined })
    expect(transport.dials).toHaveLength(0)
    expect(recording.lines()).toEqual([])
    const again = hub.connect(A)
    expect(await Promise.all([again, transport.lastDial.succeed()])).toHaveLength(2)
  })

  it('that calls its listener at once has aborted: nobody listens, and nobody reads', () => {
    const { hub, transport } = setup()
    const heard = vi.fn()
    hub.on('connected', heard, { signal: callsAtOnce() })
    const view = createView(hub, 'events', { signal: callsAtOnce() })
    view.start(() => {})
    transport.inbound(A)
    expect(heard).not.toHaveBeenCalled()
    expect([view.take(), view.ended]).toEqual([undefined, true])
  })
})

describe("4 the transport's signal", () => {
  const dialing = () => {
    const context = setup()
    const caller = trackedSignal()
    const outcome = outcomeOf(context.hub.connect(A, { signal: caller.signal }))
    const { signal } = context.transport.lastDial.attempt
    const onAbort = vi.fn()
    signal.addEventListener('abort', onAbort)
    return { ...context, caller, outcome, signal, onAbort }
  }

  it.each<[string, string, (context: ReturnType<typeof dialing>) => unknown]>([
    ['a disconnect', 'DIAL_CANCELLED', ({ hub }) => hub.disconnect(A)],
    ['a reset', 'DIAL_CANCELLED', ({ hub }) => hub.reset()],
    ['the end of the hub', 'HUB_CLOSED', ({ hub }) => hub.close()],
    ['the last who waited', 'DIAL_CANCELLED', ({ caller }) => caller.abort()],
    ['the end of its entry', 'SESSION_CLOSED', ({ transport }) => transport.inbound(A).end()],
  ])('aborts by %s, and says why', async (_, code, end) => {
    const context = dialing()
    end(context)
    expect(context.onAbort).toHaveBeenCalledTimes(1)
    expect(context.signal.reason).toMatchObject({ code })
    await context.outcome
  })

  it('is one, however often it is asked for', async () => {
    const { hub, transport, signal, outcome } = dialing()
    expect(transport.lastDial.attempt.signal).toBe(signal)
    hub.disconnect(A)
    expect(transport.lastDial.attempt.signal).toBe(signal)
    await outcome
  })

  it('does not abort when the dial has worked or failed', async () => {
    for (const answer of ['succeed', 'fail'] as const) {
      const { transport, outcome, onAbort } = dialing()
      transport.lastDial[answer]()
      await outcome
      expect(onAbort).not.toHaveBeenCalled()
    }
  })
})
