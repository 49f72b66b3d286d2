import type { Hub } from '@conn-hub/core'

/** Counts every call of every listener of a hub from now on, those of its views too: who has gone must not hear. */
export const countHearing = <S>(hub: Hub<S>): (() => number) => {
  let heard = 0
  const on = hub.on.bind(hub)
  hub.on = (type, listener, options) =>
    on(
      type,
      (event) => {
        heard++
        return listener(event)
      },
      options,
    )
  return () => heard
}
