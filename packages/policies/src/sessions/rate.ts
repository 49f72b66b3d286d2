/** Beyond so many, who came least lately is forgotten: it may come again as one who is new. */
const MAX_GROUPS = 100_000

/**
 * The generic cell rate algorithm: `max` in each `per` ms, and as many at once. One number for each group: when it has used up what it
 * was given.
 */
export class Rate {
  readonly #interval: number
  readonly #burst: number
  readonly #maxGroups: number
  /** Whoever came last is last: so the first ones are over first. */
  readonly #usedUpAt = new Map<string, number>()

  /** @param per In ms. */
  constructor(max: number, per: number, maxGroups = MAX_GROUPS) {
    this.#interval = per / max
    this.#burst = per - this.#interval
    this.#maxGroups = maxGroups
  }

  get groups(): number {
    return this.#usedUpAt.size
  }

  /** Whether one more may come now. @param now In ms. */
  take(group: string, now: number): boolean {
    const at = Math.max(this.#usedUpAt.get(group) ?? now, now)
    if (at - now > this.#burst + 1e-6) return false
    this.#usedUpAt.delete(group)
    this.#forget(now)
    this.#usedUpAt.set(group, at + this.#interval)
    return true
  }

  /** In ms from now: when one more may come. */
  waitOf(group: string, now: number): number {
    const at = this.#usedUpAt.get(group) ?? now
    return Math.max(0, at - now - this.#burst)
  }

  /** Two for each that comes: so it cannot grow by what is over. */
  #forget(now: number): void {
    let left = 2
    for (const [group, at] of this.#usedUpAt) {
      const isOver = at <= now || this.#usedUpAt.size >= this.#maxGroups
      if (!isOver || left-- === 0) return
      this.#usedUpAt.delete(group)
    }
  }
}
