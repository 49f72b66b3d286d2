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
export class EventBus<Events extends object> {
  /** By type: the hub lets no other name in. */
  readonly #lists: { [T in keyof Events]?: Listeners<Events[T]> } = {}
  readonly #onError: (error: unknown, type: keyof Events) => void

  constructor(onError: (error: unknown, type: keyof Events) => void) {
    this.#onError = onError
  }

  on<T extends keyof Events>(
    type: T,
    listener: (event: Events[T]) => unknown,
    signal?: Signal,
  ): Unsubscribe {
    if (signal?.aborted) return toUnsubscribe(() => {})
    const end = this.#listOf(type).add(listener, () => signal?.removeEventListener('abort', end))
    signal?.addEventListener('abort', end)
    return toUnsubscribe(end)
  }

  has(type: keyof Events): boolean {
    return this.#lists[type]?.any === true
  }

  emit<T extends keyof Events>(type: T, event: Events[T]): void {
    this.#lists[type]?.call(event)
  }

  /** Ends every subscription. */
  clear(): void {
    for (const type in this.#lists) this.#lists[type]?.clear()
  }

  #listOf<T extends keyof Events>(type: T): Listeners<Events[T]> {
    let list = this.#lists[type]
    if (!list) {
      list = new Listeners((error) => this.#onError(error, type))
      this.#lists[type] = list
    }
    return list
  }
}

/**
 * The listeners of one type. Each delivery reaches, in the order of subscription, those who listened when it began
 * and have not left since; one that throws harms nobody, its error goes to `onError`.
 */
class Listeners<E> {
  readonly #onError: (error: unknown) => void
  // Side by side, so that a delivery goes through functions alone.
  #listeners: (Listener<E> | undefined)[] = []
  #subscriptions: Subscription[] = []
  #left = 0
  #delivering = 0

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  get any(): boolean {
    return this.#subscriptions.length > this.#left
  }

  /** Gives what ends the subscription; `onEnd` is called then, once. */
  add(listener: Listener<E>, onEnd: () => void): () => void {
    const end = () => {
      if (subscription.at === undefined) return
      this.#listeners[subscription.at] = undefined
      subscription.at = undefined
      this.#left++
      onEnd()
      if (this.#left >= SWEEP_FROM) this.#sweep()
    }
    const subscription: Subscription = { at: this.#subscriptions.length, end }
    this.#subscriptions.push(subscription)
    this.#listeners.push(listener)
    return end
  }

  /** Never throws once it has begun, also where the stack has no room for a listener or for the report of its error. */
  call(event: E): void {
    const listeners = this.#listeners
    // Whoever subscribes during this delivery comes behind `count` and waits for the next one.
    const count = listeners.length
    this.#delivering++
    for (let i = 0; i < count; i++) {
      try {
        const result = listeners[i]?.(event)
        if (result !== undefined && isThenable(result)) result.then(undefined, this.#onError)
      } catch (error) {
        try {
          this.#onError(error)
        } catch {}
      }
    }
    this.#delivering--
    try {
      if (this.#left >= SWEEP_FROM) this.#sweep()
    } catch {}
  }

  /** Ends every subscription. */
  clear(): void {
    for (const { end } of [...this.#subscriptions]) end()
  }

  /** Frees empty places once they are the larger part, so that each costs a constant; never under a delivery. */
  #sweep(): void {
    if (this.#delivering > 0 || this.#left * 2 < this.#subscriptions.length) return
    this.#listeners = this.#listeners.filter((listener) => listener)
    this.#subscriptions = this.#subscriptions.filter(({ at }) => at !== undefined)
    for (const [at, subscription] of this.#subscriptions.entries()) subscription.at = at
    this.#left = 0
  }
}

/** `Symbol.dispose` is missing in Node 18. */
const toUnsubscribe = (end: () => void): Unsubscribe => {
  const unsubscribe = end as Unsubscribe & { [Symbol.dispose]?: () => void }
  if (Symbol.dispose) unsubscribe[Symbol.dispose] = end
  return unsubscribe
}
