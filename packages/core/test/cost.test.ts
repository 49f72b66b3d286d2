import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createHub, type Inbound, type Session } from '@conn-hub/core'
import { createMemoryNetwork, trackedSignal, turns } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import type { Connection } from '../src/model/connection.js'
import { createStore } from '../src/state/store.js'
import { A, setup, track } from './setup.js'
import { stepsOf } from './steps.js'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Of many objects, the engine itself may hold the few that it saw last. */
const A_FEW = 16

/** How many of these objects somebody still holds. */
const held = async (refs: readonly WeakRef<object>[]): Promise<number> => {
  // What a turn of the event loop has looked at lives until its end.
  await new Promise(setImmediate)
  collectGarbage()
  return refs.filter((ref) => ref.deref()).length
}

/** In bytes. */
const memoryInUse = async (): Promise<number> => {
  await held([])
  return process.memoryUsage().heapUsed
}

describe('8 slow readers', () => {
  it('are not waited for', () => {
    const { hub, transport, recording } = setup()
    hub.on('connected', () => new Promise(() => {}))
    transport.inbound(A)
    transport.inbound('fault:b')
    expect(recording.lines()).toEqual(['connected fault:a', 'connected fault:b'])
  })

  it('see in seq what they have missed', () => {
    const { hub, transport } = setup()
    const seen: number[] = []
    const listen = () => hub.on('*', ({ seq }) => seen.push(seq))
    const stop = listen()
    transport.inbound(A)
    stop()
    transport.inbound('fault:b')
    transport.inbound('fault:c')
    listen()
    transport.inbound('fault:d')
    expect(seen).toEqual([1, 4])
  })
})

describe('9 a subscription that has ended', () => {
  it('costs nothing: after 100,000 of them one event calls one listener', () => {
    const { hub, transport } = setup()
    const [ended, live] = [vi.fn(), vi.fn()]
    const ends = Array.from({ length: 50_000 }, () => hub.on('connected', ended))
    hub.on('connected', live)
    for (let i = 0; i < 50_000; i++) ends.push(hub.on('connected', ended))
    for (const end of ends) end()
    transport.inbound(A)
    expect(ended).not.toHaveBeenCalled()
    expect(live).toHaveBeenCalledTimes(1)
  })

  it('is not kept, neither the listener nor the rest', async () => {
    const { hub } = setup()
    const refs: WeakRef<object>[] = []
    const { signal, held: listening } = trackedSignal()
    for (let i = 0; i < 1_000; i++) {
      const listener = () => i
      const stop = hub.on('connected', listener, { signal })
      refs.push(new WeakRef(listener), new WeakRef(stop))
      stop()
    }
    expect(listening.size).toBe(0)
    expect(await held(refs)).toBeLessThan(A_FEW)
    expect(hub.closed).toBe(false)
  })

  it('is not kept where many others of its type live on, but for as many', async () => {
    const { hub } = setup()
    const refs: WeakRef<object>[] = []
    for (let i = 0; i < 100; i++) hub.on('connected', () => {})
    for (let i = 0; i < 1_000; i++) {
      const stop = hub.on('connected', () => i)
      refs.push(new WeakRef(stop))
      stop()
    }
    expect(await held(refs)).toBeLessThan(100 + A_FEW)
    expect(hub.closed).toBe(false)
  })

  it('is not kept either where it ended inside the handler of another type', async () => {
    const { hub, transport } = setup()
    const refs: WeakRef<object>[] = []
    let stop = () => {}
    hub.on('connected', () => {
      const listener = () => {}
      stop = hub.on('close', listener)
      refs.push(new WeakRef(listener), new WeakRef(stop))
    })
    hub.on('disconnected', () => {
      stop()
      stop = () => {}
    })
    for (let i = 0; i < 1_000; i++) transport.inbound(A).end()
    expect(refs).toHaveLength(2_000)
    expect(await held(refs)).toBeLessThan(A_FEW)
    expect(hub.closed).toBe(false)
  })

  it('costs the same to end with 10 others and with 10,000', () => {
    const cost = (others: number): number => {
      const { hub } = setup()
      for (let i = 0; i < others; i++) hub.on('connected', () => {})
      const ends = Array.from({ length: 1_000 }, () => hub.on('connected', () => {}))
      return stepsOf(() => {
        for (let i = 0; i < ends.length; i++) ends[i]?.()
      })
    }
    // Where few stay, empty places are swept up: that is the larger part.
    expect(cost(10_000)).toBeLessThan(4 * cost(10))
  })

  it.each([0, 1])(
    'is not kept where others of its type live on, but for a few, after %i events',
    async (events) => {
      const { hub, transport } = setup()
      const refs: WeakRef<object>[] = []
      hub.on('connected', () => {})
      for (let i = 0; i < events; i++) transport.inbound(A)
      for (let i = 0; i < 1_000; i++) {
        const stop = hub.on('connected', () => i)
        refs.push(new WeakRef(stop))
        stop()
      }
      expect(await held(refs)).toBeLessThan(A_FEW)
      expect(hub.closed).toBe(false)
    },
  )
})

