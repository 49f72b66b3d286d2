/** What can wait in a heap. It is in one while `nextAt` is set. */
export interface Scheduled {
  /** When it is due, in ms since 1970. Set by the schedule alone. */
  nextAt: number | undefined
  /** Where it stands in the heap. Set by the heap alone. */
  place: number
}

/**
 * A binary heap by `nextAt`. Each item knows its place, so that it can be moved and taken out in log n. A step that is cut short, where the stack is
 * full, leaves it broken: then it takes and gives nothing until it is filled anew.
 */
export class Heap<T extends Scheduled> {
  readonly #items: T[] = []
  #isWhole = true

  get isWhole(): boolean {
    return this.#isWhole
  }

  get first(): T | undefined {
    return this.#items[0]
  }

  get size(): number {
    return this.#items.length
  }

  add(item: T): void {
    if (!this.#isWhole) return
    this.#isWhole = false
    this.#items.push(item)
    this.#rise(item, this.#items.length - 1)
    this.#isWhole = true
  }

  remove(item: T): void {
    if (!this.#isWhole) return
    this.#isWhole = false
    this.#takeOut(item)
    this.#isWhole = true
  }

  /** With those of them that have a time, and nobody else. */
  fill(items: Iterable<T>): void {
    this.#items.length = 0
    this.#isWhole = true
    for (const item of items) if (item.nextAt !== undefined) this.add(item)
  }

  #takeOut(item: T): void {
    const last = this.#items.pop()
    if (!last || last === item) return
    const { place } = item
    this.#rise(last, place)
    if (last.place === place) this.#sink(last, place)
  }

  #rise(item: T, from: number): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = this.#items[above] as T
      if (timeOf(parent) <= timeOf(item)) break
      this.#put(parent, place)
      place = above
    }
    this.#put(item, place)
  }

  #sink(item: T, from: number): void {
    let place = from
    for (;;) {
      const child = this.#earlier(2 * place + 1, 2 * place + 2)
      if (!child || timeOf(item) <= timeOf(child)) break
      const below = child.place
      this.#put(child, place)
      place = below
    }
    this.#put(item, place)
  }

  #earlier(one: number, other: number): T | undefined {
    const [left, right] = [this.#items[one], this.#items[other]]
    return left && right && timeOf(right) < timeOf(left) ? right : left
  }

  #put(item: T, place: number): void {
    this.#items[place] = item
    item.place = place
  }
}

const timeOf = ({ nextAt }: Scheduled): number => nextAt as number
