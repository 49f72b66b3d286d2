import { isThenable } from './guards.js'
import type { Signal } from './signal.js'

/** Ends a subscription. May be called again, and by `using`. */
export interface Unsubscribe {
  (): void
  [Symbol.dispose](): void
}

interface Subscription {
  /** None: it has ended. */
  listener: ((event: never) => unknown) | undefined
  end(): void
}

/** Below this many, ended subscriptions are not worth a sweep. */
const SWEEP_FROM = 16

/**
 * Listeners by type. Each delivery reaches, in the order of subscription, those who listened when it began
 * and have not left since; one that throws harms nobody, its error goes to `onError`.
 */
export class EventBus<Events extends object> {
  readonly #lists = new Map<keyof Events, { list: Subscription[]; ended: number }>()
  readonly #onError: (error: unknown, type: keyof Events) => void
  /** Lists that somebody left during a delivery. */
  readonly #unswept = new Set<keyof Events>()
  #delivering = 0

  constructor(onError: (error: unknown, type: keyof Events) => void) {
    this.#onError = onError
  }

  on<T extends keyof Events>(
    type: T,
    listener: (event: Events[T]) => unknown,
    signal?: Signal,
  ): Unsubscribe {
    if (signal?.aborted) return toUnsubscribe(() => {})
    const subscription: Subscription = {
      listener,
      end: () => {
        if (!subscription.listener) return
        subscription.listener = undefined
        signal?.removeEventListener('abort', subscription.end)
        this.#ended(type)
      },
    }
    this.#listOf(type).push(subscription)
    signal?.addEventListener('abort', subscription.end)
    return toUnsubscribe(subscription.end)
  }

  has(type: keyof Events): boolean {
    const slot = this.#lists.get(type)
    return slot !== undefined && slot.list.length > slot.ended
  }

  emit<T extends keyof Events>(type: T, event: Events[T]): void {
    const list = this.#lists.get(type)?.list
    if (!list) return
    this.#delivering++
    // Whoever subscribes during this delivery comes behind `count` and waits for the next one.
    const count = list.length
    for (let i = 0; i < count; i++) this.#call(list[i] as Subscription, type, event)
    this.#delivering--
    if (this.#delivering === 0 && this.#unswept.size > 0) this.#sweepAll()
  }

  /** Ends every subscription. */
  clear(): void {
    for (const { list } of [...this.#lists.values()]) {
      for (const subscription of [...list]) subscription.end()
    }
  }

  #call(subscription: Subscription, type: keyof Events, event: unknown): void {
    try {
      const result = subscription.listener?.(event as never)
      if (isThenable(result)) result.then(undefined, (error) => this.#onError(error, type))
    } catch (error) {
      this.#onError(error, type)
    }
  }

  #listOf(type: keyof Events): Subscription[] {
    const slot = this.#lists.get(type)
    if (slot) return slot.list
    const list: Subscription[] = []
    this.#lists.set(type, { list, ended: 0 })
    return list
  }

  #ended(type: keyof Events): void {
    const slot = this.#lists.get(type)
    if (!slot) return
    slot.ended++
    if (this.#delivering > 0) this.#unswept.add(type)
    else this.#sweep(type)
  }

  #sweepAll(): void {
    for (const type of this.#unswept) this.#sweep(type)
    this.#unswept.clear()
  }

  /** Frees ended subscriptions once they are the larger part, so that each costs a constant. */
  #sweep(type: keyof Events): void {
    const slot = this.#lists.get(type)
    if (!slot) return
    const alive = slot.list.length - slot.ended
    if (alive === 0) this.#lists.delete(type)
    else if (slot.ended >= SWEEP_FROM && slot.ended >= alive) {
      slot.list = slot.list.filter((subscription) => subscription.listener)
      slot.ended = 0
    }
  }
}

/** `Symbol.dispose` is missing in Node 18. */
const toUnsubscribe = (end: () => void): Unsubscribe => {
  const unsubscribe = end as Unsubscribe
  if (Symbol.dispose) unsubscribe[Symbol.dispose] = end
  return unsubscribe
}
