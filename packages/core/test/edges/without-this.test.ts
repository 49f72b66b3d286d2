import type { Change, Hub } from '@conn-hub/core'
import { createView } from '@conn-hub/core/view'
import type { FaultSession } from '@conn-hub/testkit'
import { reactive, ref } from '@vue/reactivity'
import { produce } from 'immer'
import { observable } from 'mobx'
import { describe, expect, it, vi } from 'vitest'
import { A, B, outcomeOf, setup } from '../setup.js'
import { edge } from './setup.js'

const answering = () => {
  const world = setup()
  world.transport.onDial = (dial) => dial.succeed()
  return world
}

describe('a hub needs no `this`', () => {
  it('all its functions work when they are taken out of it', async () => {
    const { hub, transport } = answering()
    const {
      connect,
      disconnect,
      update,
      get,
      getState,
      byKey,
      entries,
      snapshot,
      on,
      reset,
      close,
    } = hub
    const { subscribe } = edge(hub)
    const heard: string[] = []
    const unsubscribe = on('*', ({ type }) => heard.push(type))
    const stop = subscribe(() => heard.push('wake'))
    const session = await connect(A, { data: { n: 1 } })
    expect(session).toBe(transport.sessions[0])
    expect(update(A, { m: 2 })).toBe(true)
    expect(get(A)).toMatchObject({ state: 'connected', data: { n: 1, m: 2 } })
    expect(getState(A)).toBe('connected')
    expect([...entries()]).toEqual([get(A)])
    expect(byKey('a')).toEqual([get(A)])
    expect(snapshot()).toEqual([get(A)])
    expect(heard).toEqual(['connecting', 'wake', 'connected', 'wake', 'wake'])
    stop()
    unsubscribe()
    expect(await disconnect(A)).toBe(true)
    await reset()
    await close()
    expect(heard).toHaveLength(5)
    expect(hub.closed).toBe(true)
  })

  it('it is frozen, its functions are its own, and it is no plain object', () => {
    const { hub } = setup()
    expect(Object.isFrozen(hub)).toBe(true)
    const own = ['connect', 'disconnect', 'update', 'get', 'snapshot', 'subscribe', 'on', 'close']
    expect(own.filter((name) => !Object.hasOwn(hub, name))).toEqual([])
    expect([Object.prototype, null]).not.toContain(Object.getPrototypeOf(hub))
  })

  it('size and closed go on telling what is', async () => {
    const { hub, transport } = setup()
    expect([hub.size, hub.closed]).toEqual([0, false])
    transport.inbound(A)
    expect([hub.size, hub.closed]).toEqual([1, false])
    await hub.close()
    expect([hub.size, hub.closed]).toEqual([0, true])
  })

  it('two hubs have functions of their own', () => {
    const [one, other] = [setup(), setup()]
    const { get } = one.hub
    other.transport.inbound(A)
    expect(get(A)).toBeUndefined()
  })

  it('addresses.map(hub.connect) is refused with a reason: map() gives the index as options', async () => {
    const { hub } = answering()
    const call = hub.connect as (address: string, index: number) => Promise<FaultSession>
    const outcomes = [A, B].map(call).map(outcomeOf)
    expect(await Promise.all(outcomes)).toEqual(['INVALID_OPTION', 'INVALID_OPTION'])
    expect(hub.size).toBe(0)
  })

  it('a promise may be continued with connect, and a list be gone through with get', async () => {
    const { hub, transport } = answering()
    const { connect, getState } = hub
    expect(await Promise.resolve(A).then(connect)).toBe(transport.sessions[0])
    expect([A, B].map(getState)).toEqual(['connected', undefined])
  })

  it('the end of a subscription needs none either', () => {
    const { hub, transport } = setup()
    const listener = vi.fn()
    const ends = [hub.on('connected', listener)]
    for (const end of ends) end.call(undefined)
    transport.inbound(A)
    expect(listener).not.toHaveBeenCalled()
  })
})

