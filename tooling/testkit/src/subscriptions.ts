import type { Hub, Unsubscribe } from '@conn-hub/core'

/** Counts, from now on, the subscriptions of a hub that are alive. */
export const countSubscriptions = <S>(hub: Hub<S>): (() => number) => {
  const alive = new Set<() => void>()
  const on = hub.on.bind(hub)
  hub.on = (type, listener, options) => {
    const end = on(type, listener, options)
    const counted = () => {
      alive.delete(counted)
      end()
    }
    alive.add(counted)
    return Object.assign(counted, { [Symbol.dispose]: counted }) satisfies Unsubscribe
  }
  return () => alive.size
}
