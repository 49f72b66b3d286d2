import type { Time } from './time.js'

/** Many things with the same time to live, and one timer for all of them. */
export class Deadlines<T> {
  readonly #time: Time
  readonly #ms: number
  readonly #onTime: (item: T) => void
  /** When each is due, the first to come first. */
  readonly #due = new Map<T, number>()
  #stopTimer: (() => void) | undefined

  constructor(time: Time, ms: number, onTime: (item: T) => void) {
    this.#time = time
    this.#ms = ms
    this.#onTime = onTime
  }

  get size(): number {
    return this.#due.size
  }

  get oldest(): T | undefined {
    const [oldest] = this.#due.keys()
    return oldest
  }

  add(item: T): void {
    this.#due.set(item, Math.ceil(this.#time.elapsed() + this.#ms))
    if (!this.#stopTimer) this.#start(this.#ms)
  }

  /** False: its time is over, or it was deleted. */
  delete(item: T): boolean {
    if (!this.#due.delete(item)) return false
    if (this.#due.size === 0) this.#stop()
    return true
  }

  /** In ms since 1970. */
  until(item: T): number | undefined {
    const due = this.#due.get(item)
    return due === undefined ? undefined : this.#time.now() + due - this.#time.elapsed()
  }

  #start(ms: number): void {
    this.#stopTimer = this.#time.after(Math.max(1, ms), () => this.#run())
  }

  #stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  #run(): void {
    this.#stopTimer = undefined
    const now = this.#time.elapsed()
    try {
      for (const [item, due] of this.#due) {
        if (due > now) return
        this.#due.delete(item)
        this.#onTime(item)
      }
    } finally {
      this.#goOn()
    }
  }

  #goOn(): void {
    // What ran may have added something, and begun a timer for it.
    this.#stop()
    for (const [, due] of this.#due) return void this.#start(due - this.#time.elapsed())
  }
}
