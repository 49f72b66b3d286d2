import { isThenable } from './guards.js'

type Listener<E> = (event: E) => unknown

/** A subscription's place in the list; none once it has ended. */
interface Seat {
  at: number | undefined
  readonly end: () => void
}

/** Below this many, seats that are empty are not worth a sweep. */
const SWEEP_FROM = 16

/**
 * The listeners of one type. Each delivery reaches, in the order of subscription, those who listened when it began
 * and have not left since; one that throws harms nobody, its error goes to `onError`.
 */
export class Listeners<E> {
  readonly #onError: (error: unknown) => void
  // Side by side, so that a delivery goes through functions alone.
  #listeners: (Listener<E> | undefined)[] = []
  #seats: Seat[] = []
  #left = 0
  #delivering = 0

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  get any(): boolean {
    return this.#seats.length > this.#left
  }

  /** Gives what ends the subscription; `onEnd` is called then, once. */
  add(listener: Listener<E>, onEnd: () => void): () => void {
    const end = () => {
      if (seat.at === undefined) return
      this.#listeners[seat.at] = undefined
      seat.at = undefined
      this.#left++
      onEnd()
      if (this.#left >= SWEEP_FROM) this.#sweep()
    }
    const seat: Seat = { at: this.#seats.length, end }
    this.#seats.push(seat)
    this.#listeners.push(listener)
    return end
  }

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
        this.#onError(error)
      }
    }
    this.#delivering--
    if (this.#left >= SWEEP_FROM) this.#sweep()
  }

  /** Ends every subscription. */
  clear(): void {
    for (const { end } of [...this.#seats]) end()
  }

  /** Frees empty seats once they are the larger part, so that each costs a constant; never under a delivery. */
  #sweep(): void {
    if (this.#delivering > 0 || this.#left * 2 < this.#seats.length) return
    this.#listeners = this.#listeners.filter((listener) => listener)
    this.#seats = this.#seats.filter(({ at }) => at !== undefined)
    for (const [at, seat] of this.#seats.entries()) seat.at = at
    this.#left = 0
  }
}
