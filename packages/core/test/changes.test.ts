import { createView } from '@conn-hub/core/view'
import { FaultSession, turns } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import type { Connection } from '../src/model/connection.js'
import { ChangeLog, type ChangeSet } from '../src/views/change-log.js'
import { A, B, setup, track } from './setup.js'

/** The lists as addresses; nothing stays nothing. */
const outline = (changes: ChangeSet<unknown> | undefined) =>
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

  it('has what was added in the order in which it came, whatever changes', () => {
    const { hub, transport, tracker } = tracked()
    transport.inbound(B)
    transport.inbound('fault:c')
    hub.update(B, { n: 1 })
    expect(outline(tracker.take())).toEqual({ added: [B, 'fault:c'], changed: [], removed: [] })
  })

  it('gives all entries as added and nothing else at first, whatever has happened since its start', () => {
    const { hub, transport } = setup()
    transport.inbound(B)
    const session = transport.inbound(A)
    const tracker = track(hub)
    hub.update(B, { n: 1 })
    session.end()
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

  it('gives removed and added, where it left and came back, also within one millisecond', () => {
    const { hub, transport, session, tracker } = tracked()
    session.end()
    transport.inbound(A)
    const changes = tracker.take()
    expect(outline(changes)).toEqual({ added: [A], changed: [], removed: [A] })
    expect(changes?.removed[0]?.sessions).toEqual([session])
    expect(changes?.added[0]).toBe(hub.get(A))
  })

  it('has what came back where it is now: among the newest', () => {
    const { hub, transport, session, tracker } = tracked()
    session.end()
    transport.inbound(B)
    transport.inbound(A)
    expect(outline(tracker.take())).toEqual({ added: [B, A], changed: [], removed: [A] })
    expect(hub.snapshot().map(({ address }) => address)).toEqual([B, A])
  })

  it('may be asked inside a handler, where it gives what was told before, and by several readers', () => {
    const { hub, transport, tracker } = tracked()
    const other = track(hub)
    other.take()
    const seen: unknown[] = []
    hub.on('connected', () => seen.push(outline(tracker.take())))
    transport.inbound(B)
    expect(seen).toEqual([undefined])
    expect(outline(tracker.take())).toEqual({ added: [B], changed: [], removed: [] })
    expect(outline(other.take())).toEqual({ added: [B], changed: [], removed: [] })
  })

  it('tells what left, came back and left in the end as removed', () => {
    const { transport, session, tracker } = tracked()
    session.end()
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

describe('a view of changes that begins inside a delivery', () => {
  it.each(['connected', '*', 'change'] as const)('of %s tells nothing twice', async (type) => {
    const { hub, transport } = setup()
    const views: ReturnType<typeof track>[] = []
    const firsts: unknown[] = []
    hub.on(type, () => {
      if (views.length > 0) return
      // In the table already, and still to be told: B came, A was changed, and left.
      transport.inbound(B)
      hub.update(A, { n: 1 })
      first.end()
      const view = track(hub)
      views.push(view)
      firsts.push(outline(view.take()))
    })
    const first = new FaultSession('inbound', 'a')
    transport.inbound(A, first)
    expect(firsts).toEqual([{ added: [B], changed: [], removed: [] }])
    expect(views[0]?.take()).toBeUndefined()
    transport.inbound(A)
    hub.update(B, { n: 2 })
    expect(outline(views[0]?.take())).toEqual({ added: [A], changed: [B], removed: [] })
    await turns()
    transport.sessions.at(-1)?.end()
    expect(outline(views[0]?.take())).toEqual({ added: [], changed: [], removed: [A] })
  })
})

describe('the view of changes, whose reader came while changes were still to be told', () => {
  /** A reader that has A as it is after two changes, of which none is told yet. */
  const early = (inTheSameDelivery: (hub: ReturnType<typeof setup>['hub']) => void = () => {}) => {
    const { hub, transport } = setup()
    transport.inbound(A)
    const view = createView(hub, 'changes')
    const wake = vi.fn()
    hub.on('connected', () => {
      hub.update(A, { n: 1 })
      hub.update(A, { n: 2 })
      view.start(wake)
      view.take()
      inTheSameDelivery(hub)
    })
    transport.inbound(B)
    return { view, wake }
  }

  it('gives none of them again, and wakes it for none', () => {
    const { view, wake } = early()
    expect(view.take()).toBeUndefined()
    expect(wake).not.toHaveBeenCalled()
  })

  it('gives all that come after them', () => {
    const { view, wake } = early((hub) => {
      hub.update(A, { n: 3 })
      hub.update(A, { n: 4 })
    })
    expect(wake).toHaveBeenCalled()
    const { added, changed, removed } = view.take() ?? {}
    expect([added, changed?.map(({ data }) => data), removed]).toEqual([[], [{ n: 4 }], []])
  })
})

describe('what a late reader costs', () => {
  const entry = { address: A } as Connection<unknown>

  it('is a place for each entry that changed', () => {
    const log = new ChangeLog()
    log.add({ before: undefined, after: entry })
    log.add({ before: entry, after: entry })
    expect(log.take()).toEqual({ added: [entry], changed: [], removed: [] })
    expect(log.any).toBe(false)
  })

  it('is nothing for what came and went', () => {
    const log = new ChangeLog()
    for (let i = 0; i < 100; i++) {
      const passing = { address: `fault:${i}` } as Connection<unknown>
      log.add({ before: undefined, after: passing })
      log.add({ before: passing, after: undefined })
      expect(log.any).toBe(false)
    }
  })
})
