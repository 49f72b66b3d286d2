import type { Hub } from '@conn-hub/core'

/**
 * A hub like the given one that counts every call of every listener, those of its readers too: who has gone must not
 * hear. The hub itself is frozen, so this is another object.
 */
export const countHearing = <S>(hub: Hub<S>): { hub: Hub<S>; heard: () => number } => {
  let heard = 0
  const on: Hub<S>['on'] = (type, listener, options) => {
    const counted: typeof listener = (event) => {
      heard++
      return listener(event)
    }
    return hub.on(type, counted, options)
  }
  const get = (_: object, name: keyof Hub<S>) => {
    if (name === 'on') return on
    const member = hub[name]
    return typeof member === 'function' ? member.bind(hub) : member
  }
  return { hub: new Proxy({} as Hub<S>, { get: get as never }), heard: () => heard }
}
