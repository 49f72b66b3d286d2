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
  const seen = through(window, hub)
  const broken: string[] = []
  /** What was seen each time, after the number. */
  const told: string[] = []
  const onBroken = ({ code, message }: HubError) => {
    expect(code).toBe('CONTRACT_BROKEN')
    const [, promise = message, what] =
      /^Promise (\d+) .*?": (.*?)( \(fault:|\. The hub)/.exec(message) ?? []
    broken.push(promise)
    told.push(`${promise} ${what}`)
  }
  const watch = watchContract(seen, { onBroken, ...options })
  await turns()
  return { transport, hub, window, watch, broken, told }
}

/** A hub is frozen, and a proxy may not show other things of it: what is asked of this one goes there. */
const through = (window: Partial<AnyHub>, hub: AnyHub): AnyHub =>
  new Proxy({} as AnyHub, {
    get: (_, name) => {
      const shown = window[name as keyof AnyHub] ?? hub[name as keyof AnyHub]
      return typeof shown === 'function' ? shown.bind(hub) : shown
    },
  })

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

/** A window in which what is told of a type comes after the rest of its step. */
const last = (type: string): AnyHub['on'] => {
  const held: (() => void)[] = []
  return function (this: AnyHub, name, listener, options) {
    if (name === type) {
      return this.on(name, (event) => void held.push(() => listener(event)), options)
    }
    if (name !== 'change') return this.on(name, listener, options)
    const both = (change: never) => {
      listener(change)
      for (const run of held.splice(0)) run()
    }
    return this.on(name, both as typeof listener, options)
  }
}

type Entry = NonNullable<ReturnType<AnyHub['get']>>

/** A window in which each entry is another one, wherever it is seen. */
const showing = (other: (entry: Entry) => object): Partial<AnyHub> => {
  const shown = new WeakMap<object, object>()
  const all = new WeakMap<object, Entry[]>()
  const of = <E extends Entry | undefined>(entry: E): E => {
    if (!entry) return entry
    if (!shown.has(entry)) shown.set(entry, other(entry))
    return shown.get(entry) as E
  }
  const on: AnyHub['on'] = function (this: AnyHub, name, listener, options) {
    if (name !== 'change') return this.on(name, listener, options)
    return this.on(
      'change',
      ({ before, after }) => listener({ before: of(before), after: of(after) } as never),
      options,
    )
  }
  function snapshot(this: AnyHub) {
    const entries = this.snapshot()
    if (!all.has(entries)) all.set(entries, entries.map(of))
    return all.get(entries) as Entry[]
  }
  return {
    on,
    snapshot,
    get(this: AnyHub, address) {
      return of(this.get(address))
    },
    entries(this: AnyHub) {
      return snapshot.call(this).values()
    },
    byKey(this: AnyHub) {
      return snapshot.call(this)
    },
  }
}

