import type { Hub } from '@conn-hub/core'
import type { Calls } from './calls.js'
import { peerDown, worldOver } from './errors.js'
import type { FakeTime } from './time/fake-time.js'
import type { Life } from './time/life.js'

/** A hub does at once what it is asked for: a listener is a microtask away, and what that awaits. */
const HOPS = 4

/** The hub of a peer as the scenario has it: what it does there counts as the peer's own, and is followed. */
export const toRemote = <S>(hub: Hub<S>, life: Life, time: FakeTime, calls: Calls): Hub<S> => {
  const call = <T>(what: string, run: () => Promise<T>): Promise<T> => {
    if (time.isOver) return Promise.reject(worldOver())
    if (life.state === 'over') return Promise.reject(peerDown(life.name))
    // A process that sleeps hears of it when it wakes.
    const whenAwake = () => new Promise<T>((resolve) => time.after(life, 0, () => resolve(run())))
    return calls.follow(
      life,
      what,
      life.state === 'asleep' ? whenAwake() : time.within(life, run, HOPS),
    )
  }
  const own = <T>(run: () => T): T => {
    if (life.state === 'over') throw peerDown(life.name)
    return time.within(life, run)
  }
  return Object.freeze({
    connect: (address, options) =>
      call(`connect("${address}")`, () => hub.connect(address, options)),
    disconnect: (address, options) =>
      call(`disconnect("${address}")`, () => hub.disconnect(address, options)),
    reset: (reason) => call('reset()', () => hub.reset(reason)),
    close: () => call('close()', () => hub.close()),
    update: (address, data) => own(() => hub.update(address, data)),
    on: (type, listener, options) => own(() => hub.on(type, listener, options)),
    subscribe: (wake) => own(() => hub.subscribe(wake)),
    get: hub.get,
    getState: hub.getState,
    byKey: hub.byKey,
    entries: hub.entries,
    snapshot: hub.snapshot,
    get size() {
      return hub.size
    },
    get closed() {
      return hub.closed
    },
  } satisfies Hub<S>)
}
