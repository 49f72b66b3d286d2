import { describe, expect, it } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { settled } from './setup.js'

/** A disconnect is under way, and a `connect()` waits for its end. */
const waiting = (options: Parameters<typeof setup>[0] = {}) => {
  const world = setup(options)
  const session = world.transport.inbound(A)
  session.onClose = 'refuse'
  const disconnecting = outcomeOf(world.hub.disconnect(A))
  world.recording.lines()
  const connecting = world.hub.connect(A)
  return {
    ...world,
    session,
    disconnecting,
    connecting: outcomeOf(connecting),
    calling: connecting,
  }
}

describe('2 the last call counts: a connect() that waits for the end of a disconnect', () => {
  it('dials in the tick in which disconnected was delivered', () => {
    const { transport, session, hub, recording } = waiting()
    session.end()
    expect(transport.dials).toHaveLength(1)
    expect(hub.getState(A)).toBe('connecting')
    expect(recording.lines()).toEqual(['disconnected fault:a', 'connecting fault:a'])
  })

  it('dials after all listeners of disconnected have heard it', () => {
    const { transport, session, hub } = waiting()
    const dialsSeen: number[] = []
    hub.on('disconnected', () => dialsSeen.push(transport.dials.length))
    hub.on('disconnected', () => dialsSeen.push(transport.dials.length))
    session.end()
    expect(dialsSeen).toEqual([0, 0])
    expect(transport.dials).toHaveLength(1)
  })

  it.each([
    ['disconnected', 'disconnect'],
    ['disconnected', 'reset'],
    ['*', 'disconnect'],
    ['*', 'reset'],
    ['change', 'disconnect'],
    ['change', 'reset'],
  ] as const)('is cancelled by a call inside a listener of %s: %s', async (type, call) => {
    const { hub, transport, session, disconnecting, connecting, recording } = waiting()
    let gave: Promise<unknown> | undefined
    hub.on(type, () => {
      gave ??= outcomeOf(call === 'reset' ? hub.reset() : hub.disconnect(A))
    })
    session.end()
    expect(await connecting).toBe('DIAL_CANCELLED')
    expect(await disconnecting).toBe(true)
    expect(await gave).toBe(call === 'reset' ? undefined : false)
    expect(transport.dials).toHaveLength(0)
    expect(hub.get(A)).toBeUndefined()
    expect(recording.lines()).toEqual(['disconnected fault:a'])
  })

  it('is ended by close() inside a listener of disconnected', async () => {
    const { hub, transport, session, connecting } = waiting()
    hub.on('disconnected', () => {
      hub.close()
    })
    session.end()
    expect(await connecting).toBe('HUB_CLOSED')
    expect(transport.dials).toHaveLength(0)
    expect(hub.size).toBe(0)
  })

  it('is cancelled by a disconnect() in the same tick, after the end of the first', async () => {
    const { hub, transport, session, connecting } = waiting()
    session.end()
    const again = outcomeOf(hub.disconnect(A))
    expect(await connecting).toBe('DIAL_CANCELLED')
    expect(await again).toBe(true)
    expect(hub.get(A)).toBeUndefined()
    expect(transport.dials[0]?.attempt.signal.aborted).toBe(true)
  })

  it('is cancelled by a reset() in the same tick, after the end of the disconnect', async () => {
    const { hub, session, connecting } = waiting()
    session.end()
    hub.reset()
    expect(await connecting).toBe('DIAL_CANCELLED')
    expect(hub.get(A)).toBeUndefined()
  })

  it('joins the dial that a connect() inside a handler of disconnected begins at once', async () => {
    const { hub, transport, session, connecting } = waiting()
    let inner: Promise<unknown> | undefined
    let dialsThen = 0
    hub.on('disconnected', () => {
      inner = outcomeOf(hub.connect(A, { data: { by: 'handler' } }))
      dialsThen = transport.dials.length
    })
    session.end()
    expect(dialsThen).toBe(1)
    const next = transport.lastDial.succeed()
    expect(await Promise.all([connecting, inner])).toEqual([next, next])
    expect(transport.dials).toHaveLength(1)
    expect(hub.get(A)?.data).toEqual({ by: 'handler' })
  })

  it('is cancelled by disconnect() inside a handler, and a connect() after it in the same handler dials', async () => {
    const { hub, transport, session, connecting } = waiting()
    let inner: Promise<unknown> | undefined
    hub.on('disconnected', () => {
      hub.disconnect(A)
      inner = settled(hub.connect(A))
    })
    session.end()
    expect(await connecting).toBe('DIAL_CANCELLED')
    const next = transport.lastDial.succeed()
    expect(await outcomeOf(inner ?? Promise.reject())).toBe(next)
    expect(transport.dials).toHaveLength(1)
  })

  it('is cancelled with the dial of a handler that connects, and then disconnects', async () => {
    const { hub, transport, session, connecting } = waiting()
    const inner: Promise<unknown>[] = []
    hub.on('disconnected', () => {
      if (inner.length > 0) return
      inner.push(outcomeOf(hub.connect(A)), outcomeOf(hub.disconnect(A)))
    })
    session.end()
    expect(await connecting).toBe('DIAL_CANCELLED')
    expect(await Promise.all(inner)).toEqual(['DIAL_CANCELLED', true])
    expect(hub.get(A)).toBeUndefined()
    expect(transport.dials.every(({ attempt }) => attempt.signal.aborted)).toBe(true)
  })

  it('gets the session of the other side, where one comes inside a handler of disconnected', async () => {
    const { hub, transport, session, connecting } = waiting()
    hub.on('disconnected', () => {
      transport.inbound(A)
    })
    session.end()
    expect(await connecting).toBe(transport.sessions.at(-1))
    expect(transport.dials).toHaveLength(0)
  })

  it('does not dial where its signal aborts inside a handler of disconnected', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    hub.disconnect(A)
    const controller = new AbortController()
    const connecting = outcomeOf(hub.connect(A, { signal: controller.signal }))
    hub.on('disconnected', () => controller.abort())
    session.end()
    expect(await connecting).toBe('ABORTED')
    expect(transport.dials).toHaveLength(0)
    expect(hub.get(A)).toBeUndefined()
  })

  it('dials once for many who wait, with what each of them gave', async () => {
    const { hub, transport, session, connecting } = waiting()
    const second = outcomeOf(hub.connect(A, { data: { n: 1 } }))
    const third = outcomeOf(hub.connect(A, { data: { m: 2 } }))
    session.end()
    expect(transport.dials).toHaveLength(1)
    expect(hub.get(A)?.data).toEqual({ n: 1, m: 2 })
    const next = transport.lastDial.succeed()
    expect(await Promise.all([connecting, second, third])).toEqual([next, next, next])
  })

  it('is told why where the transport can no longer read the address, and the others too', async () => {
    const { transport, session, connecting, hub, onError } = waiting()
    transport.describe = () => {
      throw new Error('not any more')
    }
    session.end()
    expect(await connecting).toBe('INVALID_ADDRESS')
    expect(hub.get(A)).toBeUndefined()
    expect(onError).not.toHaveBeenCalled()
  })
})

