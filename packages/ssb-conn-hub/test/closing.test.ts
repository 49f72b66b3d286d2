import { describe, expect, it, vi } from 'vitest'
import { A, B, connected, drain, errorOf, setup } from './setup.js'
import { addressOf, keyOf, StubRpc } from './stub-sbot.js'

describe('disconnect', () => {
  it('11 gives false for an unknown address and true for a known one', async () => {
    const { hub, types } = await connected()
    expect(await hub.disconnect(B)).toBe(false)
    expect(await hub.disconnect(A)).toBe(true)
    expect(types()).toEqual(['disconnecting', 'disconnected'])
  })

  it('11 restores the former state and rejects with the original error', async () => {
    const { hub, rpc, events, entry } = await connected()
    const error = new Error('stuck')
    rpc.closeError = error
    expect(await errorOf(hub.disconnect(A))).toBe(error)
    expect(events).toEqual([
      { type: 'disconnecting', address: A, key: keyOf('a') },
      { type: 'disconnecting-failed', address: A, key: keyOf('a'), details: error },
    ])
    expect(entry(A)?.state).toBe('connected')
  })

  it('12 tells one disconnected for each removal, which parallel calls share', async () => {
    const { hub, rpc, types } = await connected()
    rpc.slow = true
    const both = Promise.all([hub.disconnect(A), hub.disconnect(A)])
    rpc.finish()
    rpc.emit('closed')
    expect(await both).toEqual([true, true])
    expect(rpc.closeCalls).toBe(1)
    expect(types()).toEqual(['disconnecting', 'disconnected'])
  })

  it('12 tells one disconnected where the other side closes', async () => {
    const { rpc, types } = await connected()
    rpc.finish()
    rpc.emit('closed')
    expect(types()).toEqual(['disconnected'])
  })

  it('12 tells no disconnected for an attempt that failed', async () => {
    const { hub, ssb, types } = setup()
    const promise = errorOf(hub.connect(A))
    ssb.lastCall.callback(new Error('no'))
    await promise
    expect(types()).toEqual(['connecting', 'connecting-failed'])
  })

  it('12 lets parallel calls share a failure', async () => {
    const { hub, rpc, types } = await connected()
    const error = new Error('stuck')
    rpc.closeError = error
    const both = [errorOf(hub.disconnect(A)), errorOf(hub.disconnect(A))]
    expect(await Promise.all(both)).toEqual([error, error])
    expect(types()).toEqual(['disconnecting', 'disconnecting-failed'])
  })

  it('13 cancels an attempt: a late success is closed and never announced', async () => {
    const { hub, ssb, types } = setup()
    const promise = errorOf(hub.connect(A))
    expect(await hub.disconnect(A)).toBe(true)
    expect((await promise).code).toBe('DIAL_CANCELLED')
    const late = ssb.answer(ssb.lastCall)
    expect(late.closed).toBe(true)
    expect(types()).toEqual(['connecting', 'disconnecting', 'disconnected'])
    expect([...hub.entries()]).toEqual([])
  })

  it('13 settles every call that waits for the attempt', async () => {
    const { hub } = setup()
    const both = [errorOf(hub.connect(A)), errorOf(hub.connect(A))]
    expect(await Promise.all([hub.disconnect(A), hub.disconnect(A)])).toEqual([true, false])
    for (const { code } of await Promise.all(both)) expect(code).toBe('DIAL_CANCELLED')
  })

  it('13 is silent about a late failure', async () => {
    const { hub, ssb, types } = setup()
    const promise = errorOf(hub.connect(A))
    await hub.disconnect(A)
    ssb.lastCall.callback(new Error('late'))
    await promise
    expect(types()).toEqual(['connecting', 'disconnecting', 'disconnected'])
  })

  it('13 tells a late rpc from that of a new attempt to the same address', async () => {
    const { hub, ssb } = setup()
    const cancelled = errorOf(hub.connect(A))
    const lateCall = ssb.lastCall
    await hub.disconnect(A)
    const promise = hub.connect(A)
    const late = ssb.answer(lateCall)
    expect(late.closed).toBe(true)
    expect(hub.getState(A)).toBe('connecting')
    const rpc = ssb.answer(ssb.lastCall)
    expect(await promise).toBe(rpc)
    expect(rpc.closed).toBe(false)
    await cancelled
  })

  it('13 tells a late failure from that of a new attempt to the same address', async () => {
    const { hub, ssb, types } = setup()
    const cancelled = errorOf(hub.connect(A))
    const lateCall = ssb.lastCall
    await hub.disconnect(A)
    const promise = hub.connect(A)
    lateCall.callback(new Error('late'))
    expect(hub.getState(A)).toBe('connecting')
    const rpc = ssb.answer(ssb.lastCall)
    expect(await promise).toBe(rpc)
    await cancelled
    expect(types()).toEqual([
      'connecting',
      'disconnecting',
      'disconnected',
      'connecting',
      'connected',
    ])
  })

  it('14 waits for the last rpc of an entry', async () => {
    const { hub, ssb, rpc, types } = await connected()
    const second = ssb.incoming('a', A)
    second.slow = true
    const promise = hub.disconnect(A)
    expect(rpc.closed).toBe(true)
    expect(second.closeCalls).toBe(1)
    expect(types()).toEqual(['connected', 'disconnecting'])
    second.finish()
    await promise
    expect(types()).toEqual(['connected', 'disconnecting', 'disconnected'])
  })

  it('14 keeps a live entry when an attempt fails', async () => {
    const { hub, ssb, types } = setup()
    const promise = hub.connect(A).catch(() => {})
    ssb.incoming('a', A)
    ssb.lastCall.callback(new Error('no'))
    await promise
    expect(hub.getState(A)).toBe('connected')
    expect(types()).toEqual(['connecting', 'connected'])
  })
})

