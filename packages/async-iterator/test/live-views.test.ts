import { changes, liveEntries } from '@conn-hub/async-iterator'
import { describe, expect, it, vi } from 'vitest'
import { settled, setup } from './support.js'

const END = { done: true, value: undefined }

describe('liveEntries', () => {
  it('gives all entries at once, also where there are none', async () => {
    const { hub, open } = setup()
    expect(await liveEntries(hub).next()).toEqual({ done: false, value: [] })
    open('a')
    open('b')
    const { value } = await liveEntries(hub).next()
    expect(value).toBe(hub.snapshot())
    expect(value?.map(({ address }) => address)).toEqual(['fault:a', 'fault:b'])
  })

  it('gives them again after each change', async () => {
    const { hub, open } = setup()
    const iterator = liveEntries(hub)
    await iterator.next()
    const states: unknown[] = []
    const steps = [
      () => open('a'),
      () => hub.update('fault:a', { name: 'alice' }),
      () => hub.disconnect('fault:a'),
    ]
    for (const step of steps) {
      const answer = iterator.next()
      step()
      const { value = [] } = await answer
      states.push(value.map(({ state, data }) => [state, data]))
    }
    expect(states).toEqual([
      [['connected', {}]],
      [['connected', { name: 'alice' }]],
      [['disconnecting', { name: 'alice' }]],
    ])
    expect(await iterator.next()).toEqual({ done: false, value: [] })
    expect(await settled(iterator.next())).toBe('waits')
  })

  it('gives one who reads slowly the newest only, and builds nothing before it asks', async () => {
    const { hub, open } = setup()
    const iterator = liveEntries(hub)
    await iterator.next()
    const snapshot = vi.spyOn(hub, 'snapshot')
    for (let i = 0; i < 4_000; i++) open(`peer${i}`)
    expect(snapshot).toHaveBeenCalledTimes(0)
    const { value } = await iterator.next()
    expect(value).toHaveLength(4_000)
    expect(snapshot).toHaveBeenCalledTimes(1)
    expect(await settled(iterator.next())).toBe('waits')
    expect(snapshot).toHaveBeenCalledTimes(1)
  })

  it('gives its last state when the hub closes, then ends', async () => {
    const { hub, open } = setup()
    open('a')
    const iterator = liveEntries(hub)
    expect((await iterator.next()).value).toHaveLength(1)
    await hub.close()
    expect(await iterator.next()).toEqual({ done: false, value: [] })
    expect(await iterator.next()).toEqual(END)
    expect(await iterator.next()).toEqual(END)
  })

  it('drops its last state when it is aborted', async () => {
    const { hub, open } = setup()
    const controller = new AbortController()
    const iterator = liveEntries(hub, controller)
    await iterator.next()
    open('a')
    controller.abort()
    expect(await iterator.next()).toEqual(END)
  })
})

describe('changes', () => {
  it('begin with all entries as added, also where there are none', async () => {
    const { hub, open } = setup()
    const none = { added: [], changed: [], removed: [] }
    expect(await changes(hub).next()).toEqual({ done: false, value: none })
    open('a')
    const value = { added: [hub.get('fault:a')], changed: [], removed: [] }
    expect(await changes(hub).next()).toEqual({ done: false, value })
  })

  it('say what was added, changed and removed', async () => {
    const { hub, open } = setup()
    const iterator = changes(hub)
    await iterator.next()
    const added = iterator.next()
    const session = open('a')
    const a = hub.get('fault:a')
    expect((await added).value).toEqual({ added: [a], changed: [], removed: [] })
    const changed = iterator.next()
    hub.update('fault:a', { name: 'alice' })
    const alice = hub.get('fault:a')
    expect((await changed).value).toEqual({ added: [], changed: [alice], removed: [] })
    const removed = iterator.next()
    session.end()
    expect((await removed).value).toEqual({ added: [], changed: [], removed: [alice] })
  })

  it('are merged for one who reads slowly', async () => {
    const { hub, open } = setup()
    const a = open('a')
    open('b')
    const iterator = changes(hub)
    await iterator.next()
    const last = hub.get('fault:a')
    a.end()
    hub.update('fault:b', { name: 'bob' })
    hub.update('fault:b', { name: 'bobby' })
    open('c')
    open('d').end()
    expect((await iterator.next()).value).toEqual({
      added: [hub.get('fault:c')],
      changed: [hub.get('fault:b')],
      removed: [last],
    })
    expect(await settled(iterator.next())).toBe('waits')
  })

  it('are skipped where they cancel out', async () => {
    const { hub, open } = setup()
    const iterator = changes(hub)
    await iterator.next()
    open('a').end()
    const answer = iterator.next()
    expect(await settled(answer)).toBe('waits')
    open('b')
    expect((await answer).value?.added).toEqual([hub.get('fault:b')])
  })

  it('give what is left when the hub closes, then end', async () => {
    const { hub, open } = setup()
    open('a')
    const last = hub.get('fault:a')
    const iterator = changes(hub)
    await iterator.next()
    await hub.close()
    const { value } = await iterator.next()
    expect(value).toMatchObject({ added: [], changed: [], removed: [{ address: 'fault:a' }] })
    expect(value?.removed).toEqual([last])
    expect(await iterator.next()).toEqual(END)
  })

  it('are dropped when they are aborted', async () => {
    const { hub, open } = setup()
    const controller = new AbortController()
    const iterator = changes(hub, controller)
    await iterator.next()
    open('a')
    controller.abort()
    expect(await iterator.next()).toEqual(END)
  })
})
