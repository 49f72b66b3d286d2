import { getEventListeners, setMaxListeners } from 'node:events'
import type { Hub } from '@conn-hub/core'
import { changes, listen, liveEntries, type Source, type ViewOptions } from '@conn-hub/pull-stream'
import type { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it } from 'vitest'
import { read, readAll, setup } from './support.js'

type View = (hub: Hub<FaultSession>, options?: ViewOptions) => Source<unknown>

const views: [name: string, view: View][] = [
  ['listen', listen],
  ['liveEntries', liveEntries],
  ['changes', changes],
]

describe.each(views)('every source, here %s,', (name, view) => {
  const subscriptionsOfOne = 2

  /** A source whose reader has read all there is and waits. */
  const waiting = (options?: ViewOptions) => {
    const context = setup()
    const source = view(context.hub, options)
    if (name !== 'listen') read(source)
    const answers = read(source)
    expect(answers).toEqual([])
    return { ...context, source, answers }
  }

  /** A source with something to read. */
  const filled = (options?: ViewOptions) => {
    const context = setup()
    const source = view(context.hub, options)
    if (name !== 'listen') read(source)
    context.open('a')
    return { ...context, source }
  }

  it('subscribes when it is made', () => {
    const { hub, subscriptions } = setup()
    view(hub)
    expect(subscriptions()).toBe(subscriptionsOfOne)
  })

  it('ends the read that waits, then the abort, when it is aborted', () => {
    const { source, subscriptions } = waiting()
    const order: unknown[] = []
    source(null, (end) => order.push(['read', end]))
    source(true, (end) => order.push(['abort', end]))
    expect(order).toEqual([
      ['read', true],
      ['abort', true],
    ])
    expect(subscriptions()).toBe(0)
  })

  it('is freed before anybody is told of the abort', () => {
    const { source, subscriptions } = waiting()
    let left = -1
    source(null, () => {
      left = subscriptions()
    })
    source(true, () => {})
    expect(left).toBe(0)
  })

  it('passes on the error with which it is aborted', () => {
    const { source, answers, subscriptions } = waiting()
    const error = new Error('enough')
    expect(read(source, error)).toEqual([error])
    expect(answers).toEqual([error])
    expect(read(source)).toEqual([error])
    expect(subscriptions()).toBe(0)
  })

  it('may be aborted before the first read', () => {
    const { hub, open, subscriptions } = setup()
    const source = view(hub)
    open('a')
    expect(read(source, true)).toEqual(['end'])
    expect(subscriptions()).toBe(0)
    expect(read(source)).toEqual(['end'])
  })

  it('may be aborted twice', () => {
    const { source, subscriptions } = waiting()
    expect(read(source, true)).toEqual(['end'])
    expect(read(source, true)).toEqual(['end'])
    expect(subscriptions()).toBe(0)
  })

  it('stands an abort without a callback', () => {
    const { source, answers, subscriptions } = waiting()
    ;(source as (abort: boolean) => void)(true)
    expect(answers).toEqual(['end'])
    expect(subscriptions()).toBe(0)
  })

  it('drops what waits when it is aborted', () => {
    const { source } = filled()
    expect(read(source, true)).toEqual(['end'])
    expect(read(source)).toEqual(['end'])
  })

  it('hears no more once it is aborted', () => {
    const { source, answers, open } = waiting()
    read(source, true)
    open('a')
    expect(answers).toEqual(['end'])
    expect(read(source)).toEqual(['end'])
  })

  it('may be aborted in the callback of a read', () => {
    const { hub, open, subscriptions, onError } = setup()
    const source = view(hub)
    const ends: unknown[] = []
    source(null, () => source(true, (end) => ends.push(end)))
    open('a')
    expect(ends).toEqual([true])
    expect(subscriptions()).toBe(0)
    expect(onError).not.toHaveBeenCalled()
  })

  it('ends a reader that waits when the hub closes', async () => {
    const { hub, answers, source } = waiting()
    await hub.close()
    expect(answers).toEqual(['end'])
    expect(read(source)).toEqual(['end'])
    expect(read(source, true)).toEqual(['end'])
  })

  it('may be aborted between the close of the hub and the end', async () => {
    const { hub, source } = filled()
    await hub.close()
    const error = new Error('enough')
    expect(read(source, error)).toEqual([error])
    expect(read(source)).toEqual([error])
  })

  it('ends at once on a hub that has closed', async () => {
    const { hub, subscriptions } = setup()
    await hub.close()
    const source = view(hub)
    expect(read(source)).toEqual(['end'])
    expect(read(source, true)).toEqual(['end'])
    expect(subscriptions()).toBe(0)
  })

  it('ends at once on a hub that is closing', () => {
    const { hub, open, onError } = setup()
    let answers: unknown
    hub.on('connected', () => {
      hub.close()
      answers = readAll(view(hub))
    })
    open('a')
    expect(answers).toEqual(['end'])
    expect(onError).not.toHaveBeenCalled()
  })

  it('never subscribes with a signal that has aborted', () => {
    const { hub, subscriptions } = setup()
    const signal = AbortSignal.abort()
    const source = view(hub, { signal })
    expect(subscriptions()).toBe(0)
    expect(read(source)).toEqual(['end'])
    expect(read(source, true)).toEqual(['end'])
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('ends quietly when its signal aborts', () => {
    const controller = new AbortController()
    const { answers, source, subscriptions } = waiting(controller)
    controller.abort(new Error('not to be seen'))
    expect(answers).toEqual(['end'])
    expect(read(source)).toEqual(['end'])
    expect(subscriptions()).toBe(0)
  })

  it('drops what waits when its signal aborts, also after the hub has closed', async () => {
    const controller = new AbortController()
    const { source } = filled(controller)
    const { source: late, hub } = filled(controller)
    await hub.close()
    controller.abort()
    expect(read(source)).toEqual(['end'])
    expect(read(late)).toEqual(['end'])
  })

  it('leaves nothing at the signal, whichever way it ends', async () => {
    const controller = new AbortController()
    const listeners = () => getEventListeners(controller.signal, 'abort').length
    const aborted = waiting(controller)
    expect(listeners()).toBe(1)
    read(aborted.source, true)
    expect(listeners()).toBe(0)
    const closed = waiting(controller)
    expect(listeners()).toBe(1)
    await closed.hub.close()
    expect(listeners()).toBe(0)
    waiting(controller)
    controller.abort()
    expect(listeners()).toBe(0)
  })

  it('leaves nothing after 10,000 streams', () => {
    const { hub, open, subscriptions } = setup()
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    for (let i = 0; i < 10_000; i++) {
      const source = view(hub, i % 2 ? controller : undefined)
      if (i % 3) read(source)
      if (i % 2 === 0) read(source, true)
      if (i % 100 === 99) open(`${i}`).end()
    }
    controller.abort()
    expect(subscriptions()).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('reports a reader that throws, and goes on for all', () => {
    const { hub, open, onError, subscriptions } = setup()
    const [broken, sound] = [view(hub), view(hub)]
    if (name !== 'listen') for (const source of [broken, sound]) read(source)
    const error = new Error('a reader threw')
    broken(null, () => {
      throw error
    })
    const answers = read(sound)
    const session = open('a')
    expect(onError).toHaveBeenCalledTimes(1)
    expect(onError.mock.calls[0]?.[0]).toBe(error)
    expect(answers).toHaveLength(1)
    // The broken reader may read on, and both can be freed.
    const next = read(broken)
    session.end()
    expect(next).toHaveLength(1)
    for (const source of [broken, sound]) read(source, true)
    expect(subscriptions()).toBe(0)
  })

  it('reports a reader that throws at the end', async () => {
    const { hub, onError } = setup()
    const [broken, sound] = [view(hub), view(hub)]
    if (name !== 'listen') for (const source of [broken, sound]) read(source)
    const error = new Error('a reader threw')
    broken(null, () => {
      throw error
    })
    const answers = read(sound)
    await hub.close()
    expect(onError.mock.calls.map(([thrown]) => thrown)).toEqual([error])
    expect(answers).toEqual(['end'])
  })

  it('may be read again in the callback of a read', () => {
    const { hub, open } = setup()
    const source = view(hub)
    let items = 0
    const readOn = () =>
      source(null, (end) => {
        if (end) return
        items++
        readOn()
      })
    readOn()
    const before = items
    for (const name of ['a', 'b', 'c']) open(name)
    expect(items - before).toBe(3)
  })

  it('may be read by one who calls the hub in the callback', () => {
    const { hub, open, transport } = setup()
    const source = view(hub)
    const seen: unknown[] = []
    const readOn = () =>
      source(null, (end) => {
        if (end) return
        seen.push(hub.snapshot().map(({ address, state }) => `${address} ${state}`))
        if (hub.size === 1) hub.connect('fault:b').catch(() => {})
        readOn()
      })
    readOn()
    open('a')
    expect(transport.dials.map(({ address }) => address)).toEqual(['fault:b'])
    expect(seen.at(-1)).toEqual(['fault:a connected', 'fault:b connecting'])
  })

  it('may be read by one who closes the hub in the callback', () => {
    const { hub, open, onError } = setup()
    const source = view(hub)
    const ends: unknown[] = []
    const readOn = () =>
      source(null, (end) => {
        ends.push(end)
        if (hub.size > 0) hub.close()
        if (!end) readOn()
      })
    readOn()
    open('a')
    expect(ends.at(-1)).toBe(true)
    expect(ends.filter((end) => end)).toHaveLength(1)
    expect(onError).not.toHaveBeenCalled()
  })
})
