import { isThenable } from '../edges/guards.js'
import type { Signal } from '../edges/signal.js'
import type { Unsubscribe } from '../model/events.js'

type Listener<E> = (event: E) => unknown

/** A subscription's place in the list; none once it has ended. */
interface Subscription {
  at: number | undefined
  readonly end: () => void
}

/** Below this many, empty places are not worth a sweep. */
const SWEEP_FROM = 16

/** Listeners by type. */
export interface EventBus<Events extends object> {
  readonly on: <T extends keyof Events>(
    type: T,
    listener: Listener<Events[T]>,
    signal?: Signal,
  ) => Unsubscribe
  readonly has: (type: keyof Events) => boolean
  readonly emit: <T extends keyof Events>(type: T, event: Events[T]) => void
  /** Ends every subscription. */
  readonly clear: () => void
}

export const createEventBus = <Events extends object>(
  onError: (error: unknown, type: keyof Events) => void,
): EventBus<Events> => {
  /** By type: the hub lets no other name in. */
  const lists: { [T in keyof Events]?: Listeners<Events[T]> } = {}

  return {
    on: (type, listener, signal) => {
      if (signal?.aborted) return toUnsubscribe(() => {})
      lists[type] ??= createListeners((error) => onError(error, type))
      const end = lists[type].add(listener, () => signal?.removeEventListener('abort', end))
      signal?.addEventListener('abort', end)
      return toUnsubscribe(end)
    },
    has: (type) => lists[type]?.any() === true,
    emit: (type, event) => lists[type]?.call(event),
    clear: () => {
      for (const type in lists) lists[type]?.clear()
    },
  }
}

interface Listeners<E> {
  readonly any: () => boolean
  /** Gives what ends the subscription; `onEnd` is called then, once. */
  readonly add: (listener: Listener<E>, onEnd: () => void) => () => void
  readonly call: (event: E) => void
  readonly clear: () => void
}

/**
 * The listeners of one type. Each delivery reaches, in the order of subscription, those who listened when it began
 * and have not left since; one that throws harms nobody, its error goes to `onError`.
 */
const createListeners = <E>(onError: (error: unknown) => void): Listeners<E> => {
  // Side by side, so that a delivery goes through functions alone.
  let listeners: (Listener<E> | undefined)[] = []
  let subscriptions: Subscription[] = []
  let left = 0
  let delivering = 0

  /** Frees empty places once they are the larger part, so that each costs a constant; never under a delivery. */
  const sweep = (): void => {
    if (left < SWEEP_FROM || delivering > 0 || left * 2 < subscriptions.length) return
    listeners = listeners.filter((listener) => listener)
    subscriptions = subscriptions.filter(({ at }) => at !== undefined)
    subscriptions.forEach((subscription, at) => {
      subscription.at = at
    })
    left = 0
  }

  return {
    any: () => subscriptions.length > left,
    add: (listener, onEnd) => {
      const end = () => {
        if (subscription.at === undefined) return
        listeners[subscription.at] = undefined
        subscription.at = undefined
        left++
        onEnd()
        sweep()
      }
      const subscription: Subscription = { at: subscriptions.length, end }
      subscriptions.push(subscription)
      listeners.push(listener)
      return end
    },
    // Never throws once it has begun, also where the stack has no room for a listener or for the report of its error.
    call: (event) => {
      const all = listeners
      // Whoever subscribes during this delivery comes behind `count` and waits for the next one.
      const count = all.length
      delivering++
      for (let i = 0; i < count; i++) {
        try {
          const result = all[i]?.(event)
          if (result !== undefined && isThenable(result)) result.then(undefined, onError)
        } catch (error) {
          try {
            onError(error)
          } catch {}
        }
      }
      delivering--
      try {
        sweep()
      } catch {}
    },
    clear: () => {
      for (const { end } of [...subscriptions]) end()
    },
  }
}

/** `Symbol.dispose` is missing in Node 18. */
const toUnsubscribe = (end: () => void): Unsubscribe =>
  Object.assign(end, Symbol.dispose && { [Symbol.dispose]: end })
