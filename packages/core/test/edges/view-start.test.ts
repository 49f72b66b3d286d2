import { createView } from '@conn-hub/core/view'
import { describe, expect, it, vi } from 'vitest'
import { A, B, setup } from '../setup.js'
import { once } from './setup.js'

describe('3 the entries are the fold of the events: a view that begins inside a delivery', () => {
  it.each(['connected', '*'] as const)(
    'of entries tells nothing twice, in a listener of %s',
    (type) => {
      const { hub, transport } = setup()
      const view = createView(hub, 'entries')
      const wake = vi.fn()
      hub.on(type, () => view.start(wake))
      transport.inbound(A)
      expect(view.take()).toEqual([hub.get(A)])
      expect(view.take()).toBeUndefined()
      transport.inbound(B)
      expect(view.take()).toHaveLength(2)
    },
  )

  it('of entries, and that took at once, is not woken for the step that it has seen', () => {
    const { hub, transport } = setup()
    const view = createView(hub, 'entries')
    const taken: unknown[] = []
    hub.on(
      'connected',
      once(() => {
        view.start(() => taken.push(view.take()))
        taken.push(view.take())
      }),
    )
    transport.inbound(A)
    expect(taken.filter(Boolean)).toEqual([[hub.get(A)]])
  })

  it('of changes, and that took at once, has nothing more to tell of that step', () => {
    const { hub, transport } = setup()
    const view = createView(hub, 'changes')
    const taken: unknown[] = []
    hub.on(
      'connected',
      once(() => {
        view.start(() => taken.push(view.take()))
        taken.push(view.take())
      }),
    )
    transport.inbound(A)
    expect(taken.filter(Boolean)).toEqual([{ added: [hub.get(A)], changed: [], removed: [] }])
  })

  it('of events gives none that listeners before it have heard, and all that follow', () => {
    const { hub, transport } = setup()
    const view = createView(hub, 'events')
    hub.on('*', () => view.start(() => {}))
    transport.inbound(A)
    expect(view.take()).toBeUndefined()
    transport.inbound(B)
    expect(view.take()).toMatchObject({ type: 'connected', address: B })
    expect(view.take()).toBeUndefined()
  })
})

describe('10 the end is the end: a view that begins while the hub closes', () => {
  it('because its own signal, when it is looked at, closes the hub, has ended and does not throw', () => {
    const { hub } = setup()
    const { signal } = new AbortController()
    const close = once(() => void hub.close())
    const view = createView(hub, 'entries', { signal })
    Object.defineProperty(signal, 'aborted', {
      get: () => {
        close()
        return false
      },
    })
    expect(() => view.start(() => {})).not.toThrow()
    expect(view.take()).toBeUndefined()
    expect(view.ended).toBe(true)
  })
})
