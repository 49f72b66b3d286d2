import { createHub, type Inbound } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { sessionOf, setupSide } from './setup.js'

/** A hub that tells here what it refuses. */
const world = () => {
  const context = setup()
  const told: unknown[] = []
  context.hub.on('refused', ({ by, why, direction, address }) =>
    told.push([by, why, direction, address]),
  )
  return { ...context, told }
}

const outbound = () => new FaultSession('outbound', 'a')

describe('6 no orphan: a session that gets no entry is told as refused, and closed with the same word', () => {
  it('late, where the dial was cancelled while the session was read', () => {
    const { hub, transport, told } = world()
    const session = outbound()
    const { onClosed } = session
    session.onClosed = (listener) => {
      hub.disconnect(A)
      onClosed.call(session, listener)
    }
    hub.connect(A).catch(() => {})
    transport.lastDial.succeed(session)
    expect([told, session.reasons]).toEqual([[['hub', 'late', 'outbound', A]], ['late']])
  })

  it('broken, where a dial that is over gives what is no session but can be closed', () => {
    const { hub, transport, told } = world()
    let answer: (session: unknown) => void = () => {}
    transport.dial = (_, attempt) => {
      answer = attempt.succeed as typeof answer
    }
    hub.connect(A).catch(() => {})
    hub.disconnect(A)
    const close = vi.fn()
    answer({ close })
    expect(told).toEqual([['hub', 'broken', 'inbound', A]])
    expect(close.mock.calls).toEqual([['broken']])
  })

  it('broken, where nobody can hear of its end', () => {
    const { transport, told } = world()
    const session = sessionOf()
    session.onClosed = () => {
      throw new Error('no listeners here')
    }
    transport.inbound(A, session)
    expect([told, session.reasons]).toEqual([[['hub', 'broken', 'inbound', A]], ['broken']])
  })

  it('broken, where it comes without its address', () => {
    const { transport, told } = world()
    const close = vi.fn()
    transport.acceptAnything({ close })
    expect(told).toEqual([['hub', 'broken', 'inbound', undefined]])
    expect(close.mock.calls).toEqual([['broken']])
  })

  it('hub-closed, after the end, when nobody is told any more', () => {
    const transport = createFaultTransport()
    let accept: (inbound: Inbound<FaultSession>) => void = () => {}
    transport.listen = (given) => {
      accept = given
      return () => {}
    }
    const hub = createHub({ transport })
    const told = vi.fn()
    hub.on('refused', told)
    hub.close()
    const session = sessionOf()
    accept({ address: A, session })
    expect(session.reasons).toEqual(['hub-closed'])
    expect(told).not.toHaveBeenCalled()
  })
})

describe('6 no orphan: a session that has closed by itself is not refused', () => {
  it('while the answer of a dial was read', async () => {
    const { hub, transport, told } = world()
    const session = outbound()
    session.onClosed = (listener) => void listener()
    transport.onDial = (dial) => dial.succeed(session)
    expect(await outcomeOf(hub.connect(A))).toBe('SESSION_CLOSED')
    expect([told, session.closeCalls]).toEqual([[], 0])
  })

  it('and then throws', () => {
    const { transport, told, onError } = world()
    const session = sessionOf()
    session.onClosed = (listener) => {
      listener()
      throw new Error('closed already')
    }
    transport.inbound(A, session)
    expect([told, session.closeCalls, onError.mock.calls.length]).toEqual([[], 0, 0])
  })
})

describe('what a part of the transport says that it refused', () => {
  it.each([
    [undefined, 'what refused() takes', 'an object with by, why and direction'],
    [{ why: 'full' }, 'by of a refusal', 'a string'],
    [{ by: 'gate' }, 'why of a refusal', 'a string'],
  ])('%j: the error says what is wrong', (given, what, rule) => {
    const { side, onError } = setupSide()
    side.refused(given as never)
    const { message } = onError.mock.calls[0]?.[0] ?? {}
    expect(message).toContain(what)
    expect(message).toContain(rule)
  })

  it('has one of two directions, whatever it says', () => {
    const { hub, side } = setupSide()
    const told: unknown[] = []
    hub.on('refused', ({ direction }) => told.push(direction))
    for (const direction of ['inbound', 'outbound', 'sideways', undefined])
      side.refused({ by: 'gate', why: 'full', direction: direction as never })
    expect(told).toEqual(['inbound', 'outbound', 'outbound', 'outbound'])
  })
})