describe('9 a connection that has ended', () => {
  it('leaves no trace: 10,000 cycles end where they began', async () => {
    const network = createMemoryNetwork()
    const hub = createHub({ transport: network.endpoint('a') })
    const other = createHub({ transport: network.endpoint('b') })
    const tracker = track(hub)
    tracker.take()
    const { signal, held: listening } = trackedSignal()
    const refs: WeakRef<object>[] = []
    for (let i = 0; i < 10_000; i++) {
      const link = await hub.connect('mem:b', { signal, data: { i } })
      const entry = hub.get('mem:b')
      if (entry) refs.push(new WeakRef(entry))
      refs.push(new WeakRef(link))
      await hub.disconnect('mem:b', { signal })
    }
    expect(refs).toHaveLength(20_000)
    expect(tracker.take()).toBeUndefined()
    expect(listening.size).toBe(0)
    expect(hub.size + other.size).toBe(0)
    expect(await held(refs)).toBeLessThan(A_FEW)
  })

  it('leaves no trace of its peer: 20,000 that come once, from two addresses, leave the memory as it was', async () => {
    let accept: (inbound: Inbound<number>) => void = () => {}
    const listen = (acceptor: typeof accept) => {
      accept = acceptor
      return () => {}
    }
    const hub = createHub({ transport: { describe: () => ({}), dial: () => {}, listen } })
    const come = (address: string, key: string) => {
      let end = () => {}
      const onClosed = (listener: () => void) => {
        end = listener
      }
      const session: Session<number> = {
        handle: 1,
        direction: 'inbound',
        key,
        close: () => {},
        onClosed,
      }
      accept({ address, session })
      return () => end()
    }
    const before = await memoryInUse()
    for (let i = 0; i < 20_000; i++) {
      const key = `peer ${i}`
      for (const end of [come(`${key} a`, key), come(`${key} b`, key)]) end()
    }
    // A trace of each, were it but its name, would be several MB.
    expect((await memoryInUse()) - before).toBeLessThan(1_000_000)
    expect(hub.size).toBe(0)
  })
})

describe('9 a call that a signal ended at once', () => {
  it('leaves no trace: 20,000 addresses leave the memory as it was', async () => {
    const { hub, transport } = setup()
    const signal = {
      aborted: false,
      addEventListener: (_: string, listener: () => void) => listener(),
      removeEventListener: () => {},
    } as never
    const before = await memoryInUse()
    for (let i = 0; i < 20_000; i++) {
      await hub.connect(`fault:${i}`, { signal }).catch(() => {})
    }
    expect((await memoryInUse()) - before).toBeLessThan(1_000_000)
    expect(transport.dials).toHaveLength(0)
  })
})

describe('9 a snapshot that nobody asks for any more', () => {
  const entry = (sessions: readonly object[], n = 0) =>
    ({ address: A, sessions, data: { n } }) as never as Connection<unknown>

  it('holds no session that has left', async () => {
    const store = createStore()
    const sessions = Array.from({ length: 1_000 }, () => ({}))
    const refs = sessions.map((session) => new WeakRef(session))
    store.set(A, undefined, entry(sessions.splice(0)))
    store.snapshot()
    store.set(A, store.get(A), entry([{}]))
    expect(await held(refs)).toBeLessThan(A_FEW)
    expect(store.size()).toBe(1)
  })

  it('holds nothing of what has changed since, however often', async () => {
    const store = createStore()
    let last = entry([])
    store.set(A, undefined, last)
    store.snapshot()
    const before = await memoryInUse()
    for (let n = 0; n < 50_000; n++) {
      const next = entry([], n)
      store.set(A, last, next)
      last = next
    }
    expect((await memoryInUse()) - before).toBeLessThan(1_000_000)
    expect(store.snapshot()).toEqual([entry([], 49_999)])
  })
})

describe('9 a view that has ended', () => {
  it('is not fed any more: 1,000 of them leave the memory as it was', async () => {
    const { hub, transport } = setup()
    for (let i = 0; i < 1_000; i++) transport.inbound(`fault:${i}`)
    for (let i = 0; i < 1_000; i++) {
      const view = track(hub)
      view.take()
      view.stop()
    }
    const before = await memoryInUse()
    for (let i = 0; i < 1_000; i++) hub.update(`fault:${i}`, { i })
    // Fed, they would hold a place for each of the entries: a million.
    expect((await memoryInUse()) - before).toBeLessThan(5_000_000)
  })
})

describe('9 a change', () => {
  const cost = (entries: number): number => {
    const { hub, transport } = setup()
    for (let i = 0; i < entries; i++) transport.inbound(`fault:${i}`)
    return stepsOf(() => {
      for (let i = 0; i < 100; i++) {
        hub.update('fault:5', { i })
        transport.inbound('fault:new').end()
      }
    })
  }

  it('costs the same with 10 entries and with 10,000', () => {
    const few = cost(10)
    expect(few).toBeGreaterThan(0)
    expect(cost(10_000)).toBe(few)
  })

  it('makes no snapshot until somebody asks', async () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    const freeze = vi.spyOn(Object, 'freeze')
    for (let i = 0; i < 100; i++) hub.update(A, { i })
    await turns()
    expect(freeze).not.toHaveBeenCalled()
    expect(hub.snapshot()).toBe(hub.snapshot())
    expect(freeze).toHaveBeenCalledTimes(1)
  })
})
