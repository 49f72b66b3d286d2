/** A power of two, so that a place in the ring is found by a mask. */
const FIRST_SIZE = 16

/** First in, first out: a ring that doubles when it is full, so that neither end ever moves the others. */
export class Ring<T> {
  #places: (T | undefined)[] = new Array(FIRST_SIZE)
  #head = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  push(item: T): void {
    if (this.#size === this.#places.length) this.#double()
    this.#places[(this.#head + this.#size++) & (this.#places.length - 1)] = item
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined
    const item = this.#places[this.#head]
    this.#places[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#places.length - 1)
    this.#size--
    return item
  }

  #double(): void {
    const full = this.#places
    this.#places = new Array(full.length * 2)
    for (let i = 0; i < full.length; i++) {
      this.#places[i] = full[(this.#head + i) & (full.length - 1)]
    }
    this.#head = 0
  }
}