describe('entries for one peer', () => {
  it('15 are booked under the dialed address, several for one key', async () => {
    const { hub, ssb } = setup()
    const [byName, byNumber] = [addressOf('a', 'localhost:1'), addressOf('a', '127.0.0.1:1')]
    const first = hub.connect(byName)
    const rpc = ssb.answer(ssb.lastCall, 'a', byNumber)
    expect(await first).toBe(rpc)
    expect([...hub.entries()].map(([address]) => address)).toEqual([byName])
    const second = hub.connect(byNumber)
    const other = ssb.answer(ssb.lastCall, 'a', byNumber)
    expect(await second).toBe(other)
    expect([...hub.entries()].map(([address, { key, state }]) => [address, key, state])).toEqual([
      [byName, keyOf('a'), 'connected'],
      [byNumber, keyOf('a'), 'connected'],
    ])
  })

  it('16 are one entry where both sides use the same address', async () => {
    const { hub, ssb, rpc, types } = await connected()
    const [second, third] = [ssb.incoming('a', A), ssb.incoming('a', A)]
    expect([...hub.entries()]).toHaveLength(1)
    expect([rpc, second, third].map(({ closed }) => closed)).toEqual([false, false, false])
    third.finish()
    expect(hub.getState(A)).toBe('connected')
    rpc.finish()
    expect(hub.getState(A)).toBe('connected')
    second.finish()
    expect(hub.getState(A)).toBeUndefined()
    expect(types()).toEqual(['connected', 'connected', 'disconnected'])
  })
})

describe('close', () => {
  it('25 tells every disconnected before it returns, then ends the streams without an error', async () => {
    const { hub, ssb, events, streamEnd } = await connected()
    const live = drain(hub.liveEntries(), () => {})
    const pending = errorOf(hub.connect(B))
    ssb.incoming('c', addressOf('c'))
    events.length = 0
    hub.close()
    const gone = events.filter(({ type }) => type === 'disconnected').map(({ address }) => address)
    expect(gone).toEqual([A, B, addressOf('c')])
    expect(streamEnd()).toBe(true)
    expect(live.end()).toBe(true)
    expect((await pending).code).toBe('HUB_CLOSED')
    // The dial that was pending brings an rpc after the end.
    expect(ssb.answer(ssb.lastCall).closed).toBe(true)
  })

  it('25 also for an rpc that is slow to close', async () => {
    const { hub, rpc, types } = await connected()
    rpc.slow = true
    hub.close()
    expect(types()).toEqual(['disconnecting', 'disconnected'])
    rpc.finish()
    expect(types()).toHaveLength(2)
  })

  it('25 also for an entry that is disconnecting, whose disconnect() waits for the rpc', async () => {
    const { hub, rpc, types } = await connected()
    rpc.slow = true
    const settled = vi.fn()
    const disconnecting = hub.disconnect(A).finally(settled)
    hub.close()
    expect(types()).toEqual(['disconnecting', 'disconnected'])
    await new Promise(setImmediate)
    expect(settled).not.toHaveBeenCalled()
    rpc.finish()
    expect(await disconnecting).toBe(true)
  })
})

