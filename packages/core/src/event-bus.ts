import { Listeners } from './listeners.js'
import type { Signal } from './signal.js'

/** Ends a subscription. May be called again, and by `using`. */
export interface Unsubscribe {
  (): void
  [Symbol.dispose](): void
}

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

/** `Symbol.dispose` is missing in Node 18. */
const toUnsubscribe = (end: () => void): Unsubscribe => {
  const unsubscribe = end as Unsubscribe
  if (Symbol.dispose) unsubscribe[Symbol.dispose] = end
  return unsubscribe
}
