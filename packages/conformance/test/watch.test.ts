import { createHub, type Hub, type HubError } from '@conn-hub/core'
import { createFaultTransport, FaultSession } from '@conn-hub/testkit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type WatchOptions, watchContract } from '../src/index.js'

const A = 'fault:a'
const B = 'fault:b'

type AnyHub = Hub<FaultSession>
type Options = WatchOptions<FaultSession>

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const PATIENT = { dialTimeout: 60_000, closeTimeout: 60_000, onError: () => {} }

const turns = () => vi.advanceTimersByTimeAsync(0)

/** A hub that is watched through a window: what the window shows may differ from the hub. */
const setup = async (window: Partial<AnyHub> = {}, options: Options = {}) => {
  const transport = createFaultTransport({ self: 'me' })
  const hub = createHub({ transport, ...PATIENT })
  const seen = new Proxy(hub, {
    get: (target, name) => {
      const shown = window[name as keyof AnyHub] ?? target[name as keyof AnyHub]
      return typeof shown === 'function' ? shown.bind(target) : shown
    },
  })
  const broken: string[] = []
  const onBroken = (error: HubError) => {
    expect(error.code).toBe('CONTRACT_BROKEN')
    broken.push(/^Promise (\d+)/.exec(error.message)?.[1] ?? error.message)
  }
  const watch = watchContract(seen, { onBroken, ...options })
  await turns()
  return { transport, hub, window, watch, broken }
}

/** A window in which each event of a type is another one, or none, or several. */
const events = (type: string, change: (event: never) => unknown[]): AnyHub['on'] =>
  function (this: AnyHub, name, listener, options) {
    const pass = (event: unknown) => {
      const all =
        (event as { type?: string } | undefined)?.type === type ? change(event as never) : [event]
      for (const each of all) listener(each as never)
    }
    return this.on(name, pass, options)
  }

/** Connects, and is left by the other side. */
const liveOnce = async ({
  transport,
  hub,
}: {
  transport: ReturnType<typeof createFaultTransport>
  hub: AnyHub
}) => {
  hub.connect(A).catch(() => {})
  const session = transport.lastDial.succeed()
  await turns()
  session.end()
  await turns()
}

describe('a hub that keeps its promises', () => {
  it('is not complained of, whatever happens', async () => {
    const given = await setup()
    const { hub, transport, watch, broken } = given
    await liveOnce(given)
    hub.connect(A).catch(() => {})
    hub.on('connecting-failed', () => void hub.connect(B).catch(() => {}))
    transport.lastDial.fail()
    transport.inbound(A)
    transport.inbound(A)
    hub.update(A, { n: 1 })
    await turns()
    const stubborn = transport.inbound('fault:anonymous')
    stubborn.onClose = 'reject'
    await hub.reset()
    transport.inbound(A)
    watch.check()
    await hub.close()
    expect(broken).toEqual([])
  })

  it('is judged from its present entries on, also in the middle of a delivery', async () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    transport.inbound(B)
    const onBroken = vi.fn()
    hub.on('connecting', () => {
      hub.disconnect(B)
      watchContract(hub, { onBroken })
    })
    hub.connect(A).catch(() => {})
    await turns()
    transport.lastDial.fail()
    await hub.close()
    expect(onBroken).not.toHaveBeenCalled()
  })
})

