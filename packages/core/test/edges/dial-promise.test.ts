import { createHub, type DialAttempt, dialer, type Session, type Transport } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { A, outcomeOf } from '../setup.js'
import { settled, unheardIn } from './setup.js'

type Dial = (address: string, attempt: DialAttempt<FaultSession>) => unknown

/** A hub over a transport with a `dial()` that the types refuse. */
const dialing = (dial: Dial) => {
  const transport = createFaultTransport()
  transport.dial = dial as Transport<FaultSession>['dial']
  const onError = vi.fn()
  return { hub: createHub({ transport, onError, dialTimeout: 100 }), transport, onError }
}

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: Error & { code?: string }) => error,
  )

afterEach(() => {
  vi.useRealTimers()
})

describe('4 everything settles: a dial() that returns a promise of a session', () => {
  it('fails as soon as the promise gives it, says `dialer`, and the session is closed', async () => {
    vi.useFakeTimers()
    const session = new FaultSession('outbound', 'a')
    const { hub } = dialing(async () => session)
    const failing = failureOf(hub.connect(A))
    const outcome = await outcomeOf(failing)
    expect(outcome).toMatchObject({ code: 'TRANSPORT_BROKEN' })
    expect((await failing)?.message).toContain('dialer')
    expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(hub.get(A)).toBeUndefined()
  })

  it('has it closed too where it comes after a disconnect()', async () => {
    const session = new FaultSession('outbound', 'a')
    let give = (_: FaultSession) => {}
    const { hub } = dialing(
      () =>
        new Promise<FaultSession>((resolve) => {
          give = resolve
        }),
    )
    const outcome = outcomeOf(hub.connect(A))
    hub.disconnect(A)
    give(session)
    expect(await outcome).toBe('DIAL_CANCELLED')
    expect(session).toMatchObject({ closeCalls: 1, isOpen: false })
  })

  it('has it closed too where it comes after the deadline, and after close()', async () => {
    vi.useFakeTimers()
    const gives: ((session: FaultSession) => void)[] = []
    const { hub } = dialing(
      () =>
        new Promise<FaultSession>((resolve) => {
          gives.push(resolve)
        }),
    )
    const first = settled(hub.connect(A))
    await vi.advanceTimersByTimeAsync(100)
    const second = settled(hub.connect(A))
    await hub.close()
    const sessions = gives.map((give) => {
      const session = new FaultSession('outbound', 'a')
      give(session)
      return session
    })
    expect(await Promise.all([first, second])).toEqual(['DIAL_TIMEOUT', 'HUB_CLOSED'])
    expect(sessions.map(({ closeCalls }) => closeCalls)).toEqual([1, 1])
  })

  it('has another one closed where it had handed one over', async () => {
    const handed = new FaultSession('outbound', 'a')
    const returned = new FaultSession('outbound', 'a')
    const { hub } = dialing(async (_, attempt) => {
      attempt.succeed(handed)
      return returned
    })
    expect(await hub.connect(A)).toBe(handed)
    await outcomeOf(Promise.resolve())
    expect(returned).toMatchObject({ closeCalls: 1, isOpen: false })
    expect(handed).toMatchObject({ closeCalls: 0, isOpen: true })
  })

  it('leaves the one alone that it has handed over itself', async () => {
    const session = new FaultSession('outbound', 'a')
    const { hub } = dialing(async (_, attempt) => {
      attempt.succeed(session)
      return session
    })
    expect(await hub.connect(A)).toBe(session)
    await outcomeOf(Promise.resolve())
    expect(session).toMatchObject({ closeCalls: 0, isOpen: true })
    expect(hub.get(A)?.state).toBe('connected')
  })

  it('leaves nothing unheard where that session cannot be closed', async () => {
    const session = new FaultSession('outbound', 'a')
    session.onClose = 'reject'
    const { hub, onError } = dialing(async () => session)
    expect(await unheardIn(() => hub.connect(A).catch(() => {}))).toEqual([])
    expect(session.closeCalls).toBe(1)
    expect(onError).toHaveBeenCalledTimes(1)
  })
})

describe('4 everything settles: an async dial() that settles its attempt and gives nothing', () => {
  it('works, at once and later', async () => {
    const { hub, transport } = dialing(async (_, attempt) => {
      await Promise.resolve()
      attempt.succeed(new FaultSession('outbound', 'a'))
    })
    expect(await hub.connect(A)).toBeInstanceOf(FaultSession)
    expect(hub.get(A)?.state).toBe('connected')
    expect(transport.dials).toEqual([])
  })

  it('may return before it settles', async () => {
    let succeed = () => {}
    const session = new FaultSession('outbound', 'a')
    const { hub } = dialing(async (_, attempt) => {
      succeed = () => attempt.succeed(session)
    })
    const connecting = settled(hub.connect(A))
    expect(await outcomeOf(connecting)).toBe('pending')
    succeed()
    expect(await connecting).toBe(session)
  })
})

describe('6 no orphan: a dialer() whose function gives no promise', () => {
  it('but a session: that is in the entry', async () => {
    const session = new FaultSession('outbound', 'a')
    const { hub } = dialing(
      dialer((() => session) as unknown as () => Promise<FaultSession>) as Dial,
    )
    expect(await hub.connect(A)).toBe(session)
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: [session] })
    expect(session).toMatchObject({ closeCalls: 0, isOpen: true })
  })

  it('and nothing else: the dial fails with TRANSPORT_BROKEN, in words of the port', async () => {
    const nothing = (() => undefined) as unknown as () => Promise<Session<FaultSession>>
    const { hub } = dialing(dialer(nothing) as Dial)
    const failure = await failureOf(hub.connect(A))
    expect(failure).toMatchObject({ code: 'TRANSPORT_BROKEN' })
    expect(failure?.message).toMatch(/session/)
    expect(failure?.message).not.toMatch(/Cannot read|is not a function/)
  })
})
