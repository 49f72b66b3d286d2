/** How often the watch looks, in ms: an entry that hangs makes no event. */
export const INTERVAL = 1_000

/**
 * For how long things have been there, in looks that found them. No clock is asked: a clock can jump, and a loop that
 * was blocked for a minute has looked once.
 */
export class Ages<K> {
  #looks = new Map<K, number>()

  /** One look more. What is not there any more is forgotten. */
  look(there: Iterable<K>): void {
    const before = this.#looks
    this.#looks = new Map()
    for (const key of there) this.#looks.set(key, (before.get(key) ?? -1) + 1)
  }

  /** It has been there for so long at least, in ms. */
  of(key: K): number {
    return (this.#looks.get(key) ?? 0) * INTERVAL
  }

  /** What has been there for so long at least, in ms. */
  since(ms: number): K[] {
    return this.#looks.size === 0 ? [] : [...this.#looks.keys()].filter((key) => this.of(key) >= ms)
  }

  /** What goes by this name now is something new. */
  forget(key: K): void {
    this.#looks.delete(key)
  }
}
