import { events } from '@conn-hub/async-iterator'
import { describe, expect, it } from 'vitest'
import { settled, setup } from './support.js'

const END = { done: true, value: undefined }

/** The `seq` of each event up to the end. */
const seqs = async (iterator: ReturnType<typeof events>): Promise<number[]> => {
  const all: number[] = []
  for await (const { seq } of iterator) all.push(seq)
  return all
}

describe('events', () => {
  it('gives each event, in order', async () => {
    const { hub, open } = setup()
    const iterator = events(hub)
    const first = iterator.next()
    open('a').end()
    open('b')
    expect((await first).value).toMatchObject({ seq: 1, type: 'connected', address: 'fault:a' })
    expect((await iterator.next()).value).toMatchObject({ seq: 2, type: 'disconnected' })
    expect((await iterator.next()).value).toMatchObject({ seq: 3, address: 'fault:b' })
    expect(await settled(iterator.next())).toBe('waits')
  })

  it('gives nothing from before the first next()', async () => {
    const { hub, open } = setup()
    const iterator = events(hub)
    open('a')
    const first = iterator.next()
    open('b')
    expect((await first).value).toMatchObject({ seq: 2, address: 'fault:b' })
  })

  it('keeps the newest 1,000 for a slow reader, where nobody says otherwise', async () => {
    const { hub, open } = setup()
    const iterator = events(hub)
    const first = iterator.next()
    for (let i = 0; i < 1_002; i++) open(`${i}`)
    expect((await first).value).toMatchObject({ seq: 1 })
    expect((await iterator.next()).value).toMatchObject({ seq: 3 })
    open('one more')
    expect((await iterator.next()).value).toMatchObject({ seq: 4 })
    await iterator.return?.()
  })

  it('answers several next() at once in their order', async () => {
    const { hub, open } = setup()
    const iterator = events(hub)
    const answers = [iterator.next(), iterator.next(), iterator.next()]
    open('a')
    open('b')
    open('c')
    const values = (await Promise.all(answers)).map(({ value }) => value?.address)
    expect(values).toEqual(['fault:a', 'fault:b', 'fault:c'])
  })

  it('gives what waits when the hub closes, then ends', async () => {
    const { hub, open } = setup()
    const iterator = events(hub)
    const first = iterator.next()
    open('a')
    await hub.close()
    expect((await first).value?.type).toBe('connected')
    expect((await iterator.next()).value?.type).toBe('disconnecting')
    expect((await iterator.next()).value?.type).toBe('disconnected')
    expect(await iterator.next()).toEqual(END)
    expect(await iterator.next()).toEqual(END)
  })

  it('shows each reader every event, however fast the others read', async () => {
    const { hub, open } = setup()
    const [fast, slow] = [events(hub), events(hub)]
    const answers = [fast.next(), slow.next()]
    for (const name of ['a', 'b', 'c']) {
      open(name)
      await answers[0]
      answers[0] = fast.next()
    }
    await hub.close()
    await Promise.all(answers)
    expect(await seqs(slow)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    expect(await seqs(fast)).toEqual([5, 6, 7, 8, 9])
  })
})

describe('a reader of events that is slow', () => {
  /** A reader that took event 1 and then slept while `count` more came; the hub has closed since. */
  const sleep = async (count: number, options?: Parameters<typeof events>[1]) => {
    const { hub, open } = setup()
    const iterator = events(hub, options)
    const first = iterator.next()
    const session = open('a')
    await first
    session.end()
    for (let i = 1; i < count; i += 2) open('b').end()
    await hub.close()
    return iterator
  }

  it('finds the newest 1,000 events, and the gap in seq', async () => {
    const found = await seqs(await sleep(5_001))
    expect(found).toHaveLength(1_000)
    expect(found[0]).toBe(4_003)
    expect(found.at(-1)).toBe(5_002)
  })

  it('finds as many as it said', async () => {
    expect(await seqs(await sleep(5, { capacity: 1 }))).toEqual([6])
    expect(await seqs(await sleep(5, { capacity: 3 }))).toEqual([4, 5, 6])
    expect(await seqs(await sleep(5, { capacity: 5 }))).toEqual([2, 3, 4, 5, 6])
  })

  it('finds the oldest ones with drop-newest', async () => {
    const options = { capacity: 3, overflow: 'drop-newest' } as const
    expect(await seqs(await sleep(5, options))).toEqual([2, 3, 4])
  })

  it('goes on after the gap', async () => {
    const { hub, open } = setup()
    const iterator = events(hub, { capacity: 2, overflow: 'drop-newest' })
    const first = iterator.next()
    for (const name of ['a', 'b', 'c', 'd']) open(name)
    await first
    expect((await iterator.next()).value?.seq).toBe(2)
    open('e')
    expect((await iterator.next()).value?.seq).toBe(3)
    expect((await iterator.next()).value?.seq).toBe(5)
  })

  it('loses what waits when its signal aborts, also after the hub has closed', async () => {
    const { hub, open } = setup()
    const [early, late] = [new AbortController(), new AbortController()]
    const [one, two] = [events(hub, early), events(hub, late)]
    const answers = Promise.all([one.next(), two.next()])
    open('a')
    open('b')
    await answers
    early.abort()
    expect(await one.next()).toEqual(END)
    await hub.close()
    expect((await two.next()).value?.seq).toBe(2)
    late.abort()
    expect(await two.next()).toEqual(END)
  })
})
