import type { HubEvents, ListenOptions, Metadata, Unsubscribe } from '@conn-hub/core'
import { hubError, print } from './errors.js'

type Type = keyof HubEvents<unknown>
type Listener = (event: never) => unknown

const TYPES: readonly string[] = [
  ...['connecting', 'connecting-failed', 'connected', 'disconnecting', 'disconnecting-failed'],
  ...['disconnected', '*', 'session', 'session-closed', 'change', 'refused', 'error', 'close'],
]

/** Who listens to a replayed hub. What a listener throws is printed, and harms nobody. */
export class Listeners {
  readonly #lists = new Map<Type, Set<{ readonly listener: Listener }>>()

  on(type: Type, listener: Listener, { signal }: ListenOptions = {}): Unsubscribe {
    if (!TYPES.includes(type)) {
      throw hubError('INVALID_OPTION', `There is no event "${String(type)}".`)
    }
    if (typeof listener !== 'function') {
      throw hubError('INVALID_OPTION', 'The listener must be a function.')
    }
    const list = this.#lists.get(type) ?? new Set()
    this.#lists.set(type, list)
    // The same function may listen twice.
    const subscription = { listener }
    const end = () => {
      list.delete(subscription)
      signal?.removeEventListener('abort', end)
    }
    if (!signal?.aborted) {
      list.add(subscription)
      signal?.addEventListener('abort', end)
    }
    const { dispose } = Symbol as { readonly dispose?: symbol }
    // The type has the symbol only where the app's `lib` knows it.
    return Object.assign(end, dispose ? { [dispose]: end } : {}) as unknown as Unsubscribe
  }

  emit<T extends Type>(type: T, event: HubEvents<unknown, Metadata>[T]): void {
    const list = this.#lists.get(type)
    if (!list) return
    // Those who come during a delivery wait for the next one; those who leave are not called any more.
    for (const subscription of [...list]) {
      if (!list.has(subscription)) continue
      try {
        // on() put each listener into the list of what it listens to.
        const result = subscription.listener(event as never) as PromiseLike<unknown> | undefined
        if (typeof result?.then === 'function') result.then(undefined, printOf)
      } catch (error) {
        printOf(error)
      }
    }
  }

  clear(): void {
    for (const list of this.#lists.values()) list.clear()
  }
}

const printOf = (error: unknown): void => print('a listener of a replay', error)
