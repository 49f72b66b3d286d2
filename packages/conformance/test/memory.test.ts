import { createHub, type DialAttempt } from '@conn-hub/core'
import { until } from '@conn-hub/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  createMemoryNetwork,
  type MemoryLink,
  type MemoryNetworkOptions,
  type Packet,
} from '../src/index.js'

afterEach(() => {
  vi.useRealTimers()
})

/** Two peers with a link between them, `ours` dialed. */
const linked = async (options?: MemoryNetworkOptions) => {
  const { endpoint } = createMemoryNetwork(options)
  const [a, b] = [endpoint('a'), endpoint('b')]
  const arrived: MemoryLink[] = []
  b.listen(({ session }) => arrived.push(session))
  const dialed: (MemoryLink | Error)[] = []
  const attempt = {
    succeed: (session: MemoryLink) => dialed.push(session),
    fail: (error: Error) => dialed.push(error),
  } as unknown as DialAttempt<MemoryLink>
  a.dial('mem:b', attempt)
  const ours = () => dialed[0] as MemoryLink
  const theirs = () => arrived[0] as MemoryLink
  return { a, b, attempt, dialed, arrived, ours, theirs }
}

const told = (link: MemoryLink) => {
  const listener = vi.fn()
  link.onClosed(listener)
  return listener
}

const kept = <T>(promise: Promise<T>) =>
  promise.then(
    () => 'resolved',
    (error: Error) => error.message,
  )

describe('a link of the memory network', () => {
  it('opens within the call, with the keys of both ends', async () => {
    const { ours, theirs } = await linked()
    expect(ours()).toMatchObject({ key: 'b', direction: 'outbound', open: true })
    expect(theirs()).toMatchObject({ key: 'a', direction: 'inbound', open: true })
    expect(ours().peer).toBe(theirs())
  })

  it('carries messages in order, and keeps them for the first listener', async () => {
    const { ours, theirs } = await linked()
    const heard: unknown[] = []
    expect([ours().send(1), ours().send({ two: 2 })]).toEqual([true, true])
    theirs().onMessage((message) => heard.push(message))
    ours().send(3)
    expect(heard).toEqual([1, { two: 2 }, 3])
    ours().close()
    expect(ours().send(4)).toBe(false)
    expect(heard).toHaveLength(3)
  })

  it('tells the reason of close() to the other end alone, and late listeners the same', async () => {
    const { a, b, ours, theirs } = await linked()
    const [here, there] = [told(ours()), told(theirs())]
    ours().close('done')
    expect(here.mock.calls).toEqual([[undefined, undefined]])
    expect(there.mock.calls).toEqual([[undefined, 'done']])
    expect(told(theirs()).mock.calls).toEqual([[undefined, 'done']])
    expect(a.links.size + b.links.size).toBe(0)
  })

  it('ends at once by destroy(), and tells the other end an error', async () => {
    const { ours, theirs } = await linked({ onPacket: only('dial', 'accept', 'reset') })
    const [here, there] = [told(ours()), told(theirs())]
    ours().close('nobody answers')
    expect(here).not.toHaveBeenCalled()
    ours().destroy()
    expect(here).toHaveBeenCalledOnce()
    expect(there.mock.calls).toEqual([[expect.any(Error), undefined]])
  })

  it('answers probes, several at once', async () => {
    const { ours } = await linked({ latency: 1 })
    await until(() => ours() !== undefined, 'the link is open')
    const { signal } = new AbortController()
    const quick = AbortSignal.abort(new Error('too slow'))
    const probes = [ours().probe(signal), ours().probe(quick), ours().probe(signal)]
    expect(await Promise.all(probes.map(kept))).toEqual(['resolved', 'too slow', 'resolved'])
  })

  it('ends a probe that nobody answers by its signal, and by the end of the link', async () => {
    const { ours, theirs } = await linked({ onPacket: only('dial', 'accept', 'close', 'closed') })
    const controller = new AbortController()
    const probes = [ours().probe(controller.signal), ours().probe(new AbortController().signal)]
    controller.abort(new Error('no answer'))
    theirs().close()
    expect(await Promise.all(probes.map(kept))).toEqual(['no answer', 'the link has closed'])
    expect(await kept(ours().probe(controller.signal))).toBe('the link has closed')
  })

  it('counts its traffic', async () => {
    const { ours, theirs } = await linked()
    expect(ours().traffic()).toEqual({ messagesIn: 0, messagesOut: 0 })
    ours().send('hello')
    expect(ours().traffic()).toEqual({ messagesIn: 0, messagesOut: 1 })
    const heardAt = expect.any(Number)
    expect(theirs().traffic()).toEqual({ messagesIn: 1, messagesOut: 0, heardAt })
  })

  it('learns that the other end has gone, though nobody said so', async () => {
    const { ours, theirs } = await linked({ onPacket: once('reset', () => false) })
    ours().destroy()
    expect(theirs().open).toBe(true)
    const there = told(theirs())
    theirs().close()
    expect(there.mock.calls).toEqual([[expect.any(Error), undefined]])
  })
})

