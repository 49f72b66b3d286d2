import type { Hub } from '@conn-hub/core'
import { reactive, ref } from '@vue/reactivity'
import { observable } from 'mobx'
import { describe, expect, it, vi } from 'vitest'
import { ConnHub } from '../src/conn-hub.js'
import type { ConnectionData, ListenEvent } from '../src/types.js'
import { A, B, CLOSED, drain, errorOf, setup } from './setup.js'
import { type StubRpc, StubSbot } from './stub-sbot.js'

type Stub = ConnHub<StubRpc>
type Wrap = (hub: Stub) => Stub

const CORE_HUB = Symbol.for('@conn-hub/Hub')
const coreOf = (hub: Stub) => (hub as unknown as Record<symbol, Hub<StubRpc>>)[CORE_HUB]

/** One round through all methods, each taken out of the hub. */
const goThrough = async (hub: Stub, ssb: StubSbot): Promise<void> => {
  const { connect, disconnect, update, entries, liveEntries, getState, listen } = hub
  const { reset, close } = hub
  const types: string[] = []
  drain<ListenEvent>(listen(), ({ type }) => types.push(type))
  const counts: number[] = []
  drain<unknown[]>(liveEntries(), ({ length }) => counts.push(length))
  const promise = connect(A, { note: 'n' })
  const rpc = ssb.answer(ssb.lastCall)
  expect(await promise).toBe(rpc)
  expect(update(A, { colour: 'red' })).toBe(true)
  expect(getState(A)).toBe('connected')
  const [[address, data] = ['', {} as ConnectionData]] = [...entries()]
  expect([address, data]).toMatchObject([A, { note: 'n', colour: 'red' }])
  expect(await disconnect(A)).toBe(true)
  const cancelled = errorOf(connect(B))
  reset()
  expect((await cancelled).code).toBe('DIAL_CANCELLED')
  close()
  expect(() => entries()).toThrow(CLOSED)
  const ofA = ['connecting', 'connected', 'disconnecting', 'disconnected']
  expect(types).toEqual([...ofA, 'connecting', 'disconnecting', 'disconnected'])
  expect(counts).toEqual([0, 1, 1, 1, 1, 0, 1, 1, 0])
}

describe('the methods need no `this`', () => {
  it('they work when they are taken out of the hub', async () => {
    const { hub, ssb } = setup()
    await goThrough(hub, ssb)
  })

  it.each<[string, Wrap]>([
    ['a bare proxy', (hub) => new Proxy(hub, {})],
    ['reactive() of Vue', reactive as unknown as Wrap],
    ['ref() of Vue', (hub) => ref(hub).value as unknown as Stub],
    ['an observable of MobX', (hub) => observable({ hub }).hub],
  ])('they work inside %s, and the hub below is found', async (_, wrap) => {
    const { hub, ssb } = setup()
    const wrapped = wrap(hub)
    expect(wrapped).toBeInstanceOf(ConnHub)
    expect(coreOf(wrapped)).toBe(coreOf(hub))
    expect(coreOf(wrapped)?.closed).toBe(false)
    await goThrough(wrapped, ssb)
  })

  it('they work when they are called on a proxy, which is their `this` then', async () => {
    const { hub, ssb } = setup()
    const wrapped = new Proxy(hub, {})
    const promise = wrapped.connect(A)
    const rpc = ssb.answer(ssb.lastCall)
    await promise
    await new Promise<unknown>((done) => [...wrapped.entries()][0]?.[1].disconnect?.(done))
    expect(rpc.closed).toBe(true)
  })
})

describe('the class', () => {
  it('can be extended: an override counts, taken out of the hub too', () => {
    class Louder extends ConnHub<StubRpc> {
      override getState(address: string): ConnectionData['state'] | undefined {
        return super.getState(address) ?? 'disconnecting'
      }
    }
    const hub = new Louder(new StubSbot())
    const { getState } = hub
    expect([hub.getState(A), getState(A)]).toEqual(['disconnecting', 'disconnecting'])
  })

  it('has methods that others may hook, on a hub and before there is one', () => {
    const { hub } = setup()
    const hooked = vi.spyOn(hub, 'getState').mockReturnValue('connected')
    expect(hub.getState(A)).toBe('connected')
    hooked.mockRestore()
    expect(hub.getState(A)).toBeUndefined()
    const onAll = vi.spyOn(ConnHub.prototype, 'getState').mockReturnValue('connected')
    expect(setup().hub.getState(A)).toBe('connected')
    onAll.mockRestore()
  })

  it('shows nothing of this in a listing of the hub', () => {
    expect(Object.keys(setup().hub)).toEqual([])
  })
})