describe('reset', () => {
  it('26 closes every other rpc of ssb.peers, and leaves our own', async () => {
    const { hub, ssb, types, rpc } = await connected()
    const own = ssb.incoming('z', addressOf('z'))
    const before = ['b', 'b', 'b'].map(() => new StubRpc('b', B))
    ssb.peers = { ...ssb.peers, [keyOf('b')]: [...before], [keyOf('y')]: [] }
    for (const old of before) {
      old.once('closed', () => ssb.peers?.[keyOf('b')]?.shift())
    }
    hub.reset()
    expect(rpc.closed).toBe(true)
    expect(before.map(({ closed }) => closed)).toEqual([true, true, true])
    expect(own.closed).toBe(false)
    expect(types().filter((type) => type === 'disconnected')).toHaveLength(1)
    expect(hub.getState(A)).toBeUndefined()
  })

  it('26 passes over an rpc in ssb.peers that is hardly one', async () => {
    const { hub, ssb, rpc } = await connected()
    Object.assign(ssb.peers ?? {}, { [keyOf('b')]: [{}] })
    expect(() => hub.reset()).not.toThrow()
    expect(rpc.closed).toBe(true)
    expect(() => hub.close()).not.toThrow()
  })

  it('26 leaves the hub ready for more', async () => {
    const { hub, ssb } = await connected()
    hub.reset()
    const promise = hub.connect(A)
    const rpc = ssb.answer(ssb.lastCall)
    expect(await promise).toBe(rpc)
  })
})

describe('handlers', () => {
  it('28 that throw change neither the state nor what others get, and are reported', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { hub, ssb } = setup()
    const thrown = new Error('handler')
    drain(hub.listen(), () => {
      throw thrown
    })
    const others: string[] = []
    drain<{ type: string }>(hub.listen(), ({ type }) => others.push(type))
    const promise = hub.connect(A)
    const rpc = ssb.answer(ssb.lastCall)
    expect(await promise).toBe(rpc)
    expect(hub.getState(A)).toBe('connected')
    expect(others).toEqual(['connecting', 'connected'])
    expect(report).toHaveBeenCalledWith(expect.stringContaining('Error: handler'))
  })

  it('28 also where a reader of liveEntries throws', () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { hub } = setup()
    const counts: number[] = []
    drain<unknown[]>(hub.liveEntries(), ({ length }) => {
      if (length > 0) throw new Error('reader')
    })
    drain<unknown[]>(hub.liveEntries(), ({ length }) => counts.push(length))
    hub.connect(A).catch(() => {})
    expect(hub.getState(A)).toBe('connecting')
    expect(counts).toEqual([0, 1])
    expect(report).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Error: reader'))
  })
})

describe('an rpc that cannot be closed', () => {
  const fails = {
    throws: () => {
      throw new Error('stuck')
    },
    rejects: () => Promise.reject(new Error('stuck')) as never,
  }

  it.each(['reset', 'close'] as const)(
    '26 keeps none of the others open in %s(): one that throws, and one that rejects',
    async (call) => {
      const { hub, ssb } = setup()
      const rpcs = ['a', 'b', 'c'].map((letter) => new StubRpc(letter, addressOf(letter)))
      const [first, second, third] = rpcs as [StubRpc, StubRpc, StubRpc]
      Object.assign(first, { close: fails.throws })
      Object.assign(second, { close: fails.rejects })
      ssb.peers = { [keyOf('a')]: [first], [keyOf('b')]: [second], [keyOf('c')]: [third] }
      const rejections: unknown[] = []
      const hear = (error: unknown) => rejections.push(error)
      process.on('unhandledRejection', hear)
      expect(() => hub[call]()).not.toThrow()
      expect(third.closed).toBe(true)
      await new Promise<void>((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', hear)
      expect(rejections).toEqual([])
    },
  )
})
