/** What can stand in a heap; it knows its place, so that it can leave without being looked for. */
export interface Placed {
  /** -1: in no heap. */
  place: number
}

/** A binary heap: the first is at hand, and each enters and leaves in log n steps. */
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
    this.#items.push(item)
    item.place = this.#items.length - 1
    this.#rise(item)
  }

  /** False: it is not here. */
  delete(item: T): boolean {
    const { place } = item
    if (this.#items[place] !== item) return false
    const last = this.#items.pop() as T
    item.place = -1
    if (last === item) return true
    this.#put(last, place)
    this.#rise(last)
    this.#sink(last)
    return true
  }

  #put(item: T, place: number): void {
    this.#items[place] = item
    item.place = place
  }

  #rise(item: T): void {
    while (item.place > 0) {
      const up = (item.place - 1) >> 1
      const above = this.#items[up] as T
      if (!this.#isBefore(item, above)) return
      this.#put(above, item.place)
      this.#put(item, up)
    }
  }

  #sink(item: T): void {
    for (;;) {
      const left = 2 * item.place + 1
      const [one, other] = [this.#items[left], this.#items[left + 1]]
      if (!one) return
      const below = other && this.#isBefore(other, one) ? other : one
      if (!this.#isBefore(below, item)) return
      const down = below.place
      this.#put(below, item.place)
      this.#put(item, down)
    }
  }
}
