import { getEventListeners, setMaxListeners } from 'node:events'
import {
  changes,
  events,
  type HubIterator,
  liveEntries,
  type ViewOptions,
} from '@conn-hub/async-iterator'
import type { Hub } from '@conn-hub/core'
import type { FaultSession } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { settled, setup } from './support.js'

type Open = (hub: Hub<FaultSession>, options?: ViewOptions) => HubIterator<unknown>

const END = { done: true, value: undefined }
const views: [name: string, open: Open][] = [
  ['events', events],
  ['liveEntries', liveEntries],
  ['changes', changes],
]

describe.each(views)('every view, here %s,', (name, view) => {
  /** An iterator whose reader waits, three times. */
  const waiting = async (options?: ViewOptions) => {
    const context = setup()
    const iterator = view(context.hub, options)
    if (name !== 'events') await iterator.next()
    const answers = [iterator.next(), iterator.next(), iterator.next()]
    expect(context.subscriptions()).toBe(2)
    return { ...context, iterator, answers }
  }

  it('subscribes at the first next(), and only then', async () => {
    const { hub, subscriptions } = setup()
    const iterator = view(hub)
    iterator[Symbol.asyncIterator]()
    expect(subscriptions()).toBe(0)
    iterator.next()
    const count = subscriptions()
    expect(count).toBeGreaterThan(0)
    iterator.next()
    expect(subscriptions()).toBe(count)
  })

  it('is its own iterator', () => {
    const iterator = view(setup().hub)
    expect(iterator[Symbol.asyncIterator]()).toBe(iterator)
  })

  it('frees everything and tells all who wait, in their order, at return()', async () => {
    const { iterator, answers, subscriptions } = await waiting()
    const order: number[] = []
    for (const [i, answer] of answers.entries()) answer.then(() => order.push(i))
    const returned = iterator.return()
    expect(subscriptions()).toBe(0)
    expect(await Promise.all(answers)).toEqual([END, END, END])
    expect(await returned).toEqual(END)
    expect(order).toEqual([0, 1, 2])
    expect(await iterator.next()).toEqual(END)
    expect(subscriptions()).toBe(0)
  })

  it('may be returned twice', async () => {
    const { iterator } = await waiting()
    expect(await Promise.all([iterator.return(), iterator.return()])).toEqual([END, END])
  })

  it('never subscribes where return() comes first', async () => {
    const { hub, subscriptions } = setup()
    const iterator = view(hub)
    expect(await iterator.return()).toEqual(END)
    expect(await iterator.next()).toEqual(END)
    expect(subscriptions()).toBe(0)
  })

  it('frees everything and rejects at throw()', async () => {
    const { iterator, answers, subscriptions } = await waiting()
    const error = new Error('enough')
    await expect(iterator.throw(error)).rejects.toBe(error)
    expect(subscriptions()).toBe(0)
    expect(await Promise.all(answers)).toEqual([END, END, END])
    expect(await iterator.next()).toEqual(END)
    await expect(iterator.throw(error)).rejects.toBe(error)
  })

  it('frees everything where the loop breaks', async () => {
    const { hub, open, subscriptions } = setup()
    const loop = async () => {
      for await (const _ of view(hub)) break
    }
    const done = loop()
    expect(subscriptions()).toBeGreaterThan(0)
    open('a')
    await done
    expect(subscriptions()).toBe(0)
  })

  it('frees everything where the loop throws', async () => {
    const { hub, open, subscriptions } = setup()
    const loop = async () => {
      for await (const _ of view(hub)) throw new Error('in the loop')
    }
    const done = loop()
    open('a')
    await expect(done).rejects.toThrow('in the loop')
    expect(subscriptions()).toBe(0)
  })

  it('never subscribes with a signal that has aborted', async () => {
    const { hub, subscriptions } = setup()
    const on = vi.fn(hub.on)
    const signal = AbortSignal.abort()
    const iterator = view(Object.create(hub, { on: { value: on } }), { signal })
    expect(await iterator.next()).toEqual(END)
    expect(on).not.toHaveBeenCalled()
    expect(subscriptions()).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('never subscribes where the signal aborts before the first next()', async () => {
    const { hub, subscriptions } = setup()
    const controller = new AbortController()
    const iterator = view(hub, controller)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    controller.abort()
    expect(await iterator.next()).toEqual(END)
    expect(subscriptions()).toBe(0)
  })

  it('ends quietly when the signal aborts', async () => {
    const controller = new AbortController()
    const { iterator, answers, subscriptions } = await waiting(controller)
    controller.abort(new Error('not to be seen'))
    expect(subscriptions()).toBe(0)
    expect(await Promise.all(answers)).toEqual([END, END, END])
    expect(await iterator.next()).toEqual(END)
  })

  it('leaves nothing at the signal, whichever way it ends', async () => {
    const ways: ((iterator: HubIterator<unknown>, hub: Hub<FaultSession>) => unknown)[] = [
      (iterator) => iterator.return(),
      (iterator) => iterator.throw().catch(() => {}),
      (_, hub) => hub.close(),
    ]
    const controller = new AbortController()
    for (const end of ways) {
      const { iterator, hub, answers } = await waiting(controller)
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
      await end(iterator, hub)
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
      expect(await Promise.all(answers)).toEqual([END, END, END])
    }
    const { answers } = await waiting(controller)
    controller.abort()
    expect(await Promise.all(answers)).toEqual([END, END, END])
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('ends at once on a hub that has closed', async () => {
    const { hub } = setup()
    await hub.close()
    const iterator = view(hub)
    expect(await iterator.next()).toEqual(END)
    expect(await iterator.return()).toEqual(END)
  })

  it('ends at once on a hub that is closing', async () => {
    const { hub, open, onError } = setup()
    let first: Promise<unknown> | undefined
    hub.on('connected', () => {
      hub.close()
      first = view(hub).next()
    })
    open('a')
    expect(await first).toEqual(END)
    expect(onError).not.toHaveBeenCalled()
  })

  it('ends where the hub closes between the making and the first next()', async () => {
    const { hub } = setup()
    const iterator = view(hub)
    await hub.close()
    expect(await iterator.next()).toEqual(END)
  })

  it('leaves nothing after 10,000 streams', async () => {
    const { hub, open, subscriptions } = setup()
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    const ends: Promise<unknown>[] = []
    for (let i = 0; i < 10_000; i++) {
      const iterator = view(hub, i % 2 ? controller : undefined)
      ends.push(iterator.next())
      if (i % 2 === 0) iterator.return()
      if (i % 100 === 99) open(`${i}`).end()
    }
    controller.abort()
    await Promise.all(ends)
    expect(subscriptions()).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('is freed by await using', async () => {
    const { iterator, answers, subscriptions } = await waiting()
    expect(await iterator[Symbol.asyncDispose]()).toBeUndefined()
    expect(subscriptions()).toBe(0)
    expect(await Promise.all(answers)).toEqual([END, END, END])
  })

  it('waits as long as nothing happens', async () => {
    const { answers } = await waiting()
    for (const answer of answers) expect(await settled(answer)).toBe('waits')
  })
})
