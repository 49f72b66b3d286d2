import { createView } from '@conn-hub/core/view'
import { countSubscriptions, trackedSignal } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { A, B, setup } from './setup.js'

const NAMES = ['events', 'sessions', 'entries', 'changes'] as const

/** A hub that can open views which begin at once. */
const viewed = () => {
  const context = setup()
  const { hub, subscriptions } = countSubscriptions(context.hub)
  const open = (name: (typeof NAMES)[number], options?: object) => {
    const view = createView(hub, name as 'events', options)
    const wake = vi.fn()
    // A reader that comes later, and takes nothing that is offered.
    view.start((offered) => offered === undefined && wake())
    return { view, wake }
  }
  return { ...context, hub, subscriptions, open }
}

/** All that is there now. */
const drain = <T>(view: { take(): T | undefined }): T[] => {
  const items: T[] = []
  for (let item = view.take(); item !== undefined; item = view.take()) items.push(item)
  return items
}

describe.each(NAMES)('the view of %s', (name) => {
  it('looks at nothing before its start', () => {
    const { hub, transport, subscriptions } = viewed()
    const view = createView(hub, name as 'events')
    transport.inbound(A)
    expect(subscriptions()).toBe(0)
    expect(view.take()).toBeUndefined()
    expect(view.ended).toBe(false)
  })

  it('starts once, however often it is asked', () => {
    const { transport, subscriptions, open } = viewed()
    const { view, wake } = open(name)
    const alive = subscriptions()
    const other = vi.fn()
    view.start(other)
    expect(subscriptions()).toBe(alive)
    transport.inbound(A)
    expect(wake).toHaveBeenCalledTimes(1)
    expect(other).not.toHaveBeenCalled()
  })

  it('has ended, and looks at nothing, where the hub had closed', async () => {
    const { hub, subscriptions, open } = viewed()
    await hub.close()
    const { view, wake } = open(name)
    expect([view.ended, view.take(), subscriptions()]).toEqual([true, undefined, 0])
    expect(wake).not.toHaveBeenCalled()
  })

  it('has ended, and looks at nothing, where its signal had aborted', () => {
    const { subscriptions, open } = viewed()
    const { signal, abort, held } = trackedSignal()
    abort()
    const { view } = open(name, { signal })
    expect([view.ended, view.take(), subscriptions()]).toEqual([true, undefined, 0])
    expect(held.size).toBe(0)
  })

  it('gives what waits when the hub closes, and then ends', () => {
    const { hub, transport, open } = viewed()
    transport.inbound(A)
    const { signal, held } = trackedSignal()
    const { view, wake } = open(name, { signal })
    drain(view)
    hub.close()
    // At each of the two steps of the entry, or as its session closes, and at the end.
    expect(wake).toHaveBeenCalledTimes(name === 'sessions' ? 2 : 3)
    expect(view.ended).toBe(false)
    expect(held.size).toBe(0)
    expect(view.take()).toBeDefined()
    expect(view.ended).toBe(false)
    drain(view)
    expect(view.ended).toBe(true)
  })

  it('ends with the hub, where nothing waits', () => {
    const { hub, open } = viewed()
    const { view, wake } = open(name)
    drain(view)
    hub.close()
    expect(wake).toHaveBeenCalledTimes(1)
    expect(view.ended).toBe(false)
    expect(view.take()).toBeUndefined()
    expect(view.ended).toBe(true)
  })

  it('drops what waits when its signal aborts, wakes its reader, and leaves nothing behind', () => {
    const { transport, subscriptions, open } = viewed()
    const { signal, abort, held } = trackedSignal()
    const { view, wake } = open(name, { signal })
    transport.inbound(A)
    wake.mockClear()
    expect(held.size).toBe(1)
    abort()
    expect(wake).toHaveBeenCalledTimes(1)
    expect([view.ended, view.take()]).toEqual([true, undefined])
    expect([subscriptions(), held.size]).toEqual([0, 0])
    transport.inbound(B)
    expect(wake).toHaveBeenCalledTimes(1)
  })

  it('drops what waits when its signal aborts after the end of the hub', () => {
    const { hub, transport, open } = viewed()
    const { signal, abort } = trackedSignal()
    const { view } = open(name, { signal })
    transport.inbound(A)
    hub.close()
    abort()
    expect(view.take()).toBeUndefined()
    expect(view.ended).toBe(true)
  })

  it('ends by stop(), which may come twice, and leaves nothing behind', () => {
    const { transport, subscriptions, open } = viewed()
    const { signal, held } = trackedSignal()
    const { view, wake } = open(name, { signal })
    transport.inbound(A)
    wake.mockClear()
    view.stop()
    view.stop()
    expect([view.ended, view.take()]).toEqual([true, undefined])
    expect([subscriptions(), held.size]).toEqual([0, 0])
    transport.inbound(B)
    expect(wake).not.toHaveBeenCalled()
    expect(view.take()).toBeUndefined()
  })

  it('never starts after stop()', () => {
    const { hub, subscriptions } = viewed()
    const view = createView(hub, name as 'events')
    view.stop()
    view.start(() => {})
    expect([view.ended, view.take(), subscriptions()]).toEqual([true, undefined, 0])
  })
})