describe('2 the last call counts: a connect() that waits, and the disconnect fails', () => {
  const failing = () => {
    const { hub, transport, recording } = setup()
    const session = transport.inbound(A)
    let fail = () => {}
    const close = session.close.bind(session)
    session.close = () =>
      new Promise((_, reject) => {
        fail = () => reject(new Error('it stays open'))
      })
    const disconnecting = outcomeOf(hub.disconnect(A))
    const connecting = settled(hub.connect(A))
    session.close = close
    recording.lines()
    return { hub, transport, recording, session, disconnecting, connecting, fail: () => fail() }
  }

  it('gets the session that stayed open', async () => {
    const { connecting, session, disconnecting, fail, transport } = failing()
    fail()
    expect(await Promise.all([disconnecting, connecting])).toEqual(['CLOSE_FAILED', session])
    expect(transport.dials).toHaveLength(0)
  })

  it.each(['disconnect', 'reset'] as const)(
    'is cancelled by %s inside a listener of disconnecting-failed',
    async (call) => {
      const { hub, transport, recording, session, connecting, fail } = failing()
      let gave: Promise<unknown> | undefined
      hub.on('disconnecting-failed', () => {
        gave = outcomeOf(call === 'reset' ? hub.reset() : hub.disconnect(A))
      })
      fail()
      expect(await connecting).toBe('DIAL_CANCELLED')
      expect(await gave).toBe(call === 'reset' ? undefined : true)
      expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
      expect(transport.dials).toHaveLength(0)
      expect(hub.get(A)).toBeUndefined()
      expect(recording.lines()).toEqual([
        'disconnecting-failed fault:a',
        'disconnecting fault:a',
        'disconnected fault:a',
      ])
    },
  )

  it('is ended by close() inside a listener of disconnecting-failed', async () => {
    const { hub, transport, session, connecting, fail } = failing()
    hub.on('disconnecting-failed', () => {
      hub.close()
    })
    fail()
    expect(await connecting).toBe('HUB_CLOSED')
    expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(transport.dials).toHaveLength(0)
  })

  it('dials anew where the session closes inside a listener of disconnecting-failed', async () => {
    const { hub, transport, session, connecting, fail } = failing()
    hub.on('disconnecting-failed', () => session.end())
    fail()
    await outcomeOf(Promise.resolve())
    const next = transport.lastDial.succeed()
    expect(await outcomeOf(connecting)).toBe(next)
  })
})
