/** A set of so many at most: what was added first is forgotten first. */
export class Recent {
  readonly #max: number
  readonly #all = new Set<string>()

  constructor(max: number) {
    this.#max = max
  }

  has(text: string): boolean {
    return this.#all.has(text)
  }

  add(text: string): void {
    this.#all.add(text)
    if (this.#all.size <= this.#max) return
    for (const oldest of this.#all) {
      this.#all.delete(oldest)
      return
    }
  }
}
