import { listen, type Source } from '@conn-hub/pull-stream'
import { describe, expect, it } from 'vitest'
import { read, readAll, setup } from './support.js'

/** The `seq` of each event that waits; `end` where the source ended. */
const seqs = (source: Source<{ seq: number }>): unknown[] =>
  readAll(source).map((answer) =>
    typeof answer === 'object' && 'seq' in answer ? answer.seq : answer,
  )

describe('listen', () => {
  it('gives each event, in order, from when it was made', () => {
    const { hub, open } = setup()
    open('before')
    const source = listen(hub)
    open('a').end()
    open('b')
    expect(readAll(source)).toMatchObject([
      { seq: 2, type: 'connected', address: 'fault:a' },
      { seq: 3, type: 'disconnected', address: 'fault:a' },
      { seq: 4, type: 'connected', address: 'fault:b' },
    ])
  })

  it('keeps the newest 1,000 for a slow reader, where nobody says otherwise', () => {
    const { hub, open } = setup()
    const source = listen(hub)
    for (let i = 0; i < 1_001; i++) open(`${i}`)
    const waiting = seqs(source)
    expect(waiting).toHaveLength(1_000)
    expect(waiting.at(0)).toBe(2)
  })

  it('gives a reader that waits each event in the tick in which it happens', () => {
    const { hub, open } = setup()
    const source = listen(hub)
    const answers = read(source)
    expect(answers).toEqual([])
    const session = open('a')
    expect(answers).toMatchObject([{ seq: 1, type: 'connected' }])
    const next = read(source)
    session.end()
    expect(next).toMatchObject([{ seq: 2, type: 'disconnected' }])
    expect(answers).toHaveLength(1)
  })

  it('says null, not undefined, with an item', () => {
    const { hub, open } = setup()
    const source = listen(hub)
    const ends: unknown[] = []
    source(null, (end) => ends.push(end))
    open('a')
    open('b')
    source(null, (end) => ends.push(end))
    expect(ends).toEqual([null, null])
  })

  it('gives what waits when the hub closes, then ends without an error', async () => {
    const { hub, open } = setup()
    const source = listen(hub)
    open('a')
    await hub.close()
    expect(seqs(source)).toEqual([1, 2, 3, 'end'])
    expect(read(source)).toEqual(['end'])
  })

  it('gives each reader every event, however fast the others read', () => {
    const { hub, open } = setup()
    const [fast, slow] = [listen(hub), listen(hub)]
    open('a')
    expect(read(fast)).toMatchObject([{ seq: 1 }])
    open('b')
    expect(read(fast)).toMatchObject([{ seq: 2 }])
    expect(seqs(slow)).toEqual([1, 2])
  })
})

describe('a reader of events that never reads', () => {
  /** `count` events, and nobody reads. */
  const sleep = (count: number, options?: Parameters<typeof listen>[1]) => {
    const { hub, open } = setup()
    const source = listen(hub, options)
    for (let i = 0; i < count; i += 2) open('a').end()
    return source
  }

  it('finds no more where it waited once, and never came back', () => {
    const { hub, open } = setup()
    const source = listen(hub, { capacity: 2 })
    const answers = read(source)
    for (const name of ['a', 'b', 'c', 'd']) open(name)
    expect(answers).toMatchObject([{ seq: 1 }])
    expect(seqs(source)).toEqual([3, 4])
  })

  it('finds the newest 1,000 in the end, and the gap in seq', () => {
    const found = seqs(sleep(5_000))
    expect(found).toHaveLength(1_000)
    expect(found[0]).toBe(4_001)
    expect(found.at(-1)).toBe(5_000)
  })

  it('finds as many as it said', () => {
    expect(seqs(sleep(6, { capacity: 1 }))).toEqual([6])
    expect(seqs(sleep(6, { capacity: 4 }))).toEqual([3, 4, 5, 6])
    expect(seqs(sleep(6, { capacity: 6 }))).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('finds the oldest with drop-newest', () => {
    expect(seqs(sleep(6, { capacity: 4, overflow: 'drop-newest' }))).toEqual([1, 2, 3, 4])
  })

  it('goes on after the gap', () => {
    const { hub, open } = setup()
    const source = listen(hub, { capacity: 2, overflow: 'drop-newest' })
    for (const name of ['a', 'b', 'c', 'd']) open(name)
    expect(read(source)).toMatchObject([{ seq: 1 }])
    open('e')
    expect(seqs(source)).toEqual([2, 5])
  })
})
