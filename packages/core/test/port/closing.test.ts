import { turns } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from '../setup.js'
import { sessionOf } from './setup.js'

describe('a close() that fails late', () => {
  /** A session whose close() fails when the test says so. */
  const failing = () => {
    const session = sessionOf()
    const fails: (() => void)[] = []
    session.close = () =>
      new Promise((_, reject) => fails.push(() => reject(new Error('the wire is cut'))))
    return { session, fails }
  }
  const said = { origin: 'transport', call: 'close', address: A }

  it('after its deadline, is told once more', async () => {
    vi.useFakeTimers()
    const { hub, transport, onError } = setup()
    const { session, fails } = failing()
    transport.inbound(A, session)
    const outcome = outcomeOf(hub.disconnect(A))
    vi.advanceTimersByTime(5_000)
    vi.useRealTimers()
    expect(await outcome).toBe('CLOSE_TIMEOUT')
    expect(onError).not.toHaveBeenCalled()
    fails[0]?.()
    await turns()
    expect(onError.mock.calls).toMatchObject([[{ code: 'CLOSE_FAILED' }, said]])
    expect(hub.get(A)?.state).toBe('connected')
  })

  it('while another disconnect() waits, is told, and leaves that one alone', async () => {
    vi.useFakeTimers()
    const { hub, transport, onError } = setup()
    const { session, fails } = failing()
    transport.inbound(A, session)
    hub.disconnect(A).catch(() => {})
    vi.advanceTimersByTime(5_000)
    vi.useRealTimers()
    await turns()
    const second = hub.disconnect(A)
    fails[0]?.()
    expect(await outcomeOf(second)).toBe('pending')
    expect(onError.mock.calls).toMatchObject([[{ code: 'CLOSE_FAILED' }, said]])
    session.end()
    expect(await second).toBe(true)
  })

  it('after the session has closed, is told to nobody', async () => {
    const { hub, transport, onError } = setup()
    const { session, fails } = failing()
    transport.inbound(A, session)
    const outcome = hub.disconnect(A)
    session.end()
    expect(await outcome).toBe(true)
    fails[0]?.()
    await turns()
    expect(onError).not.toHaveBeenCalled()
  })
})

describe('a session is asked to close', () => {
  it('after all have heard of it, also where one of them disconnects again', () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    const asked: number[] = []
    hub.on('disconnecting', () => {
      hub.disconnect(A)
      asked.push(session.closeCalls)
    })
    hub.on('disconnecting', () => asked.push(session.closeCalls))
    hub.disconnect(A)
    expect([...asked, session.closeCalls]).toEqual([0, 0, 1])
  })

  it('at once, where one of them closes the hub', () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    const asked: number[] = []
    hub.on('disconnecting', () => {
      hub.close()
      asked.push(session.closeCalls)
    })
    hub.disconnect(A)
    expect(asked).toEqual([1])
  })
})
