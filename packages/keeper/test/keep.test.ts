import { describe, expect, it, vi } from 'vitest'
import { A, B, C, connected, fakeTime, pass, setup, switchedNetwork, waitOf } from './setup.js'

fakeTime()

describe('an intent by address', () => {
  it('is dialed in the next turn, and not within the call', async () => {
    const { keeper, transport, changes } = setup()
    const kept = keeper.keep(A)
    expect([kept.state, waitOf(kept), transport.dials.length]).toEqual(['waiting', 0, 0])
    await pass(0)
    expect([kept.state, kept.nextAt, transport.dials.length]).toEqual(['connecting', undefined, 1])
    transport.lastDial.succeed()
    await pass(0)
    expect([kept.state, kept.attempts, kept.lastError]).toEqual(['connected', 0, undefined])
    expect(changes).toEqual([`${A} waiting`, `${A} connecting`, `${A} connected`])
  })

  it('is never dialed inside a delivery', async () => {
    const { keeper, transport, hub } = setup()
    let dialsInside = -1
    hub.on('connected', () => {
      keeper.keep(B).now()
      dialsInside = transport.dials.length
    })
    transport.inbound(A)
    expect(dialsInside).toBe(0)
    await pass(0)
    expect(transport.dials.map(({ address }) => address)).toEqual([B])
  })

  it('waits longer after each failure, by full jitter, up to the maximum', async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    const waits: unknown[] = []
    for (let failure = 0; failure < 5; failure++) {
      transport.lastDial.fail(new Error('nobody is there'))
      await pass(0)
      waits.push(waitOf(kept))
      await pass(waitOf(kept) ?? 0)
    }
    expect(waits).toEqual([5_000, 5_000, 22_500, 7_500, 22_500])
    expect([kept.attempts, kept.state]).toEqual([5, 'connecting'])
    expect(kept.lastError).toMatchObject({ code: 'DIAL_FAILED' })
  })

  it('never waits long twice in a row: whoever is refused once is back after one and a half waits', async () => {
    for (const chances of [[0.999], [0], [0.6, 0.999], [0.1, 0.999]]) {
      let call = 0
      const random = () => chances[call++ % chances.length] ?? 0
      const { keeper, transport } = setup({ random })
      const kept = keeper.keep(A)
      await pass(0)
      const waits: number[] = []
      for (let failure = 0; failure < 12; failure++) {
        transport.lastDial.fail()
        await pass(0)
        waits.push(waitOf(kept) ?? 0)
        await pass(waits.at(-1) ?? 0)
      }
      for (const [n, wait] of waits.entries()) {
        const both = wait + (waits[n + 1] ?? 15_000)
        expect([chances, n, wait <= 30_000, both <= 45_000]).toEqual([chances, n, true, true])
        if (n > 3) expect(both).toBeGreaterThanOrEqual(15_000)
      }
    }
  })

  it('has a base and a maximum of its own', async () => {
    const { keeper, transport } = setup({ backoff: { base: 500, max: 1_500 } })
    const kept = keeper.keep(A)
    await pass(0)
    for (const wait of [500, 375]) {
      transport.lastDial.fail()
      await pass(0)
      expect(waitOf(kept)).toBe(wait)
      await pass(wait)
    }
  })

  it('starts anew after a healthy connection alone', async () => {
    const { kept, session, transport } = await connected()
    await pass(14_999)
    session.end()
    expect([kept.attempts, waitOf(kept)]).toEqual([1, 5_000])
    await pass(5_000)
    const second = transport.lastDial.succeed()
    await pass(0)
    expect([kept.state, kept.attempts]).toEqual(['connected', 1])
    await pass(15_000)
    expect(kept.attempts).toBe(0)
    second.end()
    expect([kept.attempts, waitOf(kept)]).toEqual([0, 2_500])
  })

  it('has its own healthy while', async () => {
    const { kept, session } = await connected({ healthy: 100 })
    await pass(100)
    session.end()
    expect(kept.attempts).toBe(0)
  })

  it('is satisfied by what is open already, whoever opened it', async () => {
    const { keeper, transport, hub } = setup()
    transport.inbound(A)
    const kept = keeper.keep(A)
    expect(kept.state).toBe('connected')
    await pass(60_000)
    expect(transport.dials).toEqual([])
    await hub.disconnect(A, { reason: 'reset' })
    expect(kept.state).toBe('waiting')
  })

  it('hands its data on at each dial', async () => {
    const { keeper, transport, hub } = setup()
    const data = { name: 'Anna' }
    const kept = keeper.keep(A, { data })
    data.name = 'changed'
    await pass(0)
    expect(hub.get(A)?.data).toEqual({ name: 'Anna' })
    transport.lastDial.fail()
    await pass(0)
    await pass(waitOf(kept) ?? 0)
    expect(transport.lastDial.attempt.data).toEqual({ name: 'Anna' })
  })

  it('that is wanted twice ends with the last release', async () => {
    const { keeper, transport } = setup()
    const [one, other] = [keeper.keep(A), keeper.keep(A)]
    await pass(20)
    expect([one.state, other.state, transport.dials.length]).toEqual([
      'connecting',
      'connecting',
      1,
    ])
    one.release()
    transport.lastDial.fail()
    await pass(0)
    expect([one.state, other.state]).toEqual(['released', 'waiting'])
  })

  it('goes on where the address can not be read: it waits, and is told', async () => {
    const { keeper } = setup()
    const kept = keeper.keep('not an address')
    await pass(0)
    expect(kept.state).toBe('waiting')
    expect(kept.lastError).toMatchObject({ code: 'INVALID_ADDRESS' })
  })
})

