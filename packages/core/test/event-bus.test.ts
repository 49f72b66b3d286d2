import { trackedSignal, turns } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { createEventBus } from '../src/state/event-bus.js'

interface Events {
  tick: number
  tock: number
}

const setup = () => {
  const onError = vi.fn()
  const bus = createEventBus<Events>(onError)
  const log: string[] = []
  const listen = (name: string, then: (n: number) => void = () => {}) =>
    bus.on('tick', (n) => {
      log.push(`${name} ${n}`)
      then(n)
    })
  return { bus, log, listen, onError }
}

describe('a delivery', () => {
  it('reaches the listeners in the order of subscription', () => {
    const { bus, log, listen } = setup()
    listen('first')
    listen('second')
    listen('third')
    bus.emit('tick', 1)
    expect(log).toEqual(['first 1', 'second 1', 'third 1'])
  })

  it('reaches those of its type only', () => {
    const { bus, log, listen } = setup()
    listen('first')
    bus.emit('tock', 1)
    expect(log).toEqual([])
  })

  it('does not reach who was removed during it', () => {
    const { bus, log, listen, onError } = setup()
    listen('first', () => stop())
    const stop = listen('second')
    listen('third')
    bus.emit('tick', 1)
    expect(log).toEqual(['first 1', 'third 1'])
    expect(onError).not.toHaveBeenCalled()
  })

  it('does not reach who was added during it; the next one does', () => {
    const { bus, log, listen } = setup()
    listen('first', (n) => n === 1 && listen('late'))
    bus.emit('tick', 1)
    expect(log).toEqual(['first 1'])
    bus.emit('tick', 2)
    expect(log).toEqual(['first 1', 'first 2', 'late 2'])
  })

  it('goes on when a listener removes itself and adds another, each time', () => {
    const { bus, log, listen } = setup()
    const once = () => {
      const stop = listen('self', () => {
        stop()
        once()
      })
    }
    once()
    for (let n = 1; n <= 100; n++) bus.emit('tick', n)
    expect(log).toHaveLength(100)
    expect(log.at(-1)).toBe('self 100')
  })

  it('calls a listener that subscribed twice twice, and ends each on its own', () => {
    const { bus } = setup()
    const listener = vi.fn()
    const stop = bus.on('tick', listener)
    bus.on('tick', listener)
    bus.emit('tick', 1)
    expect(listener).toHaveBeenCalledTimes(2)
    stop()
    bus.emit('tick', 2)
    expect(listener).toHaveBeenCalledTimes(3)
  })
})

describe('a listener that throws', () => {
  it('keeps nobody from hearing, and its error is told with the type', () => {
    const { bus, log, listen, onError } = setup()
    listen('first', () => {
      throw new Error('bad')
    })
    listen('second')
    bus.emit('tick', 1)
    expect(log).toEqual(['first 1', 'second 1'])
    expect(onError.mock.calls).toEqual([[new Error('bad'), 'tick']])
  })

  it('by its promise is told as well', async () => {
    const { bus, onError } = setup()
    bus.on('tock', () => Promise.reject(new Error('later')))
    bus.emit('tock', 1)
    await turns()
    expect(onError.mock.calls).toEqual([[new Error('later'), 'tock']])
  })
})

describe('the end of a subscription', () => {
  it('may be asked for twice', () => {
    const { bus, log, listen } = setup()
    const stop = listen('first')
    listen('second')
    stop()
    stop()
    bus.emit('tick', 1)
    expect(log).toEqual(['second 1'])
    expect(bus.has('tick')).toBe(true)
  })

  it('comes with the signal, and the signal is left', () => {
    const { bus, log, listen } = setup()
    const { signal, abort, held } = trackedSignal()
    const stop = bus.on('tick', () => log.push('signalled'), signal)
    listen('other')
    expect(held.size).toBe(1)
    abort()
    stop()
    bus.emit('tick', 1)
    expect(log).toEqual(['other 1'])
    expect(held.size).toBe(0)
  })

  it('without the signal leaves the signal, too', () => {
    const { bus } = setup()
    const { signal, held } = trackedSignal()
    bus.on('tick', () => {}, signal)()
    expect(held.size).toBe(0)
  })

  it('has come before the beginning where the signal had aborted', () => {
    const { bus } = setup()
    const { signal, abort, held } = trackedSignal()
    abort()
    const stop = bus.on('tick', () => {}, signal)
    expect(bus.has('tick')).toBe(false)
    expect(held.size).toBe(0)
    expect(stop).not.toThrow()
  })

  it('comes with `using`', () => {
    const { bus } = setup()
    const stop = bus.on('tick', () => {})
    stop[Symbol.dispose]()
    expect(bus.has('tick')).toBe(false)
  })

  it('of all of them comes with clear(), also inside a delivery', () => {
    const { bus, log, listen } = setup()
    const { signal, held } = trackedSignal()
    bus.on('tock', () => {}, signal)
    listen('first', () => bus.clear())
    listen('second')
    bus.emit('tick', 1)
    bus.emit('tick', 2)
    expect(log).toEqual(['first 1'])
    expect([bus.has('tick'), bus.has('tock')]).toEqual([false, false])
    expect(held.size).toBe(0)
  })
})

describe('has()', () => {
  it('tells whether anybody listens, at any count of those who left', () => {
    const { bus } = setup()
    expect(bus.has('tick')).toBe(false)
    const ends = Array.from({ length: 100 }, () => bus.on('tick', () => {}))
    for (const stop of ends.slice(1)) stop()
    expect(bus.has('tick')).toBe(true)
    ends[0]?.()
    expect(bus.has('tick')).toBe(false)
  })

  it('tells it inside a delivery', () => {
    const { bus } = setup()
    const seen: boolean[] = []
    const stop = bus.on('tick', () => {
      stop()
      seen.push(bus.has('tick'))
    })
    bus.emit('tick', 1)
    expect(seen).toEqual([false])
  })
})

describe('the sweep', () => {
  it.each([1, 15, 16, 17, 100])('after %i have left keeps the others, in order', (count) => {
    const { bus, log, listen } = setup()
    listen('first')
    const ends = Array.from({ length: count }, () => listen('gone'))
    listen('last')
    for (const stop of ends) stop()
    bus.emit('tick', 1)
    expect(log).toEqual(['first 1', 'last 1'])
  })

  it('waits for the end of a delivery, and then loses nobody', () => {
    const { bus, log, listen } = setup()
    const ends: (() => void)[] = []
    listen('first', () => {
      for (const stop of ends) stop()
      listen('late')
    })
    for (let i = 0; i < 50; i++) ends.push(listen('gone'))
    listen('last')
    bus.emit('tick', 1)
    expect(log).toEqual(['first 1', 'last 1'])
    log.length = 0
    bus.emit('tick', 2)
    expect(log).toEqual(['first 2', 'last 2', 'late 2'])
  })

  it('stands a delivery inside a delivery', () => {
    const { bus, log, listen } = setup()
    const stops: (() => void)[] = []
    for (let i = 0; i < 20; i++) stops.push(listen('gone'))
    listen('outer', (n) => {
      if (n !== 1) return
      for (const stop of stops) stop()
      bus.emit('tick', 2)
    })
    listen('last')
    bus.emit('tick', 1)
    expect(log.filter((line) => !line.startsWith('gone'))).toEqual([
      'outer 1',
      'outer 2',
      'last 2',
      'last 1',
    ])
    expect(log.filter((line) => line === 'gone 2')).toEqual([])
  })
})