describe('a clock that jumps, and a loop that was blocked', () => {
  const TERMS = { dialTimeout: 3_000, closeTimeout: 2_000 }

  it.each([3_600_000, -3_600_000])('by %i ms makes nothing late', async (jump) => {
    const stray = new FaultSession('inbound')
    const { hub, transport, broken } = await setup(
      {},
      { ...TERMS, openHandles: () => [stray, own] },
    )
    const own = transport.inbound(B)
    own.onClose = 'refuse'
    hub.connect(A).catch(() => {})
    hub.disconnect(B).catch(() => {})
    await vi.advanceTimersByTimeAsync(1_000)
    vi.setSystemTime(Date.now() + jump)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(broken).toEqual([])
  })

  it('is not what hides an entry that hangs', async () => {
    const { hub, broken } = await setup({}, TERMS)
    hub.connect(A).catch(() => {})
    for (let seconds = 0; seconds < 5; seconds++) {
      vi.setSystemTime(0)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(broken).toEqual(['4'])
  })

  it('for longer than a deadline makes nothing late', async () => {
    vi.useRealTimers()
    const hub = createHub({ transport: createFaultTransport(), dialTimeout: 1_100 })
    const broken: string[] = []
    watchContract(hub, { ...TERMS, dialTimeout: 1_100, onBroken: (e) => broken.push(e.message) })
    const dial = hub.connect(A).catch(({ code }: HubError) => code)
    await Promise.resolve()
    // The watch is due before the hub, and both come late.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500)
    expect(await dial).toBe('DIAL_TIMEOUT')
    expect(broken).toEqual([])
    await hub.close()
  })

  it('is no matter to an entry that was there before: a deadline begins with each state', async () => {
    const { hub, transport, broken } = await setup({}, { ...TERMS, closeTimeout: 60_000 })
    for (let seconds = 0; seconds < 10; seconds++) {
      hub.connect(A).catch(() => {})
      await vi.advanceTimersByTimeAsync(1_000)
      transport.lastDial.fail()
    }
    expect(broken).toEqual([])
  })
})

describe('a dial that its transport holds', () => {
  it('has no deadline until it is released', async () => {
    const listeners: ((change: unknown) => void)[] = []
    const entry = { address: A, state: 'connecting', sessions: [], waits: 'in a queue' }
    const released = { ...entry, waits: undefined }
    let now: object = entry
    const seen = {
      on: (type: string, listener: (change: unknown) => void) => {
        if (type === 'change') listeners.push(listener)
        return () => {}
      },
      entries: () => [now],
      snapshot: () => ALL,
      get: () => now,
      size: 1,
    }
    const ALL = [{ address: A }]
    const broken: string[] = []
    const onBroken = ({ message }: HubError) => broken.push(message)
    const watch = watchContract(seen as never, { dialTimeout: 3_000, onBroken })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(broken).toEqual([])
    now = released
    for (const listener of listeners) listener({ before: entry, after: released })
    await vi.advanceTimersByTimeAsync(4_000)
    expect(broken).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(broken).toEqual([expect.stringContaining('connecting for more than 3000 ms')])
    watch.stop()
  })
})

describe('under fake timers that hold microtasks back', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['queueMicrotask', 'setTimeout', 'setInterval', 'Date'] })
  })

  it('it watches all the same', async () => {
    const given = await setup({ on: events('connecting', () => []) })
    given.hub.connect(A).catch(() => {})
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    expect(given.broken).toEqual(['3'])
  })
})

