import { createHub } from '@conn-hub/core'
import { createFaultTransport, FaultSession, turns } from '@conn-hub/testkit'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { instrument } from '../src/index.js'
import { A, B, setup } from './support.js'

const NOW = 1_800_000_000_000

// Time stands still: what is measured is what the test lets pass. Promises and sockets are real.
beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['Date', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'],
      now: NOW,
    }),
)
afterEach(() => void vi.useRealTimers())

const pass = (ms: number) => vi.advanceTimersByTime(ms)

it('counts entries by state and kind, and sessions by direction', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  instrument(hub, { name: 'test', meterProvider })
  hub.connect(A).catch(() => {})
  expect((await scrape()).of('connection_count')).toEqual({
    '{state="connecting",kind="fault"}': 1,
  })
  transport.lastDial.succeed()
  transport.inbound(A)
  transport.inbound(B)
  const both = await scrape()
  expect(both.of('connection_count')).toEqual({ '{state="connected",kind="fault"}': 2 })
  expect(both.of('session_count')).toEqual({
    '{direction="inbound",kind="fault"}': 2,
    '{direction="outbound",kind="fault"}': 1,
  })
  for (const session of transport.sessions) session.onClose = 'refuse'
  hub.disconnect(B)
  expect((await scrape()).of('connection_count')).toEqual({
    '{state="connected",kind="fault"}': 1,
    '{state="disconnecting",kind="fault"}': 1,
  })
  for (const session of transport.sessions) session.end()
  const none = await scrape()
  expect(none.of('connection_count')).toEqual({})
  expect(none.of('session_count')).toEqual({})
})

it('measures a dial that works, one that fails, and one that is cancelled', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  instrument(hub, { name: 'test', meterProvider })
  hub.connect(A)
  pass(2_000)
  transport.lastDial.succeed()
  hub.connect(B).catch(() => {})
  pass(3_000)
  transport.lastDial.fail()
  hub.connect(B).catch(() => {})
  pass(4_000)
  hub.disconnect(B)
  hub.connect(B, { timeout: 5_000 }).catch(() => {})
  pass(5_000)
  const signal = new AbortController()
  hub.connect(B, { signal: signal.signal }).catch(() => {})
  pass(6_000)
  signal.abort()
  const { values } = await scrape()
  const sums = [...values].filter(([name]) => name.startsWith('dial_duration_sum'))
  expect(Object.fromEntries(sums)).toEqual({
    'dial_duration_sum{}': 2,
    'dial_duration_sum{error_type="DIAL_FAILED"}': 3,
    'dial_duration_sum{error_type="DIAL_CANCELLED"}': 4,
    'dial_duration_sum{error_type="DIAL_TIMEOUT"}': 5,
    'dial_duration_sum{error_type="ABORTED"}': 6,
  })
  // An inbound session is no dial.
  transport.inbound(B)
  expect((await scrape()).get('dial_duration_count{}')).toBe(1)
})

it('tells the time for which a dial is held from the time that it takes', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  instrument(hub, { name: 'test', meterProvider })
  hub.connect(A)
  pass(1_000)
  const release = transport.lastDial.hold('a place in the queue')
  expect((await scrape()).get('dial_pending{}')).toBe(1)
  pass(20_000)
  release()
  const again = transport.lastDial.hold('a permit')
  const other = transport.lastDial.hold('another permit')
  pass(10_000)
  again()
  pass(5_000)
  other()
  expect((await scrape()).get('dial_pending{}')).toBe(0)
  pass(500)
  transport.lastDial.succeed()
  const scraped = await scrape()
  expect(scraped.get('dial_duration_sum{}')).toBe(1.5)
  expect(scraped.get('dial_wait_time_sum{}')).toBe(35)
  expect(scraped.get('dial_wait_time_count{}')).toBe(2)
})

it('counts a dial that is cancelled while it is held', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  instrument(hub, { name: 'test', meterProvider })
  hub.connect(A).catch(() => {})
  transport.lastDial.hold('a place in the queue')
  pass(7_000)
  hub.disconnect(A)
  const scraped = await scrape()
  expect(scraped.get('dial_pending{}')).toBe(0)
  expect(scraped.get('dial_wait_time_sum{}')).toBe(7)
  expect(scraped.get('dial_duration_sum{error_type="DIAL_CANCELLED"}')).toBe(0)
})

