/** So many subjects of one code are remembered, for so long, in ms, before others take their places. */
const MAX_TOLD = 1_000
const KEPT = 600_000

/**
 * Of whom one code was told already. The oldest are forgotten: else, after the restarts of a year, nobody would hear of the next one. Not
 * before their time is over: else a crowd whose trouble goes on would be told of again and again.
 */
export class Told {
  readonly #at = new Map<string, number>()

  /** Whether it is to be told now; if so, it was. */
  isNews(subject: string): boolean {
    const now = performance.now()
    if (this.#at.has(subject)) return false
    if (this.#at.size >= MAX_TOLD && !this.#forgetOne(now - KEPT)) return false
    this.#at.set(subject, now)
    return true
  }

  #forgetOne(before: number): boolean {
    for (const [oldest, at] of this.#at) return at <= before && this.#at.delete(oldest)
    return false
  }
}
