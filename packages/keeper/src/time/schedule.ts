import type { Clock } from '../model/time.js'
import { Heap, type Scheduled } from './heap.js'

/** The timer never waits longer, in ms: so that a sleep is noticed soon. */
const TICK = 5_000

/** By so many ms the clock must be wrong to tell of a sleep, or of a clock that was set. A busy process is late by less. */
const JUMP = 10_000

interface Parts<T> {
  readonly clock: Clock
  readonly keepAlive: boolean
  readonly onDue: (item: T) => void
  /** The process has slept, or the clock was set. `again`: the timer before was late, too, as in hidden pages, whose timers are slowed down. */
  readonly onJump: (again: boolean) => void
}

/** Many that wait, and one timer for all. */
export class Schedule<T extends Scheduled> {
  readonly #parts: Parts<T>
  readonly #heap = new Heap<T>()
  #timer: unknown
  /** When the timer fires; none: nothing is armed. */
  #armedFor: number | undefined
  #isRunning = false
  #isStopped = false
  #wasLate = false

  constructor(parts: Parts<T>) {
    this.#parts = parts
    this.#arm()
  }

  get size(): number {
    return this.#heap.size
  }

  /** Adds it, or moves it. */
  set(item: T, at: number): void {
    this.#take(item)
    if (this.#isStopped) return
    item.nextAt = at
    this.#heap.add(item)
    this.#arm()
  }

  remove(item: T): void {
    this.#take(item)
    if (this.#heap.size === 0 && !this.#parts.keepAlive) this.#disarm()
  }

  stop(): void {
    this.#isStopped = true
    for (let item = this.#heap.first; item; item = this.#heap.first) this.#take(item)
    this.#disarm()
  }

  #take(item: T): void {
    if (item.nextAt === undefined) return
    this.#heap.remove(item)
    item.nextAt = undefined
  }

  /** A timer that fires too early arms itself again: only what comes sooner needs another one. */
  #arm(): void {
    const { clock, keepAlive } = this.#parts
    const { first } = this.#heap
    if (this.#isRunning || this.#isStopped || (!first && !keepAlive)) return
    const now = clock.now()
    const at = Math.min(first?.nextAt ?? Number.POSITIVE_INFINITY, now + TICK)
    // Far ahead: the clock was set back. The timer that runs will see it, and another one would not.
    const isSetBack = (this.#armedFor ?? now) > now + TICK + JUMP
    if (isSetBack || (this.#armedFor !== undefined && this.#armedFor <= at)) return
    this.#disarm()
    this.#armedFor = at
    this.#timer = clock.setTimeout(this.#onTime, Math.max(0, at - now))
    if (!keepAlive) (this.#timer as { unref?: () => void }).unref?.()
  }

  #disarm(): void {
    if (this.#armedFor !== undefined) this.#parts.clock.clearTimeout(this.#timer)
    this.#armedFor = undefined
  }

  readonly #onTime = (): void => {
    const { clock, onDue, onJump } = this.#parts
    const now = clock.now()
    const late = now - (this.#armedFor ?? now)
    this.#armedFor = undefined
    this.#isRunning = true
    try {
      if (Math.abs(late) > JUMP) onJump(this.#wasLate && late > 0)
      this.#wasLate = late > JUMP
      for (let item = this.#due(now); item; item = this.#due(now)) {
        this.#take(item)
        onDue(item)
      }
    } finally {
      this.#isRunning = false
      this.#arm()
    }
  }

  #due(now: number): T | undefined {
    const { first } = this.#heap
    return first?.nextAt !== undefined && first.nextAt <= now ? first : undefined
  }
}
