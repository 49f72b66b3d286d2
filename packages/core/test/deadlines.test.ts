import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { A, outcomeOf, setup } from './setup.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('4 the deadline of a dial', () => {
  it('is 30 s where nobody says otherwise', async () => {
    const { hub, recording } = setup()
    const outcome = hub.connect(A).catch((error) => error)
    await vi.advanceTimersByTimeAsync(29_999)
    expect(hub.getState(A)).toBe('connecting')
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toMatchObject({
      code: 'DIAL_TIMEOUT',
      message: 'No answer within 30000 ms. Is the peer online? Else raise the timeout.',
    })
    expect(recording.lines()).toEqual(['connecting fault:a', 'connecting-failed fault:a'])
  })

  it('is the one of the hub', async () => {
    const { hub } = setup({ dialTimeout: 50 })
    const outcome = hub.connect(A).catch((error) => error.code)
    await vi.advanceTimersByTimeAsync(49)
    expect(hub.getState(A)).toBe('connecting')
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toBe('DIAL_TIMEOUT')
  })

  it('is the one of the call that began the dial, shorter or longer', async () => {
    const { hub } = setup({ dialTimeout: 50 })
    const short = hub.connect(A, { timeout: 10 }).catch((error) => error.code)
    const long = hub.connect('fault:b', { timeout: 1_000 }).catch((error) => error.code)
    await vi.advanceTimersByTimeAsync(10)
    expect(await short).toBe('DIAL_TIMEOUT')
    await vi.advanceTimersByTimeAsync(989)
    expect(hub.getState('fault:b')).toBe('connecting')
    await vi.advanceTimersByTimeAsync(1)
    expect(await long).toBe('DIAL_TIMEOUT')
  })

  it('tells the transport by the signal, with the reason', async () => {
    const { hub, transport } = setup()
    hub.connect(A).catch(() => {})
    const { signal } = transport.lastDial.attempt
    expect(signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toMatchObject({ code: 'DIAL_TIMEOUT' })
  })

  it('starts with the dial, not with the wait for a disconnect', async () => {
    const { hub, transport } = setup({ dialTimeout: 100 })
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    hub.disconnect(A)
    const outcome = hub.connect(A).catch((error) => error.code)
    await vi.advanceTimersByTimeAsync(4_000)
    session.end()
    await vi.advanceTimersByTimeAsync(99)
    expect(hub.getState(A)).toBe('connecting')
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toBe('DIAL_TIMEOUT')
  })

  it('is over with the dial: no timer is left', async () => {
    const { hub, transport } = setup()
    const connected = hub.connect(A)
    expect(vi.getTimerCount()).toBe(1)
    transport.lastDial.succeed()
    await connected
    expect(vi.getTimerCount()).toBe(0)
    const failed = outcomeOf(hub.connect('fault:b'))
    transport.lastDial.fail()
    await failed
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('4 a timer', () => {
  it('may be a number, as it is in browsers', () => {
    const { hub, transport } = setup()
    vi.spyOn(globalThis, 'setTimeout').mockReturnValue(7 as never)
    const clear = vi.spyOn(globalThis, 'clearTimeout').mockReturnValue()
    hub.connect(A)
    transport.lastDial.succeed()
    expect(hub.getState(A)).toBe('connected')
    expect(clear.mock.calls).toEqual([[7]])
  })
})

describe('4 the deadline of a joiner', () => {
  it('ends its own wait and nothing else', async () => {
    const { hub, transport } = setup()
    const first = hub.connect(A)
    const joiner = hub.connect(A, { timeout: 10 }).catch((error) => error)
    await vi.advanceTimersByTimeAsync(10)
    expect(await joiner).toMatchObject({
      code: 'WAIT_TIMEOUT',
      message: 'The dial did not end within 10 ms. Raise the timeout, or connect again.',
    })
    const session = transport.lastDial.succeed()
    expect(await first).toBe(session)
  })

  it('is that of the dial where it has none of its own, with a signal too', async () => {
    const { hub, transport } = setup()
    hub.connect(A).catch(() => {})
    const joiner = hub.connect(A, { signal: new AbortController().signal })
    await vi.advanceTimersByTimeAsync(29_999)
    const session = transport.lastDial.succeed()
    expect(await joiner).toBe(session)
  })

  it('holds for a call that brings metadata too', async () => {
    const { hub } = setup()
    hub.connect(A).catch(() => {})
    const joiner = hub.connect(A, { timeout: 10, data: { n: 1 } }).catch((error) => error.code)
    await vi.advanceTimersByTimeAsync(10)
    expect(await joiner).toBe('WAIT_TIMEOUT')
    expect(hub.get(A)?.data).toEqual({ n: 1 })
  })

  it('never makes a dial longer', async () => {
    const { hub } = setup({ dialTimeout: 50 })
    const first = hub.connect(A).catch((error) => error.code)
    const joiner = hub.connect(A, { timeout: 1_000 }).catch((error) => error.code)
    await vi.advanceTimersByTimeAsync(50)
    expect(await Promise.all([first, joiner])).toEqual(['DIAL_TIMEOUT', 'DIAL_TIMEOUT'])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('4 the deadline of a disconnect', () => {
  it('is 5 s where nobody says otherwise; then the entry is connected again', async () => {
    const { hub, transport, recording } = setup()
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    recording.lines()
    const outcome = hub.disconnect(A).catch((error) => error)
    await vi.advanceTimersByTimeAsync(4_999)
    expect(hub.getState(A)).toBe('disconnecting')
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toMatchObject({
      code: 'CLOSE_TIMEOUT',
      message: 'The session did not close within 5000 ms. Disconnect again.',
    })
    expect(hub.get(A)).toMatchObject({ state: 'connected', sessions: [session] })
    expect(recording.lines()).toEqual(['disconnecting fault:a', 'disconnecting-failed fault:a'])
  })

  it('is the one of the hub', async () => {
    const { hub, transport } = setup({ closeTimeout: 50 })
    transport.inbound(A).onClose = 'refuse'
    const outcome = hub.disconnect(A).catch((error) => error.code)
    await vi.advanceTimersByTimeAsync(49)
    expect(hub.getState(A)).toBe('disconnecting')
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toBe('CLOSE_TIMEOUT')
  })

  it('lets a second disconnect try again', async () => {
    const { hub, transport } = setup()
    const session = transport.inbound(A)
    session.onClose = 'refuse'
    const first = hub.disconnect(A).catch((error) => error.code)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await first).toBe('CLOSE_TIMEOUT')
    session.onClose = 'at-once'
    expect(await hub.disconnect(A)).toBe(true)
    expect(session.closeCalls).toBe(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('keeps the sessions that did close out of the entry', async () => {
    const { hub, transport } = setup()
    const [good, bad] = [transport.inbound(A), transport.inbound(A)]
    bad.onClose = 'refuse'
    const outcome = hub.disconnect(A).catch((error) => error.code)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await outcome).toBe('CLOSE_TIMEOUT')
    expect(good.isOpen).toBe(false)
    expect(hub.get(A)?.sessions).toEqual([bad])
  })
})
