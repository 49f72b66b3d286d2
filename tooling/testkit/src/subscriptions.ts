import type { Hub, Unsubscribe } from '@conn-hub/core'

/** The same hub, whose subscriptions are counted while they are alive. */
export const countSubscriptions = <S>(
  hub: Hub<S>,
): { hub: Hub<S>; subscriptions: () => number } => {
  const alive = new Set<() => void>()
  const on: Hub<S>['on'] = (type, listener, options) => {
    const end = hub.on(type, listener, options)
    const counted = () => {
      alive.delete(counted)
      end()
    }
    alive.add(counted)
    return Object.assign(counted, { [Symbol.dispose]: counted }) satisfies Unsubscribe
  }
  // A hub is frozen, and its functions need no `this`.
  const counting = Object.create(hub, { on: { value: on } }) as Hub<S>
  return { hub: counting, subscriptions: () => alive.size }
}
