import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ListenEvent } from '../src/types.js'
import { A, B, connected, drain, setup } from './setup.js'
import { keyOf } from './stub-sbot.js'

type Read = (abort: unknown, callback: (end: unknown, event?: ListenEvent) => void) => void

afterEach(() => void vi.useRealTimers())

describe('a further rpc at the address of an entry', () => {
  it('16 is told by a connected of its own, with its own details', async () => {
    const { hub, ssb, events, rpc } = await connected()
    const incoming = ssb.incoming('a', A)
    expect(events).toEqual([
      {
        type: 'connected',
        address: A,
        key: keyOf('a'),
        details: { rpc: incoming, isClient: false },
      },
    ])
    expect(incoming).not.toBe(rpc)
    incoming.finish()
    rpc.finish()
    expect(events.map(({ type }) => type)).toEqual(['connected', 'disconnected'])
    hub.close()
  })

  it('16 that we dialed ourselves says isClient, where the peer was first', async () => {
    const { hub, ssb, events } = setup()
    const promise = hub.connect(A)
    const theirs = ssb.incoming('a', A)
    const ours = ssb.answer(ssb.lastCall)
    expect(await promise).toBe(theirs)
    expect(events.map(({ type, details }) => [type, details])).toEqual([
      ['connecting', undefined],
      ['connected', { rpc: theirs, isClient: false }],
      ['connected', { rpc: ours, isClient: true }],
    ])
    await hub.disconnect(A)
    expect([theirs.closed, ours.closed]).toEqual([true, true])
    expect(events.slice(3).map(({ type }) => type)).toEqual(['disconnecting', 'disconnected'])
  })

  it('4 16 is in the map before its event, and its event before liveEntries()', async () => {
    const { hub, ssb, entry } = await connected()
    const said: unknown[] = []
    // This reader of entries came before the reader of events.
    drain<unknown[]>(hub.liveEntries(), (entries) => said.push(entries.length))
    drain<ListenEvent>(hub.listen(), ({ type }) => said.push([type, entry(A)?.state]))
    ssb.incoming('a', A)
    expect(said).toEqual([1, ['connected', 'connected'], 1])
  })

  it('16 comes in its turn, after what a handler does', async () => {
    const { hub, ssb, events } = await connected()
    drain<ListenEvent>(hub.listen(), ({ details }) => {
      if (details?.isClient === false && !hub.getState(B)) hub.connect(B).catch(() => {})
    })
    const rpcs = [ssb.incoming('a', A), ssb.incoming('a', A)]
    expect(events.map(({ type, address, details }) => [type, address, details?.rpc])).toEqual([
      ['connected', A, rpcs[0]],
      ['connecting', B, undefined],
      ['connected', A, rpcs[1]],
    ])
  })

  it('16 is not told to a reader that has gone, nor where it is refused or was known', async () => {
    const { hub, ssb, rpc, types } = await connected()
    const source = hub.listen() as unknown as Read
    source(true, () => {})
    ssb.announce(rpc, true)
    rpc.slow = true
    const gone = hub.disconnect(A)
    const late = ssb.incoming('a', A)
    expect(late.closed).toBe(true)
    rpc.finish()
    await gone
    source(null, (end, event) => expect([end, event]).toEqual([true, undefined]))
    expect(types()).toEqual(['disconnecting', 'disconnected'])
  })

  it('16 28 is told to all readers, also where some throw, and their errors are reported', async () => {
    const { hub, ssb, events } = await connected()
    const printed = vi.spyOn(console, 'error').mockReturnValue()
    for (const name of ['one', 'two']) {
      drain<ListenEvent>(hub.listen(), () => {
        throw new Error(`of ${name}`)
      })
    }
    const last: string[] = []
    drain<ListenEvent>(hub.listen(), ({ type }) => last.push(type))
    ssb.incoming('a', A)
    expect([events.length, last]).toEqual([1, ['connected']])
    const report = printed.mock.calls.flat().map(String).join()
    for (const name of ['one', 'two']) expect(report).toContain(`Error: of ${name}`)
  })
})

describe('a slow reader of listen()', () => {
  it('gets the newest 1,000 events, then the end', async () => {
    const { hub } = setup()
    const source = hub.listen() as unknown as Read
    for (let i = 0; i < 600; i++) {
      hub.connect(A).catch(() => {})
      await hub.disconnect(A)
    }
    hub.close()
    const types: string[] = []
    let end: unknown
    while (!end) {
      source(null, (ended, event) => {
        end = ended
        if (event) types.push(event.type)
      })
    }
    expect(types).toHaveLength(1000)
    expect(types.at(-1)).toBe('disconnected')
    expect(end).toBe(true)
  })
})