describe('an explicit connect()', () => {
  it('goes through while an intent waits', async () => {
    const { keeper, transport, hub } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    transport.lastDial.fail()
    await pass(0)
    hub.connect(A).catch(() => {})
    expect([transport.dials.length, kept.state]).toEqual([2, 'connecting'])
    transport.lastDial.succeed()
    expect([kept.state, kept.nextAt]).toEqual(['connected', undefined])
  })

  it('that fails counts, and the wait begins anew', async () => {
    const { keeper, transport, hub } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    transport.lastDial.fail()
    await pass(0)
    hub.connect(A).catch(() => {})
    transport.lastDial.fail()
    await pass(0)
    expect([kept.attempts, waitOf(kept), kept.state]).toEqual([2, 5_000, 'waiting'])
  })

  it('that is taken back changes nothing', async () => {
    const { keeper, transport, hub } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    transport.lastDial.fail()
    await pass(0)
    const controller = new AbortController()
    hub.connect(A, { signal: controller.signal }).catch(() => {})
    controller.abort()
    expect([kept.attempts, waitOf(kept), kept.state]).toEqual([1, 5_000, 'waiting'])
  })
})

describe('now()', () => {
  it('dials in the next turn, and needs no this', async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    transport.lastDial.fail()
    await pass(0)
    const { now } = kept
    now()
    expect(transport.dials).toHaveLength(1)
    await pass(0)
    expect(transport.dials).toHaveLength(2)
    now()
    await pass(1)
    expect(transport.dials).toHaveLength(2)
  })

  it('does nothing to what is open, or has been released', async () => {
    const { kept, transport } = await connected()
    kept.now()
    await pass(1)
    kept.release()
    kept.now()
    await pass(60_000)
    expect(transport.dials).toHaveLength(1)
  })
})