describe('subscribe()', () => {
  it('calls after each step of each entry, also of metadata, without an argument', async () => {
    const { hub, transport } = answering()
    const seen: unknown[] = []
    edge(hub).subscribe((...given: unknown[]) => seen.push([given.length, hub.get(A)?.state]))
    await hub.connect(A)
    hub.update(A, { n: 1 })
    transport.sessions[0]?.end()
    // Inside the dial the session opened already: whoever is called looks at what is now.
    expect(seen).toEqual([
      [0, 'connecting'],
      [0, 'connected'],
      [0, 'connected'],
      [0, undefined],
    ])
  })

  it('and snapshot() are what useSyncExternalStore() takes', () => {
    const { hub, transport } = setup()
    const { snapshot } = hub
    const { subscribe } = edge(hub)
    let shown = snapshot()
    const unsubscribe = subscribe(() => {
      shown = snapshot()
    })
    expect(snapshot()).toBe(shown)
    transport.inbound(A)
    expect(shown).toEqual([hub.get(A)])
    expect(snapshot()).toBe(shown)
    unsubscribe()
    transport.inbound(B)
    expect(shown).toHaveLength(1)
    expect(snapshot()).not.toBe(shown)
  })

  it('ends by what it gives, which may be called twice', () => {
    const { hub, transport } = setup()
    const [wake, other] = [vi.fn(), vi.fn()]
    const unsubscribe = edge(hub).subscribe(wake)
    edge(hub).subscribe(other)
    unsubscribe()
    unsubscribe()
    transport.inbound(A)
    expect(wake).not.toHaveBeenCalled()
    expect(other).toHaveBeenCalledTimes(1)
  })

  it('on a closed hub gives a function that does nothing', async () => {
    const { hub } = setup()
    await hub.close()
    const unsubscribe = edge(hub).subscribe(() => {})
    expect(unsubscribe()).toBeUndefined()
    expect(hub.snapshot()).toEqual([])
  })

  it('tells of the entries that the end of the hub removes', async () => {
    const { hub, transport } = setup()
    transport.inbound(A)
    const sizes: number[] = []
    edge(hub).subscribe(() => sizes.push(hub.snapshot().length))
    await hub.close()
    expect(sizes.at(-1)).toBe(0)
  })

  it('refuses what is no function', () => {
    const { hub } = setup()
    expect(() => edge(hub).subscribe('wake' as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })
})

/** A hub as a framework hands it back. */
const proxies: [string, (hub: Hub<FaultSession>) => Hub<FaultSession>][] = [
  ['reactive() of Vue', (hub) => reactive(hub) as Hub<FaultSession>],
  ['reactive({ hub }) of Vue', (hub) => reactive({ hub }).hub as Hub<FaultSession>],
  ['ref() of Vue', (hub) => ref(hub).value as Hub<FaultSession>],
  ['observable({ hub }) of MobX', (hub) => observable({ hub }).hub],
  ['observable.box() of MobX', (hub) => observable.box(hub).get()],
  ['observable.array() of MobX', (hub) => observable.array([hub])[0] as Hub<FaultSession>],
  ['produce() of immer', (hub) => produce({ hub, n: 0 }, (draft) => void draft.n++).hub],
  ['a plain Proxy', (hub) => new Proxy(hub, {})],
]

describe.each(proxies)('a hub inside %s', (_, wrap) => {
  it('works as the hub itself, and is that hub', async () => {
    const { hub, transport } = answering()
    const wrapped = wrap(hub)
    const heard: Change<FaultSession>[] = []
    wrapped.on('change', (change) => heard.push(change))
    expect(await wrapped.connect(A)).toBe(transport.sessions[0])
    expect(wrapped.getState(A)).toBe('connected')
    expect([wrapped.size, wrapped.closed]).toEqual([1, false])
    expect(wrapped.snapshot()).toEqual(hub.snapshot())
    expect(wrapped.update(A, { n: 1 })).toBe(true)
    expect(hub.get(A)?.data).toEqual({ n: 1 })
    expect(await wrapped.disconnect(A)).toBe(true)
    await wrapped.close()
    expect([hub.size, hub.closed, wrapped.closed]).toEqual([0, true, true])
    expect(heard.length).toBeGreaterThan(3)
  })

  it('can be read by views', () => {
    const { hub, transport } = setup()
    const view = createView(wrap(hub), 'entries')
    view.start(() => {})
    transport.inbound(A)
    expect(view.take()).toEqual([hub.get(A)])
    view.stop()
  })
})

describe('a hub inside a draft of immer', () => {
  it('works there, too', async () => {
    const { hub, transport } = answering()
    let session: Promise<FaultSession> | undefined
    produce({ hub }, (draft) => {
      session = draft.hub.connect(A)
    })
    expect(await session).toBe(transport.sessions[0])
  })
})

describe('a view needs no `this`', () => {
  it.each(['events', 'entries', 'changes'] as const)('of %s', (name) => {
    const { hub, transport } = setup()
    const view = createView(hub, name)
    const { start, take, stop } = view
    const wake = vi.fn()
    start(wake)
    take()
    transport.inbound(A)
    expect(wake).toHaveBeenCalled()
    expect(take()).toBeDefined()
    stop()
    expect(view.ended).toBe(true)
    expect(take()).toBeUndefined()
  })
})
