/** So many taken places may be kept on top of those in use. */
const SLACK = 32

/** First in, first out; taking an item does not move the others. */
export class Queue<T> {
  #items: (T | undefined)[] = []
  #taken = 0

  get size(): number {
    return this.#items.length - this.#taken
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined
    const item = this.#items[this.#taken]
    this.#items[this.#taken++] = undefined
    // Taken places are freed once they are the larger part, so that each costs a constant.
    if (this.#taken > this.size + SLACK) {
      this.#items = this.#items.slice(this.#taken)
      this.#taken = 0
    }
    return item
  }
}
