import { describe, expect, it } from 'vitest'
import { type Changes, Tracker } from '../src/changes.js'
import type { Connection } from '../src/connection.js'
import type { Store } from '../src/store.js'
import { A, B, setup, track } from './setup.js'

/** The lists as addresses; nothing stays nothing. */
const outline = (changes: Changes<unknown> | undefined) =>
  changes && {
    added: changes.added.map(({ address }) => address),
    changed: changes.changed.map(({ address }) => address),
    removed: changes.removed.map(({ address }) => address),
  }

/** A tracker that has seen an entry for A. */
const tracked = () => {
  const context = setup()
  const session = context.transport.inbound(A)
  const tracker = track(context.hub)
  tracker.take()
  return { ...context, session, tracker }
}

describe('the view of changes', () => {
  it('gives all entries at first, also where there are none', () => {
    const { hub, transport } = setup()
    const early = track(hub)
    expect(early.take()).toEqual({ added: [], changed: [], removed: [] })
    transport.inbound(A)
    transport.inbound(B)
    expect(outline(track(hub).take())).toEqual({ added: [A, B], changed: [], removed: [] })
  })

  it('gives nothing where nothing has changed', () => {
    const { tracker } = tracked()
    expect(tracker.take()).toBeUndefined()
  })

  it('gives what was added, changed and removed, as it is now', () => {
    const { hub, transport, session, tracker } = tracked()
    transport.inbound(B)
    hub.update(A, { n: 1 })
    const changes = tracker.take()
    expect(outline(changes)).toEqual({ added: [B], changed: [A], removed: [] })
    expect(changes?.changed[0]).toBe(hub.get(A))
    expect(changes?.added[0]).toBe(hub.get(B))
    session.end()
    expect(outline(tracker.take())).toEqual({ added: [], changed: [], removed: [A] })
    expect(tracker.take()).toBeUndefined()
  })

  it('gives many changes of one entry as one', () => {
    const { hub, tracker } = tracked()
    for (let n = 0; n < 100; n++) hub.update(A, { n })
    const changes = tracker.take()
    expect(outline(changes)).toEqual({ added: [], changed: [A], removed: [] })
    expect(changes?.changed[0]?.data).toEqual({ n: 99 })
  })

  it('gives added, where it was added and then changed', () => {
    const { hub, transport, tracker } = tracked()
    transport.inbound(B)
    hub.update(B, { n: 1 })
    expect(outline(tracker.take())).toEqual({ added: [B], changed: [], removed: [] })
  })

  it('gives nothing, where it was added and removed', () => {
    const { transport, tracker } = tracked()
    transport.inbound(B).end()
    expect(tracker.take()).toBeUndefined()
  })

  it('gives removed, where it was changed and then removed', () => {
    const { hub, session, tracker } = tracked()
    hub.update(A, { n: 1 })
    session.end()
    expect(outline(tracker.take())).toEqual({ added: [], changed: [], removed: [A] })
  })

  it('gives changed, where it was removed and added again', () => {
    const { hub, transport, session, tracker } = tracked()
    session.end()
    transport.inbound(A)
    const changes = tracker.take()
    expect(outline(changes)).toEqual({ added: [], changed: [A], removed: [] })
    expect(changes?.changed[0]).toBe(hub.get(A))
  })

  it('may be asked inside a handler, and by several readers', () => {
    const { hub, transport, tracker } = tracked()
    const other = track(hub)
    other.take()
    const seen: unknown[] = []
    hub.on('connected', () => seen.push(outline(tracker.take())))
    transport.inbound(B)
    expect(seen).toEqual([{ added: [B], changed: [], removed: [] }])
    expect(tracker.take()).toBeUndefined()
    expect(outline(other.take())).toEqual({ added: [B], changed: [], removed: [] })
  })

  it('tells of what left and came back as changed, and of what left in the end as removed', () => {
    const { transport, session, tracker } = tracked()
    session.end()
    transport.inbound(A)
    expect(outline(tracker.take())).toEqual({ added: [], changed: [A], removed: [] })
    transport.sessions.at(-1)?.end()
    transport.inbound(A).end()
    expect(outline(tracker.take())).toEqual({ added: [], changed: [], removed: [A] })
  })

  it('gives nothing after stop(), and stop() may come twice', () => {
    const { hub, transport, tracker } = tracked()
    hub.update(A, { n: 1 })
    tracker.stop()
    tracker.stop()
    transport.inbound(B)
    expect(tracker.take()).toBeUndefined()
    const unread = track(hub)
    unread.stop()
    expect(unread.take()).toBeUndefined()
  })

  it('gives the removals that the end of the hub brought', async () => {
    const { hub, tracker } = tracked()
    await hub.close()
    expect(outline(tracker.take())).toEqual({ added: [], changed: [], removed: [A] })
    expect(tracker.take()).toBeUndefined()
  })
})

describe('the cost of take()', () => {
  /** A tracker that has been asked once, and what it asked its store. */
  const counted = () => {
    const entry = { address: A } as Connection<unknown>
    const asked: string[] = []
    const store = {
      snapshot: () => {
        asked.push('snapshot')
        return []
      },
      get: (address: string) => {
        asked.push(address)
        return entry
      },
    } as unknown as Store<unknown>
    const tracker = new Tracker(store, () => {})
    tracker.take()
    return { entry, asked, tracker }
  }

  it('is that of the changes: it looks at nothing else', () => {
    const { entry, asked, tracker } = counted()
    tracker.note(A, undefined, entry)
    tracker.note(A, entry, entry)
    expect(tracker.take()).toEqual({ added: [entry], changed: [], removed: [] })
    tracker.take()
    expect(asked).toEqual(['snapshot', A])
  })

  it('holds nothing of what came and went: a reader that is late costs no more for it', () => {
    const { entry, asked, tracker } = counted()
    for (let i = 0; i < 100; i++) {
      tracker.note(`fault:${i}`, undefined, entry)
      tracker.note(`fault:${i}`, entry, undefined)
    }
    expect(tracker.take()).toBeUndefined()
    expect(asked).toEqual(['snapshot'])
  })
})