describe('release()', () => {
  it('ends the dial that nobody else waits for', async () => {
    const { keeper, transport, hub } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    const { release } = kept
    release()
    release()
    expect([kept.state, hub.size, transport.lastDial.attempt.signal.aborted]).toEqual([
      'released',
      0,
      true,
    ])
    await pass(60_000)
    expect([transport.dials.length, [...keeper.entries()]]).toEqual([1, []])
  })

  it('leaves a dial that somebody else waits for', async () => {
    const { keeper, transport, hub } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    const call = hub.connect(A)
    kept.release()
    const session = transport.lastDial.succeed()
    expect(await call).toBe(session)
  })

  it('leaves the connection as it is, and it is not dialed again', async () => {
    const { kept, session, hub, transport } = await connected()
    kept.release()
    expect(hub.getState(A)).toBe('connected')
    session.end()
    await pass(60_000)
    expect(transport.dials).toHaveLength(1)
  })

  it('comes by the signal, too, and takes the listener away', async () => {
    const { keeper } = setup()
    const controller = new AbortController()
    const remove = vi.spyOn(controller.signal, 'removeEventListener')
    const [one, other] = [1, 2].map(() => keeper.keep(A, { until: controller.signal }))
    one?.release()
    expect(remove).toHaveBeenCalledTimes(1)
    controller.abort()
    expect(other?.state).toBe('released')
    expect(keeper.keep(A, { until: controller.signal }).state).toBe('released')
    expect([...keeper.entries()]).toEqual([])
    await pass(60_000)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('an intent by key', () => {
  const peer = { key: 'a', addresses: [B, C, B] }

  it('is satisfied by any link that has proved it, one that they opened too', async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep(peer)
    transport.inbound(A)
    expect([kept.state, kept.key, kept.addresses]).toEqual(['connected', 'a', [B, C]])
    await pass(60_000)
    expect(transport.dials).toEqual([])
  })

  it('is not satisfied by a name', async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep({ key: 'anonymous', addresses: ['fault:anonymous'] })
    await pass(0)
    transport.lastDial.succeed({ key: undefined })
    await pass(0)
    expect(kept.state).toBe('waiting')
    expect(kept.lastError).toMatchObject({ code: 'KEY_NOT_PROVED' })
    expect(waitOf(kept)).toBe(5_000)
  })

  it('dials one address after the other, and waits longer after each round', async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep({ key: 'a', addresses: [A, 'fault:anonymous1'] })
    const waits: unknown[] = []
    for (let failure = 0; failure < 4; failure++) {
      await pass(waitOf(kept) ?? 0)
      transport.lastDial.fail()
      await pass(0)
      waits.push(waitOf(kept))
    }
    expect(transport.dials.map(({ address }) => address)).toEqual([
      A,
      'fault:anonymous1',
      A,
      'fault:anonymous1',
    ])
    expect(waits).toEqual([2_500, 2_500, 7_500, 5_000])
  })

  it('expects the key at the address', async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep({ key: 'a', addresses: ['fault:anonymous1'] })
    await pass(0)
    expect(transport.lastDial.attempt.key).toBe('a')
    transport.lastDial.succeed({ key: 'mallory' })
    await pass(0)
    expect(kept.lastError).toMatchObject({ code: 'WRONG_PEER' })
  })

  it('stops its dial when the peer comes by itself', async () => {
    const { keeper, transport, hub } = setup()
    const kept = keeper.keep({ key: 'a', addresses: ['fault:anonymous1'] })
    await pass(0)
    transport.inbound(A)
    expect(kept.state).toBe('connected')
    expect(transport.lastDial.attempt.signal.aborted).toBe(true)
    expect(hub.getState('fault:anonymous1')).toBe(undefined)
  })

  it('is lost with the last link of the key', async () => {
    const { keeper, transport } = setup()
    const kept = keeper.keep({ key: 'a', addresses: [A] })
    const one = transport.inbound(A)
    const other = transport.inbound('fault:anonymous1', { key: 'a' })
    one.end()
    expect(kept.state).toBe('connected')
    other.end()
    expect(kept.state).toBe('waiting')
  })
})

describe('pause() and resume()', () => {
  it('dial nothing meanwhile, and everything soon after', async () => {
    const { keeper, transport } = setup()
    const [one, other] = [keeper.keep(A), keeper.keep(B)]
    await pass(0)
    keeper.pause('on battery')
    expect([one.state, other.state, other.nextAt]).toEqual(['paused', 'paused', undefined])
    expect(transport.lastDial.attempt.signal.aborted).toBe(true)
    one.now()
    await pass(600_000)
    expect([one.state, transport.dials.length]).toEqual(['paused', 1])
    keeper.resume()
    keeper.resume()
    expect([waitOf(one), waitOf(other), one.attempts]).toEqual([1_100, 1_100, 0])
    await pass(1_100)
    expect(transport.dials).toHaveLength(3)
  })

  it('leave connections as they are', async () => {
    const { keeper, kept } = await connected()
    keeper.pause('on battery')
    expect(kept.state).toBe('connected')
    keeper.resume()
    expect(kept.state).toBe('connected')
  })

  it('hold nobody back who connects', async () => {
    const { keeper, transport, hub } = setup()
    keeper.pause('on battery')
    const kept = keeper.keep(A)
    expect(kept.state).toBe('paused')
    hub.connect(A)
    transport.lastDial.succeed()
    expect(kept.state).toBe('connected')
  })

  it('may be called inside a listener', async () => {
    const { keeper } = setup()
    const all = [A, B, C].map((address) => keeper.keep(address))
    const stop = keeper.on('change', ({ state }) => {
      if (state === 'paused') keeper.resume()
    })
    keeper.pause('for a moment')
    stop()
    expect(all.map(waitOf)).toEqual([1_100, 1_100, 1_100])
  })
})

