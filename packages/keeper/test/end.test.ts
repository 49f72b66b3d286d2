import { createHub } from '@conn-hub/core'
import { countSubscriptions, createFaultTransport } from '@conn-hub/testkit'
import { describe, expect, it, vi } from 'vitest'
import { createKeeper } from '../src/index.js'
import { A, B, connected, fakeTime, pass, setup, switchedNetwork } from './setup.js'

fakeTime()

describe('the end', () => {
  it('by close() takes away every listener and timer', async () => {
    const online = switchedNetwork()
    const counted = countSubscriptions(createHub({ transport: createFaultTransport() }))
    const keeper = createKeeper(counted.hub, { online })
    const controller = new AbortController()
    const remove = vi.spyOn(controller.signal, 'removeEventListener')
    const kept = keeper.keep(A, { until: controller.signal })
    expect([counted.subscriptions() > 3, online.listeners.size]).toEqual([true, 1])
    keeper.close()
    keeper.close()
    expect([counted.subscriptions(), online.listeners.size]).toEqual([0, 0])
    expect([kept.state, vi.getTimerCount()]).toEqual(['released', 0])
    expect(remove).toHaveBeenCalledTimes(1)
  })

  it('of the hub is the end of the keeper', async () => {
    const { hub, keeper, kept, transport } = await connected()
    const waiting = keeper.keep(B)
    await hub.close()
    expect([kept.state, waiting.state, [...keeper.entries()]]).toEqual(['released', 'released', []])
    await pass(600_000)
    expect([transport.dials.length, vi.getTimerCount()]).toEqual([1, 0])
    expect(() => keeper.keep(A)).toThrow(expect.objectContaining({ code: 'KEEPER_CLOSED' }))
    expect(() => keeper.on('change', () => {})).toThrow(
      expect.objectContaining({ code: 'KEEPER_CLOSED' }),
    )
    keeper.pause('late')
    keeper.resume()
    kept.now()
    kept.release()
    keeper.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('of the hub during a dial is the end, too', async () => {
    const { hub, keeper, onError } = setup()
    const kept = keeper.keep(A)
    await pass(0)
    await hub.close()
    await pass(0)
    expect([kept.state, kept.lastError, onError.mock.calls]).toEqual(['released', undefined, []])
  })

  it('leaves connections as they are', async () => {
    const { hub, keeper } = await connected()
    keeper.close()
    expect(hub.getState(A)).toBe('connected')
  })

  it.each(['connecting', 'connected', 'disconnected', 'connecting-failed', 'change'] as const)(
    'may come inside a listener of %s',
    async (type) => {
      const { hub, keeper, transport, onError } = setup()
      const kept = keeper.keep(A)
      hub.on(type, () => keeper.close())
      await pass(0)
      if (type === 'connecting-failed') transport.lastDial.fail()
      else if (hub.size > 0) transport.lastDial.succeed().end()
      await pass(600_000)
      expect([kept.state, vi.getTimerCount(), onError.mock.calls]).toEqual(['released', 0, []])
      expect(transport.dials.length).toBeLessThanOrEqual(1)
    },
  )
})

describe('a listener of change', () => {
  it('that throws or rejects harms nobody, and is printed', async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { keeper } = setup()
    const heard = vi.fn()
    keeper.on('change', () => {
      throw new Error('one')
    })
    keeper.on('change', () => Promise.reject(new Error('two')))
    keeper.on('change', heard)
    keeper.keep(A)
    await pass(0)
    expect(heard).toHaveBeenCalled()
    const printed = print.mock.calls.join('\n')
    expect([printed.includes('one'), printed.includes('two')]).toEqual([true, true])
    print.mockRestore()
  })

  it('that has left is not called any more, also in the delivery that runs', () => {
    const { keeper } = setup()
    const heard = vi.fn()
    keeper.on('change', () => stop())
    const stop = keeper.on('change', heard)
    keeper.keep(A)
    expect(heard).not.toHaveBeenCalled()
  })

  it('may call now() at each change', async () => {
    const { keeper, transport } = setup()
    let calls = 0
    keeper.on('change', (kept) => {
      calls++
      kept.now()
      if (keeper.explain(A).length === 0) keeper.pause('never')
    })
    keeper.keep(A)
    await pass(0)
    transport.lastDial.fail()
    await pass(0)
    expect(calls).toBeLessThan(10)
  })

  it('may call everything', async () => {
    const { keeper, transport, onError } = setup()
    let calls = 0
    keeper.on('change', (kept) => {
      if (calls++ > 100 || kept.addresses[0] === B) return
      kept.now()
      keeper.keep(B).release()
      if (kept.state === 'waiting') kept.release()
      for (const each of keeper.entries()) keeper.explain(each.addresses[0] ?? '')
      keeper.pause('x')
      keeper.resume()
    })
    expect(() => keeper.keep(A)).not.toThrow()
    await pass(60_000)
    expect([transport.dials.length, onError.mock.calls]).toEqual([0, []])
  })
})
