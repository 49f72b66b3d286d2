/** The timers of a hub, in the time of the model. Of two that end at once, the older one comes first. */
export class Timers {
  /** In ms. */
  now = 0
  readonly #all = new Set<{ readonly at: number; readonly run: () => void }>()

  /** Gives what stops it. */
  start(ms: number, run: () => void): () => void {
    const timer = { at: this.now + ms, run }
    this.#all.add(timer)
    return () => this.#all.delete(timer)
  }

  pass(ms: number): void {
    const target = this.now + ms
    for (;;) {
      const [first] = [...this.#all].sort((a, b) => a.at - b.at)
      if (!first || first.at > target) break
      this.now = first.at
      this.#all.delete(first)
      first.run()
    }
    this.now = target
  }
}