describe('the network', () => {
  it('counts nothing while it is away, and all are dialed within 2 s when it is back', async () => {
    const online = switchedNetwork()
    const { keeper, transport } = setup({ online })
    const kept = keeper.keep(A)
    await pass(0)
    online.set(false)
    transport.lastDial.fail()
    await pass(0)
    expect([kept.state, kept.attempts, kept.nextAt]).toEqual(['waiting', 0, undefined])
    expect(kept.lastError).toMatchObject({ code: 'DIAL_FAILED' })
    await pass(600_000)
    expect(transport.dials).toHaveLength(1)
    online.set(true)
    expect(waitOf(kept)).toBe(1_100)
  })

  it('is waited for from the beginning', async () => {
    const online = switchedNetwork(false)
    const { keeper, transport } = setup({ online })
    const kept = keeper.keep(A)
    expect([kept.state, kept.nextAt]).toEqual(['waiting', undefined])
    kept.now()
    expect(waitOf(kept)).toBe(0)
    await pass(0)
    expect(transport.dials).toHaveLength(1)
  })

  it('is what a browser says of it', async () => {
    const page = Object.assign(new EventTarget(), { navigator: { onLine: true } })
    const { globalOnline } = await import('../src/time/online.js')
    const online = globalOnline(page)
    const heard = vi.fn(online.get)
    const stop = online.subscribe(heard)
    page.navigator.onLine = false
    page.dispatchEvent(new Event('offline'))
    stop()
    page.dispatchEvent(new Event('online'))
    expect(heard.mock.results).toEqual([{ type: 'return', value: false }])
  })

  it('is always there in Node', async () => {
    const { globalOnline } = await import('../src/time/online.js')
    expect(globalOnline().get()).toBe(true)
  })
})

describe('many intents', () => {
  it('begin one after the other, the first in the next turn', async () => {
    const { keeper, transport } = setup({ random: Math.random })
    for (let n = 0; n < 1_000; n++) keeper.keep(`fault:${n}`)
    await pass(0)
    expect(transport.dials).toHaveLength(1)
    const counts: number[] = []
    for (let before = 1; transport.dials.length < 1_000; before = transport.dials.length) {
      await pass(100)
      counts.push(transport.dials.length - before)
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(25)
    expect(counts.length).toBeGreaterThan(100)
  })

  it('begin within the maximum', () => {
    const { keeper } = setup({ random: Math.random })
    const waits = Array.from({ length: 10_000 }, (_, n) => waitOf(keeper.keep(`fault:${n}`)) ?? -1)
    expect(Math.min(...waits)).toBe(0)
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000)
    expect(Math.max(...waits)).toBeGreaterThan(25_000)
  })

  it('share one timer', async () => {
    const { keeper } = setup()
    for (let n = 0; n < 100; n++) keeper.keep(`fault:${n}`)
    expect(vi.getTimerCount()).toBe(1)
    keeper.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})

it('a peer that is kept by its key is explained also where it has come in from elsewhere', async () => {
  const { keeper, transport } = setup()
  const elsewhere = 'fault:anonymous'
  keeper.keep({ key: 'b', addresses: [B] })
  await pass(0)
  transport.inbound(elsewhere, { key: 'b' })
  const kept = [{ by: 'keeper', text: expect.stringMatching(/^kept since/) }]
  expect([keeper.explain(B, 'b'), keeper.explain(elsewhere, 'b')]).toEqual([kept, kept])
  expect(keeper.explain(elsewhere)).toEqual([])
})
