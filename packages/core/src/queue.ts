/** A power of two, so that a place in the ring is found by a mask. */
const FIRST_SIZE = 16

/** First in, first out: a ring that doubles when it is full, so that neither end ever moves the others. */
export class Queue<T> {
  #ring: (T | undefined)[] = new Array(FIRST_SIZE)
  #head = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  push(item: T): void {
    if (this.#size === this.#ring.length) this.#double()
    this.#ring[(this.#head + this.#size++) & (this.#ring.length - 1)] = item
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined
    const item = this.#ring[this.#head]
    this.#ring[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#ring.length - 1)
    this.#size--
    return item
  }

  #double(): void {
    const full = this.#ring
    this.#ring = new Array(full.length * 2)
    for (let i = 0; i < full.length; i++) {
      this.#ring[i] = full[(this.#head + i) & (full.length - 1)]
    }
    this.#head = 0
  }
}