it('measures how long connections were there, and says who ended them and why', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  instrument(hub, { name: 'test', meterProvider })
  hub.connect(A)
  pass(500)
  const session = transport.lastDial.succeed()
  session.onClose = 'refuse'
  pass(60_000)
  hub.disconnect(A, { reason: 'idle' }).catch(() => {})
  // It fails after 5 s, and the entry is connected again.
  pass(5_000)
  expect(hub.getState(A)).toBe('connected')
  pass(10_000)
  session.end(undefined, 'a reason of a stranger')
  transport.inbound(B)
  pass(2_000)
  hub.disconnect(B, { reason: 'idle' })
  // Cancelled, and never connected.
  hub.connect(B).catch(() => {})
  pass(1_000)
  hub.disconnect(B)
  const { values } = await scrape()
  const sums = [...values].filter(([name]) => name.startsWith('connection_duration_sum'))
  expect(Object.fromEntries(sums)).toEqual({
    'connection_duration_sum{reason="other",initiator="remote"}': 75,
    'connection_duration_sum{reason="idle",initiator="local"}': 2,
  })
})

it('counts what was refused, and errors, which begin with 0', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  instrument(hub, { name: 'test', meterProvider })
  const before = await scrape()
  expect(before.get('refused_total{why="late"}')).toBe(0)
  expect(before.get('errors_total{origin="transport"}')).toBe(0)
  hub.connect(A, { key: 'a' }).catch(() => {})
  transport.lastDial.succeed({ key: 'somebody else' })
  transport.acceptAnything({ address: A, session: 'nothing' })
  hub.on('connected', () => {
    throw new Error('a bug of the app')
  })
  transport.inbound(B)
  const after = await scrape()
  expect(after.of('refused_total')).toEqual({ '{why="wrong-peer"}': 1, '{why="broken"}': 1 })
  expect(after.of('errors_total')).toEqual({ '{origin="listener"}': 1, '{origin="transport"}': 1 })
})

it('sums what goes over sessions each 10 s, and what went over those that ended', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  let asked = 0
  const open = (name: string, traffic: () => unknown) => {
    const session = new FaultSession('inbound', name)
    const counted = () => {
      asked++
      return traffic()
    }
    transport.inbound(`fault:${name}`, Object.assign(session, { traffic: counted }) as FaultSession)
    return session
  }
  const a = { bytesIn: 100, bytesOut: 10 }
  const first = open('a', () => a)
  open('b', () => {
    throw new Error('it cannot be read')
  })
  open('c', () => ({ bytesIn: 'many', bytesOut: Number.NaN }))
  open('d', () => undefined)
  open('e', () => ({ bytesIn: 1.7e308, bytesOut: -5 }))
  open('f', () => ({ bytesIn: 1.7e308, bytesOut: Number.POSITIVE_INFINITY }))
  instrument(hub, { name: 'test', meterProvider })
  await scrape()
  await scrape()
  expect(asked).toBe(0)
  pass(10_000)
  expect(asked).toBe(6)
  expect((await scrape()).of('io_total')).toEqual({
    '{network_io_direction="receive"}': 100,
    '{network_io_direction="transmit"}': 10,
  })
  Object.assign(a, { bytesIn: 150, bytesOut: 5 })
  first.end()
  Object.assign(a, { bytesIn: 999 })
  pass(10_000)
  expect((await scrape()).of('io_total')).toEqual({
    '{network_io_direction="receive"}': 150,
    '{network_io_direction="transmit"}': 10,
  })
})

it('counts what was there before, also where it begins inside a delivery', async () => {
  for (const at of ['outside', 'inside'] as const) {
    const { hub, transport, scrape, meterProvider } = await setup()
    transport.inbound(B)
    hub.connect('fault:c').catch(() => {})
    transport.lastDial.hold('a queue')
    if (at === 'outside') instrument(hub, { name: 'test', meterProvider })
    let begun = false
    hub.on('connecting', () => {
      if (begun || at === 'outside') return
      begun = true
      // Done before `connecting` of this one is told: the table is ahead of what listeners know.
      hub.disconnect(B)
      hub.connect('fault:d').catch(() => {})
      transport.inbound('fault:e')
      transport.inbound('fault:f').end()
      instrument(hub, { name: 'test', meterProvider })
    })
    hub.connect(A).catch(() => {})
    if (at === 'outside') {
      hub.disconnect(B)
      hub.connect('fault:d').catch(() => {})
      transport.inbound('fault:e')
      transport.inbound('fault:f').end()
    }
    const scraped = await scrape()
    expect(scraped.of('connection_count'), at).toEqual({
      '{state="connecting",kind="fault"}': 3,
      '{state="connected",kind="fault"}': 1,
    })
    expect(scraped.of('session_count'), at).toEqual({ '{direction="inbound",kind="fault"}': 1 })
    expect(scraped.get('dial_pending{}'), at).toBe(1)
    await hub.close()
    const after = await scrape()
    expect(after.of('connection_count'), at).toEqual({})
    expect(after.of('session_count'), at).toEqual({})
    expect(after.of('dial_pending'), at).toEqual({})
  }
})

