/** First in, first out: a stack for those that come, and one for those that go, which is turned over when it is empty. */
export class Queue<T> {
  #coming: T[] = []
  #going: T[] = []

  get size(): number {
    return this.#coming.length + this.#going.length
  }

  push(item: T): void {
    this.#coming.push(item)
  }

  shift(): T | undefined {
    if (this.#going.length === 0) {
      this.#going = this.#coming.reverse()
      this.#coming = []
    }
    return this.#going.pop()
  }
}