describe('tells a broken promise', () => {
  it('1 where an event comes that the table does not have', async () => {
    const given = await setup({ on: events('disconnected', (event) => [event, event]) })
    await liveOnce(given)
    expect(given.broken).toEqual(['2', '1'])
  })

  it('1 where a final event names the wrong initiator', async () => {
    const wrong = (event: object) => [{ ...event, initiator: 'local' }]
    const given = await setup({ on: events('disconnected', wrong) })
    await liveOnce(given)
    expect(given.broken).toEqual(['1'])
  })

  it('2 where seq has a gap', async () => {
    const skip = (event: { seq: number }) => [{ ...event, seq: event.seq + 1 }]
    const given = await setup({ on: events('disconnected', skip) })
    await liveOnce(given)
    expect(given.broken).toEqual(['2'])
  })

  it('3 where the events make other states than the entries', async () => {
    const given = await setup({ on: events('connecting', () => []) })
    given.hub.connect(A).catch(() => {})
    await turns()
    expect(given.broken).toEqual(['3'])
  })

  it('3 where a change is missing', async () => {
    let changes = 0
    const on: AnyHub['on'] = function (this: AnyHub, name, listener, options) {
      if (name !== 'change') return this.on(name, listener, options)
      return this.on(name, (change) => void (changes++ !== 1 && listener(change)), options)
    }
    const given = await setup({ on })
    given.hub.connect(A).catch(() => {})
    given.transport.lastDial.succeed()
    given.hub.update(A, { n: 1 })
    await turns()
    expect(given.broken).toEqual(['3'])
  })

  it('3 where get(), size or byKey() says something else', async () => {
    const { hub, transport, window, watch, broken } = await setup()
    transport.inbound(A)
    await turns()
    const entry = hub.get(A) as NonNullable<ReturnType<AnyHub['get']>>
    const copy = { ...entry }
    Object.assign(window, { get: () => copy, byKey: () => [copy] })
    watch.check()
    delete window.get
    window.byKey = () => []
    watch.check()
    delete window.byKey
    Object.assign(window, { size: 2 })
    watch.check()
    expect(broken).toEqual(['3', '3', '3'])
  })

  it('4 where an entry hangs', async () => {
    const { hub, transport, broken } = await setup({}, { dialTimeout: 3_000, closeTimeout: 2_000 })
    hub.connect(A).catch(() => {})
    const session = transport.inbound(B)
    session.onClose = 'refuse'
    hub.disconnect(B).catch(() => {})
    await vi.advanceTimersByTimeAsync(3_000)
    expect(broken).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(broken).toEqual(['4'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(broken).toEqual(['4', '4', '4'])
  })

  it('5 where a session that we dialed is announced without a dial', async () => {
    const given = await setup({ on: events('connecting', () => []) })
    await liveOnce(given)
    expect(given.broken).toEqual(['5'])
  })

  it('5 where a session comes again', async () => {
    const { transport, broken } = await setup()
    const session = transport.inbound(A)
    session.end()
    session.isOpen = true
    transport.inbound(A, session)
    await turns()
    expect(broken).toEqual(['5'])
  })

  it('6 where an entry holds a session that is not open', async () => {
    const open = new Set<FaultSession>()
    const { transport, watch, broken } = await setup({}, { openHandles: () => open })
    open.add(transport.inbound(A))
    watch.check()
    expect(broken).toEqual([])
    open.clear()
    watch.check()
    expect(broken).toEqual(['6'])
  })

  it('6 where a session stays open that no entry holds, for longer than a close may take', async () => {
    const openHandles = () => [stray]
    const stray = new FaultSession('inbound')
    const { broken } = await setup({}, { openHandles, closeTimeout: 2_000 })
    await vi.advanceTimersByTimeAsync(3_000)
    expect(broken).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(broken).toEqual(['6'])
  })

  it('8 where readers do not share a snapshot', async () => {
    const { watch, broken } = await setup({ snapshot: () => [] })
    watch.check()
    expect(broken).toEqual(['8'])
  })

  it('10 where the end leaves an entry, or does not tell its end', async () => {
    const given = await setup({ on: events('disconnected', () => []) })
    given.transport.inbound(A)
    await given.hub.close()
    expect(given.broken).toEqual(['10'])
    const left = await setup({ size: 1 })
    await left.hub.close()
    expect(left.broken).toEqual(['10'])
  })
})

describe('a watch', () => {
  it('says what was seen, and where', async () => {
    const errors: string[] = []
    const onBroken = ({ message }: HubError) => errors.push(message)
    const given = await setup({ on: events('connecting', () => []) }, { onBroken })
    given.hub.connect(A).catch(() => {})
    await turns()
    expect(errors).toEqual([
      'Promise 3 of the hub is broken, "the entries are the fold of the events": the entry is connecting, its events say none (fault:a). The hub or its transport is at fault: please report it.',
    ])
  })

  it('prints by default', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { watch } = await setup({ snapshot: () => [] }, { onBroken: undefined })
    watch.check()
    expect(error.mock.calls).toEqual([
      [expect.stringMatching(/^conn-hub: Promise 8 of the hub is broken, /)],
    ])
  })

  it('that is asked before it has begun begins', async () => {
    const hub = createHub({ transport: createFaultTransport() })
    const onBroken = vi.fn()
    const seen = new Proxy(hub, {
      get: (target, name) => {
        const shown = name === 'snapshot' ? () => [] : target[name as 'get']
        return typeof shown === 'function' ? shown.bind(target) : shown
      },
    })
    watchContract(seen, { onBroken }).check()
    expect(onBroken).toHaveBeenCalledOnce()
    await turns()
    expect(vi.getTimerCount()).toBe(1)
    await hub.close()
  })

  it('leaves nothing behind when it is stopped, or the hub closes', async () => {
    const { hub, window, watch, broken } = await setup()
    expect(vi.getTimerCount()).toBe(1)
    watch.stop()
    expect(vi.getTimerCount()).toBe(0)
    window.snapshot = () => []
    watch.check()
    expect(broken).toEqual([])
    await hub.close()

    const other = await setup()
    await other.hub.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that is stopped at once, or set over a closed hub, never begins', async () => {
    const hub = createHub({ transport: createFaultTransport() })
    watchContract(hub).stop()
    await turns()
    expect(vi.getTimerCount()).toBe(0)
    await hub.close()
    watchContract(hub)
    await turns()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each<[unknown, object, string]>([
    [{}, {}, 'hub'],
    [undefined, {}, 'hub'],
    [createHub({ transport: createFaultTransport() }), { onBroken: 1 }, 'onBroken'],
    [createHub({ transport: createFaultTransport() }), { dialTimeout: 0 }, 'dialTimeout'],
    [createHub({ transport: createFaultTransport() }), { closeTimeout: '1' }, 'closeTimeout'],
    [createHub({ transport: createFaultTransport() }), { openHandles: [] }, 'openHandles'],
  ])('refuses bad input by name: %#', (hub, options, name) => {
    const watch = () => watchContract(hub as never, options)
    expect(watch).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    expect(watch).toThrow(`The option "${name}" must be `)
  })
})
