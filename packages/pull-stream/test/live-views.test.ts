import { changes, listen, liveEntries } from '@conn-hub/pull-stream'
import { describe, expect, it, vi } from 'vitest'
import { read, readAll, setup } from './support.js'

describe('liveEntries', () => {
  it('gives all entries at once, also where there are none', () => {
    const { hub, open } = setup()
    expect(read(liveEntries(hub))).toEqual([[]])
    open('a')
    open('b')
    expect(read(liveEntries(hub))).toEqual([[hub.get('fault:a'), hub.get('fault:b')]])
  })

  it('gives a reader that waits the entries in the tick in which they change', async () => {
    const { hub, open } = setup()
    const source = liveEntries(hub)
    expect(read(source)).toEqual([[]])
    const seen: unknown[] = []
    const waitOnce = () => read(source)
    for (const step of [
      () => open('a'),
      () => hub.update('fault:a', { name: 'alice' }),
      () => hub.disconnect('fault:a'),
    ]) {
      const answers = waitOnce()
      step()
      const [entries] = answers
      if (!Array.isArray(entries)) throw new Error('no entries came')
      seen.push(entries.map(({ state, data }) => [state, data]))
    }
    expect(seen).toEqual([
      [['connected', {}]],
      [['connected', { name: 'alice' }]],
      [['disconnecting', { name: 'alice' }]],
    ])
    expect(readAll(source)).toEqual([[]])
  })

  it('comes after the event of the same step', () => {
    const { hub, open } = setup()
    const order: string[] = []
    const [entries, happened] = [liveEntries(hub), listen(hub)]
    read(entries)
    entries(null, () => order.push('liveEntries'))
    happened(null, () => order.push('listen'))
    hub.on('connected', () => order.push('connected'))
    hub.on('*', () => order.push('*'))
    open('a')
    expect(order).toEqual(['connected', 'listen', '*', 'liveEntries'])
  })

  it('gives one who reads slowly the newest only, and builds nothing before it asks', () => {
    const { hub, open } = setup()
    const source = liveEntries(hub)
    read(source)
    // A read that waited, and was answered, counts no more.
    read(source)
    open('a').end()
    read(source)
    const snapshot = vi.spyOn(hub, 'snapshot')
    for (let i = 0; i < 4_000; i++) open(`peer${i}`)
    expect(snapshot).toHaveBeenCalledTimes(0)
    const [entries, ...more] = readAll(source)
    expect(entries).toHaveLength(4_000)
    expect(more).toEqual([])
    expect(snapshot).toHaveBeenCalledTimes(1)
  })

  it('gives its last state when the hub closes, then ends', async () => {
    const { hub, open } = setup()
    open('a')
    const source = liveEntries(hub)
    expect(read(source)).toEqual([[hub.get('fault:a')]])
    await hub.close()
    expect(readAll(source)).toEqual([[], 'end'])
  })

  it('tells a reader that waits every state to the end', () => {
    const { hub, open } = setup()
    open('a')
    const source = liveEntries(hub)
    const seen: unknown[] = []
    const readOn = () =>
      source(null, (end, entries) => {
        seen.push(end || entries?.map(({ state }) => state))
        if (!end) readOn()
      })
    readOn()
    hub.close()
    expect(seen).toEqual([['connected'], ['disconnecting'], [], true])
  })
})

describe('changes', () => {
  it('begin with all entries as added, also where there are none', () => {
    const { hub, open } = setup()
    expect(read(changes(hub))).toEqual([{ added: [], changed: [], removed: [] }])
    open('a')
    expect(read(changes(hub))).toEqual([{ added: [hub.get('fault:a')], changed: [], removed: [] }])
  })

  it('say what was added, changed and removed, in the same tick', () => {
    const { hub, open } = setup()
    const source = changes(hub)
    read(source)
    const added = read(source)
    const session = open('a')
    const a = hub.get('fault:a')
    expect(added).toEqual([{ added: [a], changed: [], removed: [] }])
    const changed = read(source)
    hub.update('fault:a', { name: 'alice' })
    const alice = hub.get('fault:a')
    expect(changed).toEqual([{ added: [], changed: [alice], removed: [] }])
    const removed = read(source)
    session.end()
    expect(removed).toEqual([{ added: [], changed: [], removed: [alice] }])
  })

  it('are merged for one who reads slowly', () => {
    const { hub, open } = setup()
    const a = open('a')
    open('b')
    const source = changes(hub)
    read(source)
    const last = hub.get('fault:a')
    a.end()
    hub.update('fault:b', { name: 'bob' })
    open('c')
    open('d').end()
    expect(readAll(source)).toEqual([
      { added: [hub.get('fault:c')], changed: [hub.get('fault:b')], removed: [last] },
    ])
  })

  it('are skipped where they cancel out', () => {
    const { hub, open } = setup()
    const source = changes(hub)
    read(source)
    open('a').end()
    const answers = read(source)
    expect(answers).toEqual([])
    open('b')
    expect(answers).toEqual([{ added: [hub.get('fault:b')], changed: [], removed: [] }])
  })

  it('give what is left when the hub closes, then end', async () => {
    const { hub, open } = setup()
    open('a')
    const last = hub.get('fault:a')
    const source = changes(hub)
    read(source)
    await hub.close()
    expect(readAll(source)).toEqual([{ added: [], changed: [], removed: [last] }, 'end'])
  })
})
