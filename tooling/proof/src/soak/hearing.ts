import type { Hub } from '@conn-hub/core'

/** The same hub, which counts every call of every listener, those of its readers too: who has gone must not hear. */
export const countHearing = <S>(hub: Hub<S>): { hub: Hub<S>; heard: () => number } => {
  let heard = 0
  const on: Hub<S>['on'] = (type, listener, options) => {
    const counted: typeof listener = (event) => {
      heard++
      return listener(event)
    }
    return hub.on(type, counted, options)
  }
  // A hub is frozen, and its functions need no `this`.
  return { hub: Object.create(hub, { on: { value: on } }), heard: () => heard }
}