it('takes back what it counted when it ends, and hears nothing more', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  const stop = instrument(hub, { name: 'test', meterProvider })
  transport.inbound(A)
  hub.connect(B).catch(() => {})
  transport.lastDial.hold('a queue')
  stop()
  stop()
  transport.inbound('fault:c')
  const scraped = await scrape()
  for (const metric of ['connection_count', 'session_count', 'dial_pending']) {
    expect(scraped.of(metric), metric).toEqual({})
  }
  // The clock of the held dial alone.
  expect(vi.getTimerCount()).toBe(1)
})

it('keeps two hubs apart by their names, and ends with its own', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  const transport2 = createFaultTransport()
  const hub2 = createHub({ transport: transport2 })
  instrument(hub, { name: 'one', meterProvider })
  instrument(hub2, { name: 'two', meterProvider })
  transport.inbound(A)
  transport2.inbound(A)
  await hub2.close()
  const { text } = await scrape()
  expect(text).toMatch(/connection_count\{conn_hub_name="one",.*state="connected".*\} 1\n/)
  expect(text).toMatch(/connection_count\{conn_hub_name="two",.*state="connected".*\} 0\n/)
  await turns()
})

it('measures no less than nothing where the clock is turned back', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  instrument(hub, { name: 'test', meterProvider })
  hub.connect(A)
  transport.lastDial.hold('a queue')
  vi.setSystemTime(NOW - 3_600_000)
  transport.lastDial.succeed().end()
  const { values } = await scrape()
  const sums = [...values].filter(([name]) => name.includes('_sum'))
  expect(sums.map(([, value]) => value)).toEqual([0, 0, 0])
})

it('finds its way back within 10 s where a step was not counted: the stack was full, or the SDK threw', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  let isBroken = false
  const fragile = <T extends object>(real: T): T =>
    Object.assign(Object.create(real), {
      add: (...args: unknown[]) => {
        if (isBroken) throw new RangeError('Maximum call stack size exceeded')
        return (real as { add(...args: unknown[]): void }).add(...args)
      },
    })
  const meter = meterProvider.getMeter('real')
  const createUpDownCounter: typeof meter.createUpDownCounter = (...args) =>
    fragile(meter.createUpDownCounter(...args))
  const broken = Object.assign(Object.create(meter), { createUpDownCounter })
  const stop = instrument(hub, { name: 'test', meterProvider: { getMeter: () => broken } })
  const a = transport.inbound(A)
  isBroken = true
  a.end()
  transport.inbound(B)
  transport.inbound('fault:c')
  isBroken = false
  pass(10_000)
  const scraped = await scrape()
  expect(scraped.of('connection_count')).toEqual({ '{state="connected",kind="fault"}': 2 })
  expect(scraped.of('session_count')).toEqual({ '{direction="inbound",kind="fault"}': 2 })
  stop()
  const after = await scrape()
  expect(after.of('connection_count')).toEqual({})
  expect(after.of('session_count')).toEqual({})
})

it('finds its way back where the end of a dial that was held was not counted', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  let isBroken = false
  const meter = meterProvider.getMeter('real')
  const createUpDownCounter: typeof meter.createUpDownCounter = (...args) => {
    const real = meter.createUpDownCounter(...args)
    const add: typeof real.add = (...step) => {
      if (isBroken) throw new RangeError('Maximum call stack size exceeded')
      real.add(...step)
    }
    return Object.assign(Object.create(real), { add })
  }
  const broken = Object.assign(Object.create(meter), { createUpDownCounter })
  instrument(hub, { name: 'test', meterProvider: { getMeter: () => broken } })
  hub.connect(A).catch(() => {})
  transport.lastDial.hold('a queue')
  expect((await scrape()).of('dial_pending')).toEqual({ '{}': 1 })
  isBroken = true
  hub.disconnect(A)
  isBroken = false
  pass(10_000)
  expect((await scrape()).of('dial_pending')).toEqual({})
})

it('gives no kind a label of its own that cannot be printed: two of them may come out as the same', async () => {
  const { hub, transport, scrape, meterProvider } = await setup()
  instrument(hub, { name: 'test', meterProvider })
  const kinds = ['\ud800', '\udfff', '\0', 'a\rb', 'a\nb', '\u2028', '\u202e', 'x'.repeat(1e6)]
  for (const kind of [...kinds, '__proto__', 'WLAN 5 GHz', '"} 1\\'])
    transport.inbound(
      `fault:${kinds.length + transport.sessions.length}`,
      Object.assign(new FaultSession('inbound'), { kind }),
    )
  const counted = (await scrape()).of('connection_count')
  expect(counted).toEqual({
    '{state="connected",kind="other"}': kinds.length,
    '{state="connected",kind="__proto__"}': 1,
    '{state="connected",kind="WLAN 5 GHz"}': 1,
    '{state="connected",kind="\\"} 1\\\\"}': 1,
  })
})
