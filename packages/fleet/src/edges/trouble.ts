import type { Listeners } from './listeners.js'

/** Errors of the engine: over once all that failed works again. */
const OF_ENGINE = [
  'FLEET_UNREACHABLE',
  'ENGINE_SLOW',
  'ENGINE_FAILED',
  'LOGIN_REFUSED',
  'READ_ONLY',
  'WRONG_SHARD',
  'OUT_OF_MEMORY',
]

/** After a failure, in ms: the first pause, and the longest. */
const FIRST_PAUSE = 50
const LONGEST_PAUSE = 1_000

export type Part = 'lease' | 'publisher' | 'follower'

/** Which parts of this machine the engine fails: one may for good while the others work, as where a login may not do all. */
export class Trouble {
  readonly #listeners: Listeners
  /** How often each has failed in a row. */
  readonly #fails = new Map<Part, number>()

  constructor(listeners: Listeners) {
    this.#listeners = listeners
  }

  /** Tells it, and gives the pause until the next attempt, in ms. */
  failed(part: Part, error: unknown): number {
    const before = this.#fails.get(part) ?? 0
    this.#fails.set(part, before + 1)
    this.#listeners.tell(error)
    return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** before)
  }

  works(part: Part): void {
    if (this.#fails.delete(part) && this.#fails.size === 0) this.#listeners.forget(...OF_ENGINE)
  }
}