describe('the view of events', () => {
  it('gives each event since its start, in order, and wakes for each', () => {
    const { transport, open } = viewed()
    transport.inbound(A)
    const { view, wake } = open('events')
    transport.inbound(B).end()
    expect(wake).toHaveBeenCalledTimes(2)
    expect(drain(view).map(({ seq, type }) => `${seq} ${type}`)).toEqual([
      '2 connected',
      '3 disconnected',
    ])
  })

  it.each([
    ['the newest by default', undefined, [4, 5, 6]],
    ['the newest', 'drop-oldest', [4, 5, 6]],
    ['the oldest', 'drop-newest', [1, 2, 3]],
  ])('keeps %s, as many as it may', (_, overflow, kept) => {
    const { transport, open } = viewed()
    const { view } = open('events', { capacity: 3, overflow })
    for (let i = 0; i < 3; i++) transport.inbound(A).end()
    expect(drain(view).map(({ seq }) => seq)).toEqual(kept)
    transport.inbound(B)
    expect(drain(view).map(({ seq }) => seq)).toEqual([7])
  })

  it('keeps 1,000 where nobody says otherwise', () => {
    const { transport, open } = viewed()
    const { view } = open('events')
    for (let i = 0; i < 501; i++) transport.inbound(A).end()
    const kept = drain(view).map(({ seq }) => seq)
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([1_000, 3, 1_002])
  })

  it('offers an event that none waits before, and keeps it only where the reader does not want it', () => {
    const { hub, transport } = viewed()
    const view = createView(hub, 'events')
    const offered: unknown[] = []
    let wants = true
    view.start((event) => {
      offered.push(event?.seq ?? 'wake')
      return wants
    })
    transport.inbound(A)
    expect(offered).toEqual([1])
    expect(view.take()).toBeUndefined()
    wants = false
    transport.inbound(B).end()
    // The third is behind the second, which nobody took yet.
    expect(offered).toEqual([1, 2, 'wake', 'wake'])
    expect(drain(view).map(({ seq }) => seq)).toEqual([2, 3])
  })

  it('keeps an event for whoever answers anything but `true`', () => {
    const { hub, transport } = viewed()
    const view = createView(hub, 'events')
    view.start(() => 'thanks')
    transport.inbound(A)
    expect(drain(view).map(({ seq }) => seq)).toEqual([1])
  })

  it('offers nothing once its signal has aborted, whoever else heard of that first', () => {
    const { hub, transport } = viewed()
    const controller = new AbortController()
    controller.signal.addEventListener('abort', () => transport.inbound(A))
    const view = createView(hub, 'events', { signal: controller.signal })
    const offered: unknown[] = []
    view.start((event) => {
      offered.push(event)
      return true
    })
    controller.abort()
    expect(offered.filter((event) => event !== undefined)).toEqual([])
    expect(view.ended).toBe(true)
  })

  it('does not wake for an event that it drops', () => {
    const { transport, open } = viewed()
    const { wake } = open('events', { capacity: 1, overflow: 'drop-newest' })
    transport.inbound(A).end()
    expect(wake).toHaveBeenCalledTimes(1)
  })
})

describe('the view of sessions', () => {
  it('gives each session that opens or closes since its start, and nothing else', () => {
    const { hub, transport, open } = viewed()
    const { view } = open('sessions')
    const first = transport.inbound(A)
    const second = transport.inbound(A)
    hub.update(A, { n: 1 })
    first.end()
    expect(drain(view)).toMatchObject([
      { type: 'session', session: first },
      { type: 'session', session: second },
      { type: 'session-closed', session: first },
    ])
  })
})

describe('the view of entries', () => {
  it('gives all at once, then the newest alone, and each array once', () => {
    const { hub, transport } = viewed()
    transport.inbound(A)
    const view = createView(hub, 'entries')
    const wake = vi.fn()
    view.start(wake)
    expect(view.take()).toBe(hub.snapshot())
    expect(view.take()).toBeUndefined()
    hub.update(A, { n: 1 })
    hub.update(A, { n: 2 })
    expect(wake).toHaveBeenCalledTimes(2)
    expect(drain(view).map(([entry]) => entry?.data)).toEqual([{ n: 2 }])
  })
})
