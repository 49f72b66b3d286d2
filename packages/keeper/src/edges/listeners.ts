import { printable } from '@conn-hub/core'
import { expect, isFunction, isObject } from './check.js'

/** Listeners of one type of event. One that throws harms nobody. */
export class Listeners<E> {
  readonly #what: string
  #listeners: readonly ((event: E) => unknown)[] = []

  /** @param what Where they listen, for what is printed of one that throws. */
  constructor(what: string) {
    this.#what = what
  }

  /** Gives what ends it. */
  on(type: unknown, listener: (event: E) => unknown): () => void {
    expect(type === 'change', '"change"', 'type')
    expect(isFunction(listener), 'a function', 'listener')
    // The same function may listen twice, and each leaves alone.
    const own = (event: E) => listener(event)
    this.#listeners = [...this.#listeners, own]
    return () => {
      this.#listeners = this.#listeners.filter((each) => each !== own)
    }
  }

  /** The list is replaced and never changed: who comes or leaves meanwhile does not disturb the walk. */
  tell(event: E): void {
    for (const listener of this.#listeners) {
      if (this.#listeners.includes(listener)) this.#call(listener, event)
    }
  }

  clear(): void {
    this.#listeners = []
  }

  #call(listener: (event: E) => unknown, event: E): void {
    try {
      const result = listener(event)
      if (isThenable(result)) result.then(undefined, (error) => this.#report(error))
    } catch (error) {
      this.#report(error)
    }
  }

  #report(error: unknown): void {
    try {
      const text = String((error instanceof Error && error.stack) || error)
      console.error(`conn-hub: error in listener (${this.#what}): ${printable(text)}`)
    } catch {
      // What was thrown cannot be printed, or the console throws: there is nobody left to tell.
    }
  }
}

/** Of any realm. */
const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  isObject(value) && isFunction(value.then)
