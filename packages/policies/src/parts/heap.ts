/** What can stand in a heap; it knows its place, so that it can leave without being looked for. */
export interface Placed {
  /** -1: in no heap. */
  place: number
}

/**
 * A binary heap: the first is at hand, and each enters and leaves in log n steps. Where all are the same, in one: lighter than a `Set`. A
 * step that is cut short, where the stack is full, loses nobody, and may leave them out of order.
 */
export class Heap<T extends Placed> {
  readonly #items: T[] = []
  readonly #isBefore: (a: T, b: T) => boolean

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore
  }

  get size(): number {
    return this.#items.length
  }

  get first(): T | undefined {
    return this.#items[0]
  }

  /** In no order. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#items.values()
  }

  add(item: T): void {
    item.place = this.#items.push(item) - 1
    this.#rise(item)
  }

  /** False: it is not here. */
  delete(item: T): boolean {
    const { place } = item
    if (this.#items[place] !== item) return false
    const last = this.#items.pop() as T
    item.place = -1
    if (last === item) return true
    this.#items[place] = last
    last.place = place
    this.#rise(last)
    this.#sink(last)
    return true
  }

  /** Puts all in order, where a step was cut short. */
  mend(): void {
    for (const item of this.#items.splice(0)) this.add(item)
  }

  // Two change places without a call: only a call can find the stack full.

  #rise(item: T): void {
    while (item.place > 0) {
      const place = item.place
      const up = (place - 1) >> 1
      const above = this.#items[up] as T
      if (!this.#isBefore(item, above)) return
      this.#items[place] = above
      above.place = place
      this.#items[up] = item
      item.place = up
    }
  }

  #sink(item: T): void {
    for (;;) {
      const place = item.place
      const left = 2 * place + 1
      const [one, other] = [this.#items[left], this.#items[left + 1]]
      if (!one) return
      const below = other && this.#isBefore(other, one) ? other : one
      if (!this.#isBefore(below, item)) return
      const down = below.place
      this.#items[place] = below
      below.place = place
      this.#items[down] = item
      item.place = down
    }
  }
}
