import { changes, listen, liveEntries } from '@conn-hub/pull-stream'
import pull from 'pull-stream'
import { describe, expect, it, vi } from 'vitest'
import { setup } from './support.js'

describe('with the operators of pull-stream', () => {
  it('collect gets all of it at the end', async () => {
    const { hub, open } = setup()
    const onEvents = vi.fn()
    const onEntries = vi.fn()
    pull(
      listen(hub),
      pull.map(({ type }) => type),
      pull.collect(onEvents),
    )
    pull(
      liveEntries(hub),
      pull.map(({ length }) => length),
      pull.collect(onEntries),
    )
    open('a')
    open('b').end()
    await hub.close()
    expect(onEvents.mock.calls).toEqual([
      [null, ['connected', 'connected', 'disconnected', 'disconnecting', 'disconnected']],
    ])
    expect(onEntries.mock.calls).toEqual([[null, [0, 1, 2, 1, 1, 0]]])
  })

  it('take ends and frees after as many as it takes', () => {
    const { hub, open, subscriptions } = setup()
    const done = vi.fn()
    pull(
      listen(hub),
      pull.take(2),
      pull.map(({ seq }) => seq),
      pull.collect(done),
    )
    for (const name of ['a', 'b', 'c']) open(name)
    expect(done.mock.calls).toEqual([[null, [1, 2]]])
    expect(subscriptions()).toBe(0)
  })

  it('drain gets each item in the tick in which it happens, until it says false', () => {
    const { hub, open, subscriptions } = setup()
    const sizes: number[] = []
    const done = vi.fn()
    const op = (entries: readonly unknown[]) => {
      sizes.push(entries.length)
      return entries.length < 2
    }
    pull(liveEntries(hub), pull.drain(op as (entries: readonly unknown[]) => false, done))
    expect(sizes).toEqual([0])
    open('a')
    expect(sizes).toEqual([0, 1])
    open('b')
    expect(sizes).toEqual([0, 1, 2])
    expect(done).toHaveBeenCalledTimes(1)
    expect(subscriptions()).toBe(0)
    open('c')
    expect(sizes).toEqual([0, 1, 2])
  })

  it('drain can be aborted from outside', () => {
    const { hub, open, subscriptions } = setup()
    const seen: unknown[] = []
    const done = vi.fn()
    const sink = pull.drain(({ added }: { added: readonly unknown[] }) => {
      seen.push(added.length)
    }, done)
    pull(changes(hub), sink)
    open('a')
    // It is in pull-stream, but not in its types.
    ;(sink as typeof sink & { abort(): void }).abort()
    open('b')
    expect(seen).toEqual([0, 1])
    expect(done).toHaveBeenCalledTimes(1)
    expect(subscriptions()).toBe(0)
  })

  it('an operator that throws ends its own stream alone', () => {
    const { hub, open, onError, subscriptions } = setup()
    const [broken, sound] = [vi.fn(), vi.fn()]
    const fail = () => {
      throw new Error('in the map')
    }
    pull(listen(hub), pull.map(fail), pull.onEnd(broken))
    pull(listen(hub), pull.drain(sound))
    open('a')
    open('b')
    expect(broken.mock.calls).toEqual([[new Error('in the map')]])
    expect(sound).toHaveBeenCalledTimes(2)
    expect(onError).not.toHaveBeenCalled()
    expect(subscriptions()).toBe(2)
  })

  it('a stream with an asynchronous reader gives each event in order', async () => {
    const { hub, open } = setup()
    const seen = new Promise((resolve, reject) => {
      pull(
        listen(hub),
        pull.asyncMap(({ seq }, cb: (error: null, seq: number) => void) => {
          setImmediate(() => cb(null, seq))
        }),
        pull.collect((error, seqs) => (error ? reject(error) : resolve(seqs))),
      )
    })
    for (const name of ['a', 'b', 'c']) open(name).end()
    await hub.close()
    expect(await seen).toEqual([1, 2, 3, 4, 5, 6])
  })
})
