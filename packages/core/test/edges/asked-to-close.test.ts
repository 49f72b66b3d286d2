import { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, B, outcomeOf, setup } from '../setup.js'
import { settled } from './setup.js'

const connected = async (options: Parameters<typeof setup>[0] = {}) => {
  const world = setup(options)
  world.transport.onDial = (dial) => dial.succeed()
  const session = await world.hub.connect(A)
  world.recording.lines()
  return { ...world, session }
}

const ENDED = ['disconnecting fault:a', 'disconnected fault:a']

describe('6 no orphan: a hub that is closed', () => {
  it.each(['disconnecting', '*', 'change'] as const)(
    'inside a listener of %s, during a disconnect, asks the session to close once',
    async (type) => {
      const { hub, session, recording } = await connected()
      let closing: Promise<void> | undefined
      hub.on(type, () => {
        closing = hub.close()
      })
      const outcome = outcomeOf(hub.disconnect(A))
      expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
      expect([...hub.entries()]).toEqual([])
      expect(recording.lines()).toEqual(ENDED)
      expect(await outcome).toBe(true)
      await closing
    },
  )

  it('inside a listener of disconnecting, waits for a session that takes its time to close', async () => {
    const { hub, session } = await connected()
    session.onClose = 'refuse'
    let ended: Promise<unknown> | undefined
    hub.on('disconnecting', () => {
      ended = hub.close()
    })
    hub.disconnect(A)
    expect(session.closeCalls).toBe(1)
    expect(await outcomeOf(ended ?? Promise.reject())).toBe('pending')
    session.end()
    expect(await outcomeOf(ended ?? Promise.reject())).toBe(undefined)
  })

  it('inside a listener of disconnecting, during a reset, asks every session once', async () => {
    const { hub, transport, session, recording } = await connected()
    const other = transport.inbound(B)
    recording.lines()
    hub.on('disconnecting', () => {
      hub.close()
    })
    await hub.reset()
    expect([session, other].map(({ closeCalls }) => closeCalls)).toEqual([1, 1])
    expect(recording.lines().sort()).toEqual([
      'disconnected fault:a',
      'disconnected fault:b',
      'disconnecting fault:a',
      'disconnecting fault:b',
    ])
  })

  it('inside a listener of disconnecting, when the last caller gave up, closes what the dial brings late', async () => {
    const { hub, transport } = setup()
    const controller = new AbortController()
    const outcome = outcomeOf(hub.connect(A, { signal: controller.signal }))
    hub.on('disconnecting', () => {
      hub.close()
    })
    controller.abort()
    expect(await outcome).toBe('ABORTED')
    expect(transport.lastDial.succeed()).toMatchObject({ closeCalls: 1, isOpen: false })
    expect([...hub.entries()]).toEqual([])
  })

  it.each(['disconnect', 'reset'] as const)(
    'inside close() of the first of two sessions, during a %s, asks the second too',
    async (call) => {
      const { hub, transport, session, recording } = await connected()
      const second = transport.inbound(A)
      const close = session.close.bind(session)
      session.close = () => {
        hub.close()
        return close()
      }
      await (call === 'reset' ? hub.reset() : hub.disconnect(A))
      expect([session, second].map(({ closeCalls }) => closeCalls)).toEqual([1, 1])
      expect([session, second].map(({ isOpen }) => isOpen)).toEqual([false, false])
      expect(recording.lines()).toEqual(ENDED)
    },
  )

  it('while a disconnect waits, asks nobody a second time', async () => {
    const { hub, session } = await connected()
    session.onClose = 'refuse'
    hub.disconnect(A)
    hub.close()
    expect(session.closeCalls).toBe(1)
    session.end()
  })
})

/** Where an error is told: to the caller who waits, and to onError. */
const toldOnce = (outcome: unknown, onError: { mock: { calls: unknown[][] } }, code: string) => {
  const reported = onError.mock.calls.map(([error]) => (error as { code?: string }).code)
  expect([outcome, ...reported].filter((told) => told === code)).toHaveLength(1)
}

describe('7 a close() that fails after the hub was closed', () => {
  it.each(['a disconnect waits', 'nobody waits'])(
    'is told once, not lost, where %s',
    async (who) => {
      const { hub, session, onError } = await connected({ closeTimeout: 200 })
      let fail = () => {}
      session.close = () =>
        new Promise((_, reject) => {
          fail = () => reject(new Error('it stays open'))
        })
      const asked = who === 'nobody waits' ? undefined : settled(hub.disconnect(A))
      const closing = hub.close()
      fail()
      await closing
      toldOnce(await asked, onError, 'CLOSE_FAILED')
    },
  )

  it.each(['a disconnect waits', 'nobody waits'])(
    'because it takes too long, is told once where %s',
    async (who) => {
      vi.useFakeTimers()
      try {
        const { hub, session, onError } = await connected({ closeTimeout: 100 })
        session.onClose = 'refuse'
        const asked = who === 'nobody waits' ? undefined : settled(hub.disconnect(A))
        const closing = hub.close()
        await vi.advanceTimersByTimeAsync(100)
        await closing
        toldOnce(await asked, onError, 'CLOSE_TIMEOUT')
      } finally {
        vi.useRealTimers()
      }
    },
  )
})

describe('6 no orphan: of two sessions, the second is asked to close', () => {
  it.each(['throw', 'reject'] as const)('where close() of the first does %s', async (how) => {
    const { hub, transport, session, recording } = await connected()
    const second = transport.inbound(A)
    session.onClose = how
    expect(await outcomeOf(hub.disconnect(A))).toBe('CLOSE_FAILED')
    expect([session, second].map(({ closeCalls }) => closeCalls)).toEqual([1, 1])
    expect(second.isOpen).toBe(false)
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: [session] })
    expect(recording.lines()).toEqual(['disconnecting fault:a', 'disconnecting-failed fault:a'])
  })

  it('where the first throws, and neither of them closes', async () => {
    const { hub, transport, session } = await connected()
    const second = transport.inbound(A)
    session.onClose = 'throw'
    second.onClose = 'throw'
    expect(await outcomeOf(hub.disconnect(A))).toBe('CLOSE_FAILED')
    expect([session, second].map(({ closeCalls }) => closeCalls)).toEqual([1, 1])
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: [session, second] })
  })

  it('where the first throws, at a reset and at a disconnect inside a handler', async () => {
    const { hub, transport, session } = await connected()
    const second = transport.inbound(A)
    const third = new FaultSession('inbound', 'a')
    transport.inbound(A, third)
    session.onClose = 'throw'
    await hub.reset()
    expect([session, second, third].map(({ closeCalls }) => closeCalls)).toEqual([1, 1, 1])
  })
})

describe('7 what close() says of a session that has closed', () => {
  it.each([false, true])('is told to nobody; the address lives again: %s', async (again) => {
    const { hub, transport, session, onError } = await connected()
    let fail = () => {}
    session.close = () => {
      session.end()
      return new Promise((_, reject) => {
        fail = () => reject(new Error('closed already'))
      })
    }
    expect(await hub.disconnect(A)).toBe(true)
    if (again) transport.inbound(A)
    fail()
    await new Promise(setImmediate)
    expect(onError).not.toHaveBeenCalled()
  })
})