describe('a peer of the memory network that vanishes', () => {
  it('is told nothing any more, and the other end learns of it when it sends something', async () => {
    const { a, b, ours, theirs } = await linked()
    const [here, there] = [told(ours()), told(theirs())]
    a.vanish()
    expect([a.links.size, b.links.size, ours().open, theirs().open]).toEqual([0, 1, false, true])
    theirs().send('are you there?')
    expect(here).not.toHaveBeenCalled()
    expect(there.mock.calls).toEqual([[expect.any(Error), undefined]])
    expect(b.links.size).toBe(0)
  })

  it('hears of no probe that it had sent', async () => {
    vi.useFakeTimers()
    const { a, ours } = await linked({ latency: 10 })
    await vi.advanceTimersByTimeAsync(20)
    const settled = vi.fn()
    ours().probe(new AbortController().signal).then(settled, settled)
    a.vanish()
    await vi.advanceTimersByTimeAsync(100)
    expect(settled).not.toHaveBeenCalled()
  })

  it('does not get the link that it had dialed, and the other end loses it', async () => {
    vi.useFakeTimers()
    const { a, b, arrived, dialed } = await linked({ latency: 10 })
    await vi.advanceTimersByTimeAsync(10)
    expect(arrived).toHaveLength(1)
    a.vanish()
    await vi.advanceTimersByTimeAsync(20)
    expect([dialed.length, a.links.size, b.links.size]).toEqual([0, 0, 0])
  })

  it('listens no more, and hears of no refusal', async () => {
    vi.useFakeTimers()
    const { a, b, attempt, dialed } = await linked({ latency: 10 })
    await vi.advanceTimersByTimeAsync(20)
    b.vanish()
    a.dial('mem:b', attempt)
    await vi.advanceTimersByTimeAsync(20)
    expect(String(dialed[1])).toBe('Error: nobody is at mem:b')
    a.dial('mem:b', attempt)
    a.vanish()
    await vi.advanceTimersByTimeAsync(20)
    expect(dialed).toHaveLength(2)
  })
})

it('breaks a link at one end, and the other end learns of it when it sends something', async () => {
  const { ours, theirs } = await linked()
  expect([ours().number, theirs().number]).toEqual([1, 1])
  const [here, there] = [told(ours()), told(theirs())]
  ours().break(new Error('the cable is cut'))
  expect(here.mock.calls).toEqual([[new Error('the cable is cut'), undefined]])
  expect(there).not.toHaveBeenCalled()
  theirs().send('hello?')
  expect(there).toHaveBeenCalledOnce()
})

describe('a dial of the memory network', () => {
  it('fails where nobody listens', async () => {
    const { a, attempt, dialed } = await linked()
    a.dial('mem:nobody', attempt)
    expect(String(dialed[1])).toBe('Error: nobody is at mem:nobody')
  })

  it('reaches the one who listens now, where a peer came back under its name', async () => {
    const { endpoint } = createMemoryNetwork()
    const [first, second] = [endpoint('b'), endpoint('b')]
    const stop = first.listen(() => {})
    second.listen(() => {})
    stop()
    const hub = createHub({ transport: endpoint('a') })
    await hub.connect('mem:b')
    expect([first.links.size, second.links.size]).toEqual([0, 1])
  })

  it('that the other side ends at once still begins before it ends', async () => {
    const { endpoint } = createMemoryNetwork({ latency: 1 })
    const [a, b] = [endpoint('a'), endpoint('b')]
    b.listen(({ session }) => session.destroy())
    const hub = createHub({ transport: a })
    const types: string[] = []
    hub.on('*', ({ type }) => types.push(type))
    await hub.connect('mem:b')
    await until(() => hub.size === 0, 'the end was told')
    expect(types).toEqual(['connecting', 'connected', 'disconnected'])
  })
})

