import { Heap, type Placed } from '../parts/heap.js'
import type { Time } from '../parts/time.js'

/** So often everything is looked at, in ms: where the stack was full when something happened, nobody has heard of it. */
const ROUND = 30_000

/** What is looked at again when it is due. */
export interface Due extends Placed {
  dueAt: number
}

interface Parts<T> {
  readonly time: Time
  readonly onDue: (item: T, now: number) => void
  readonly onRound: (now: number) => void
}

/** Many looks, and one timer for all of them. */
export class Looks<T extends Due> {
  readonly #parts: Parts<T>
  readonly #due = new Heap<T>((a, b) => a.dueAt < b.dueAt)
  #timer: { readonly at: number; readonly stop: () => void } | undefined
  #roundAt: number
  #isOver = false
  /** While nobody is at work on the heap: else a step was cut short. */
  #isWhole = true

  constructor(parts: Parts<T>) {
    this.#parts = parts
    this.#roundAt = parts.time.elapsed() + ROUND
    this.#arm()
  }

  put(item: T, dueAt: number): void {
    this.delete(item)
    if (this.#isOver) return
    const wasWhole = this.#isWhole
    this.#isWhole = false
    item.dueAt = Math.ceil(dueAt)
    this.#due.add(item)
    this.#isWhole = wasWhole
    this.#arm()
  }

  delete(item: T): void {
    const wasWhole = this.#isWhole
    this.#isWhole = false
    this.#due.delete(item)
    this.#isWhole = wasWhole
  }

  end(): void {
    this.#isOver = true
    this.#timer?.stop()
    this.#timer = undefined
  }

  /** A timer that fires too early arms itself again: only what comes sooner needs another one. */
  #arm(): void {
    if (this.#isOver) return
    const at = Math.min(this.#due.first?.dueAt ?? this.#roundAt, this.#roundAt)
    const before = this.#timer
    if (before && before.at <= at) return
    const { time } = this.#parts
    // The one before goes last: where the stack is full, there is one too many, and never none.
    this.#timer = { at, stop: time.after(Math.max(1, at - time.elapsed()), () => this.#run()) }
    before?.stop()
  }

  #run(): void {
    this.#timer = undefined
    const now = this.#parts.time.elapsed()
    if (now >= this.#roundAt) {
      this.#roundAt = now + ROUND
      if (!this.#isWhole) this.#due.mend()
      this.#isWhole = true
      this.#parts.onRound(now)
    }
    for (let item = this.#due.first; item && item.dueAt <= now; item = this.#due.first) {
      this.delete(item)
      this.#parts.onDue(item, now)
    }
    this.#arm()
  }
}