/** A session that says another key each time it is asked; the hub asks it once. */
const lying = (...keys: string[]): FaultSession => {
  const session = new FaultSession('inbound')
  return Object.defineProperty(session, 'key', { get: () => keys.shift() ?? 'nobody' })
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

  it('is not complained of for what a session, a key or a hold does', async () => {
    const { hub, transport, watch, broken } = await setup({}, { closeTimeout: 60_000 })
    const ANY = 'fault:anonymous'
    hub.connect(ANY).catch(() => {})
    const release = transport.lastDial.hold('waits its turn')
    transport.lastDial.hold('waits for a permit')
    release()
    await vi.advanceTimersByTimeAsync(70_000)
    const unnamed = transport.inbound(ANY)
    const alone = hub.disconnect(ANY, { session: unnamed, reason: 'enough' })
    expect(await alone).toBe(true)
    hub.connect(ANY).catch(() => {})
    const first = transport.lastDial.succeed()
    transport.inbound(ANY, { key: 'a' })
    transport.inbound(ANY, { key: 'mallory' })
    first.end(new Error('reset'), 'their reason')
    first.onDestroy = 'at-once'
    const stuck = transport.inbound(ANY)
    stuck.onClose = 'refuse'
    stuck.onDestroy = 'at-once'
    await turns()
    const closing = hub.disconnect(ANY)
    await vi.advanceTimersByTimeAsync(61_000)
    expect(await closing).toBe(true)
    expect(hub.size).toBe(0)
    watch.check()
    expect(broken).toEqual([])
  })

  it('is not complained of where an address is somebody else in its next life', async () => {
    const { transport, broken } = await setup()
    transport.inbound('fault:anonymous', { key: 'a' }).end()
    transport.inbound('fault:anonymous', { key: 'b' })
    await turns()
    expect(broken).toEqual([])
  })

  it('is not complained of for what a session says once it is in its entry', async () => {
    const { hub, transport, broken } = await setup()
    transport.inbound(A, lying('a', 'a', 'mallory'))
    hub.update(A, { n: 1 })
    await turns()
    expect(broken).toEqual([])
  })

  it('is not complained of where sessions end that were there before', async () => {
    const transport = createFaultTransport()
    const hub = createHub({ transport })
    const [first, second] = [transport.inbound(A), transport.inbound(A)]
    const onBroken = vi.fn()
    const watch = watchContract(hub, { onBroken })
    await turns()
    first.end()
    await turns()
    second.end()
    watch.check()
    expect(onBroken).not.toHaveBeenCalled()
    await hub.close()
  })

  it('is not complained of where its last session alone was asked to close', async () => {
    const { hub, transport, broken } = await setup()
    const [asked, other] = [transport.inbound(A), transport.inbound(A)]
    asked.onClose = 'refuse'
    const ends: unknown[] = []
    hub.on('disconnected', ({ initiator, reason }) => ends.push([initiator, reason]))
    const alone = hub.disconnect(A, { session: asked, reason: 'enough' })
    other.end()
    asked.end()
    expect(await alone).toBe(true)
    await turns()
    expect(ends).toEqual([['local', 'enough']])
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
  it('has the deadline of a dial once it is released, and not before', async () => {
    const { hub, transport, told } = await setup({}, { dialTimeout: 3_000 })
    hub.connect(A).catch(() => {})
    const release = transport.lastDial.hold('waits in a queue')
    await vi.advanceTimersByTimeAsync(30_000)
    release()
    await vi.advanceTimersByTimeAsync(4_000)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(told).toEqual(['4 it is connecting for more than 3000 ms'])
  })

  it('is held for `holdTimeout` at most, whatever it waits for', async () => {
    const { hub, transport, told } = await setup({}, { holdTimeout: 5_000 })
    hub.connect(A).catch(() => {})
    const first = transport.lastDial.hold('waits in a queue')
    await vi.advanceTimersByTimeAsync(3_000)
    transport.lastDial.hold('waits for a permit')
    first()
    await vi.advanceTimersByTimeAsync(3_000)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(told).toEqual(['4 it is held for more than 5000 ms'])
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

  it.each([
    ['reason', { reason: 'another one' }],
    ['error', { error: new Error('another one') }],
  ])('1 where a final event gives another %s than its last session', async (_, wrong) => {
    const given = await setup({ on: events('disconnected', (e: object) => [{ ...e, ...wrong }]) })
    await liveOnce(given)
    expect(given.told).toEqual([
      '1 disconnected gives another reason or error than its last session',
    ])
  })

  it('1 where a session that was asked alone to close ends its entry by remote', async () => {
    const wrong = (event: object) => [{ ...event, initiator: 'remote' }]
    const { hub, transport, told } = await setup({ on: events('disconnected', wrong) })
    const [asked, other] = [transport.inbound(A), transport.inbound(A)]
    asked.onClose = 'refuse'
    hub.disconnect(A, { session: asked }).catch(() => {})
    other.end()
    asked.end()
    await turns()
    expect(told).toEqual(['1 disconnected by remote came where it was connected'])
  })

  it('1 where a session of an entry that is being disconnected closes by remote', async () => {
    const wrong = (event: object) => [{ ...event, initiator: 'remote' }]
    const { hub, transport, told } = await setup({ on: events('session-closed', wrong) })
    transport.inbound(A)
    await hub.disconnect(A)
    expect(told).toEqual(['1 session-closed by remote came where it was disconnecting'])
  })

  it('1 where no session comes right after connected', async () => {
    const none = await setup({ on: events('session', () => []) })
    none.transport.inbound(A)
    await turns()
    expect(none.told).toEqual([
      '1 session did not come right after connected',
      '3 the entry has 1 sessions, and 0 were told',
    ])
    const late = await setup({ on: last('session') })
    late.transport.inbound(A)
    await turns()
    expect(late.told).toEqual([
      '1 session did not come right after connected',
      '1 session told of a first one that had no connected right before',
    ])
  })

  it('1 where another session comes right after connected', async () => {
    const other = (event: object) => [{ ...event, session: new FaultSession('inbound', 'a') }]
    const { transport, told } = await setup({ on: events('session', other) })
    transport.inbound(A)
    await turns()
    expect(told).toEqual([
      '1 session did not come right after connected',
      '1 session told of a first one that had no connected right before',
      '3 the entry has 1 sessions, and 1 were told',
    ])
  })

  it('1 where a session is told twice', async () => {
    const { transport, told } = await setup({ on: events('session', (event) => [event, event]) })
    transport.inbound(A)
    transport.inbound(A)
    await turns()
    const twice = '1 session told of one that was open already'
    expect(told).toEqual([twice, twice])
  })

  it('1 where no session-closed comes right before disconnected', async () => {
    const none = await setup({ on: events('session-closed', () => []) })
    await liveOnce(none)
    const early = '1 disconnected came before the session-closed of its last session'
    expect(none.told).toEqual([early])
    const late = await setup({ on: last('session-closed') })
    await liveOnce(late)
    expect(late.told).toEqual([early, '1 session-closed told of a session that was not open'])
  })

  it('1 where the end of another entry comes right after the last session-closed', async () => {
    const other = (event: object) => [{ ...event, address: B }]
    const given = await setup({ on: events('disconnected', other) })
    await liveOnce(given)
    expect(given.told).toEqual([
      '1 disconnected did not come right after the session-closed of the last session',
      '1 disconnected came where it was none',
      '3 the entry is none, its events say connected',
    ])
  })

  it('1 where a session-closed comes twice', async () => {
    const given = await setup({ on: events('session-closed', (event) => [event, event]) })
    await liveOnce(given)
    expect(given.told).toEqual([
      '1 disconnected did not come right after the session-closed of the last session',
      '1 session-closed told of a session that was not open',
    ])
  })

  it('3 where the end of one session of several is not told', async () => {
    const { transport, told } = await setup({ on: events('session-closed', () => []) })
    transport.inbound(A)
    transport.inbound(A).end()
    await turns()
    expect(told).toEqual(['3 the entry has 1 sessions, and 2 were told'])
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
    expect(given.broken).toEqual(['1', '10'])
    const left = await setup({ size: 1 })
    await left.hub.close()
    expect(left.broken).toEqual(['10'])
  })

  const OTHER_KEY = '11 a session is in an entry of another key than it has proved'
  const NOT_SHOWN = '11 a session has proved a key, and the entry shows another one, or none'

  it.each([undefined, 'mallory'])(
    '11 where an entry shows %s, and not what was proved',
    async (key) => {
      const { transport, told } = await setup(showing((entry) => ({ ...entry, key })))
      transport.inbound(A)
      await turns()
      expect(told).toEqual([NOT_SHOWN])
    },
  )

  it('11 where it was so before it was watched', async () => {
    const hub = createHub({ transport: createFaultTransport() })
    const window = showing((entry) => ({
      ...entry,
      key: 'mallory',
      sessions: [new FaultSession('inbound', 'a')],
    }))
    const onBroken = vi.fn()
    hub.connect(A).catch(() => {})
    watchContract(through(window, hub), { onBroken })
    await turns()
    expect(onBroken.mock.calls.map(([{ message }]) => message)).toEqual([
      expect.stringContaining(NOT_SHOWN.slice('11 '.length)),
    ])
    await hub.close()
  })

  it('11 where a session comes in that proves another key than the name of its entry', async () => {
    const name = (entry: Entry) => (entry.state === 'connecting' ? { ...entry, key: 'bob' } : entry)
    const { hub, transport, told } = await setup(showing(name))
    hub.connect(A).catch(() => {})
    transport.lastDial.succeed()
    await turns()
    expect(told).toEqual([OTHER_KEY])
  })

  it('11 where a second session comes in that proves another key than the first', async () => {
    const { transport, told } = await setup()
    transport.inbound(A)
    transport.inbound(A, lying('a', 'mallory'))
    await turns()
    expect(told).toEqual([OTHER_KEY])
  })

  it('11 where it is hidden who was there first, and another one comes in', async () => {
    const hidden = (entry: Entry) => ({ ...entry, key: undefined })
    const { transport, told } = await setup(showing(hidden))
    transport.inbound(A)
    transport.inbound(A, lying('a', 'mallory'))
    await turns()
    expect(told).toEqual([NOT_SHOWN, OTHER_KEY, NOT_SHOWN])
  })

  it('11 where the key that was proved is shown no longer', async () => {
    const forgetful = (entry: Entry) =>
      entry.sessions.length === 1 && entry.updatedAt > entry.createdAt
        ? { ...entry, key: undefined }
        : entry
    const { transport, told } = await setup(showing(forgetful))
    const first = transport.inbound(A)
    await vi.advanceTimersByTimeAsync(5)
    transport.inbound(A)
    first.end()
    await turns()
    expect(told).toEqual([NOT_SHOWN])
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
    watchContract(through({ snapshot: () => [] }, hub), { onBroken }).check()
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
    [createHub({ transport: createFaultTransport() }), { holdTimeout: -1 }, 'holdTimeout'],
    [createHub({ transport: createFaultTransport() }), { openHandles: [] }, 'openHandles'],
  ])('refuses bad input by name: %#', (hub, options, name) => {
    const watch = () => watchContract(hub as never, options)
    expect(watch).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    expect(watch).toThrow(`The option "${name}" must be `)
  })
})