describe('a memory network', () => {
  it('takes its latency for each packet, and keeps their order', async () => {
    vi.useFakeTimers()
    let latency = 50
    const { ours, theirs, arrived, dialed } = await linked({ latency: () => latency })
    await vi.advanceTimersByTimeAsync(49)
    expect(arrived).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1)
    expect([arrived.length, dialed.length]).toEqual([1, 0])
    await vi.advanceTimersByTimeAsync(50)
    const heard: unknown[] = []
    theirs().onMessage((message) => heard.push(message))
    for (const [ms, message] of [
      [30, 'slow'],
      [10, 'fast'],
      [0, 'at once'],
    ] as const) {
      latency = ms
      ours().send(message)
    }
    await vi.advanceTimersByTimeAsync(29)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(heard).toEqual(['slow', 'fast', 'at once'])
  })

  it('asks latency for the two ends', async () => {
    const latency = vi.fn((from: string) => (from === 'a' ? 0 : 1))
    const { arrived } = await linked({ latency })
    expect(arrived).toHaveLength(1)
    expect(latency.mock.calls).toEqual([
      ['a', 'b'],
      ['b', 'a'],
    ])
  })

  it('runs on the clock that it is given, and leaves no timer behind', async () => {
    const timers = new Map<number, () => void>()
    let last = 0
    const clock = {
      setTimeout: (run: () => void, ms: number) => {
        expect(ms).toBe(7)
        timers.set(++last, run)
        return last
      },
      clearTimeout: (timer: number) => timers.delete(timer),
      now: () => 42,
    }
    const step = () => {
      for (const [timer, run] of timers) {
        timers.delete(timer)
        run()
      }
    }
    const { ours, theirs } = await linked({ latency: 7, clock })
    step()
    step()
    ours().send('hello')
    step()
    expect(theirs().traffic().heardAt).toBe(42)
    theirs().send('on its way')
    ours().destroy()
    theirs().destroy()
    expect(timers.size).toBe(0)
  })

  it('hands each packet to the hook, with the number of its link', async () => {
    const packets: Packet[] = []
    const onPacket = (packet: Packet, pass: () => void) => {
      packets.push(packet)
      pass()
    }
    const { a, attempt, ours } = await linked({ onPacket })
    await ours().probe(new AbortController().signal)
    ours().close()
    a.dial('mem:nobody', attempt)
    expect(packets.map(({ kind, from, to, link }) => `${link} ${from}>${to} ${kind}`)).toEqual([
      '1 a>b dial',
      '1 b>a accept',
      '1 a>b ping',
      '1 b>a pong',
      '1 a>b close',
      '1 b>a closed',
      '2 a>nobody dial',
      '2 nobody>a refuse',
    ])
  })

  it.each([
    [() => createMemoryNetwork({ latency: -1 }), 'latency'],
    [() => createMemoryNetwork({ clock: {} as never }), 'clock'],
    [() => createMemoryNetwork({ onPacket: 1 as never }), 'onPacket'],
    [() => createMemoryNetwork().endpoint('a b'), 'name'],
  ])('refuses bad input by name: %#', (make, name) => {
    expect(make).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
    expect(make).toThrow(`The option "${name}" must be `)
  })
})

/** Swallows all other packets. */
function only(...kinds: string[]) {
  return ({ kind }: Packet, pass: () => void) => void (kinds.includes(kind) && pass())
}

/** Lets the first packet of a kind pass only where the test says so. */
function once(kind: string, passes: () => boolean) {
  let seen = false
  return (packet: Packet, pass: () => void) => {
    if (packet.kind !== kind || seen || passes()) return pass()
    seen = true
  }
}
