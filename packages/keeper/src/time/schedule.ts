import type { Clock } from '../model/time.js'
import { Heap, type Scheduled } from './heap.js'

/** The timer never waits longer, in ms: so that a sleep is noticed soon. */
const TICK = 5_000

/** By so many ms the clock must be wrong to tell of a sleep, or of a clock that was set. A busy process is late by less. */
const JUMP = 10_000

/** So often all are looked at, in ms: where the stack was full when something happened, nobody has heard of it. */
const ROUND = 30_000

interface Parts<T> {
  readonly clock: Clock
  readonly keepAlive: boolean
  readonly onDue: (item: T) => void
  /** The process has slept, or the clock was set. `again`: the timer before was late, too, as in hidden pages, whose timers are slowed down. */
  readonly onJump: (again: boolean) => void
  /** All there are, whether they wait or not. */
  readonly all: () => Iterable<T>
  /** Whether the rounds go on where nobody waits. */
  readonly hasRounds: () => boolean
  /** Looks at all. */
  readonly onRound: () => void
}

/** Many that wait, and one timer for all. */
export class Schedule<T extends Scheduled> {
  readonly #parts: Parts<T>
  readonly #heap = new Heap<T>()
  #timer: unknown
  /** When the timer fires; none: nothing is armed. */
  #armedFor: number | undefined
  /** When that was said. */
  #armedAt = 0
  #isRunning = false
  #isStopped = false
  #wasLate = false
  /** When all were looked at. */
  #lookedAt: number

  constructor(parts: Parts<T>) {
    this.#parts = parts
    this.#lookedAt = parts.clock.now()
    this.arm()
  }

  /** Adds it, or moves it. */
  set(item: T, at: number): void {
    this.#take(item)
    if (this.#isStopped) return
    item.nextAt = at
    this.#heap.add(item)
    this.arm()
  }

  remove(item: T): void {
    this.#take(item)
    this.arm()
  }

  stop(): void {
    this.#isStopped = true
    for (const item of this.#parts.all()) item.nextAt = undefined
    this.#heap.fill([])
    this.#disarm()
  }

  #take(item: T): void {
    if (item.nextAt === undefined) return
    this.#heap.remove(item)
    item.nextAt = undefined
  }

  /** Begins, where there is a reason to. A timer that fires too early arms itself again: only what comes sooner needs another one. */
  arm(): void {
    const { clock, keepAlive, hasRounds } = this.#parts
    if (this.#isRunning || this.#isStopped) return
    const { first } = this.#heap
    if (!first && !keepAlive && !hasRounds()) return void this.#disarm()
    const now = clock.now()
    const at = Math.min(first?.nextAt ?? Number.POSITIVE_INFINITY, now + (first ? TICK : ROUND))
    // The clock was set back: the timer that runs will see it, and another one would not.
    const isSetBack = now < this.#armedAt - JUMP
    if (this.#armedFor !== undefined && (isSetBack || this.#armedFor <= at)) return
    const timer = clock.setTimeout(this.#onTime, Math.max(0, at - now))
    if (!keepAlive) (timer as { unref?: () => void }).unref?.()
    // The one before goes last: where the stack is full, there is one too many, and never none.
    this.#disarm()
    this.#armedFor = at
    this.#armedAt = now
    this.#timer = timer
  }

  #disarm(): void {
    const wasArmed = this.#armedFor !== undefined
    this.#armedFor = undefined
    if (wasArmed) this.#parts.clock.clearTimeout(this.#timer)
  }

  readonly #onTime = (): void => {
    if (this.#isStopped) return
    const { clock, onDue, onJump } = this.#parts
    const now = clock.now()
    const late = now - (this.#armedFor ?? now)
    this.#armedFor = undefined
    this.#isRunning = true
    try {
      if (Math.abs(late) > JUMP) onJump(this.#wasLate && late > 0)
      this.#wasLate = late > JUMP
      this.#lookRound(now)
      for (let item = this.#due(now); item; item = this.#due(now)) {
        this.#take(item)
        onDue(item)
      }
    } finally {
      this.#isRunning = false
      this.arm()
    }
  }

  #lookRound(now: number): void {
    const isBroken = !this.#heap.isWhole
    if (!isBroken && Math.abs(now - this.#lookedAt) < ROUND) return
    this.#lookedAt = now
    // Also where it is whole: one that has a time may have found no room to get in.
    this.#heap.fill(this.#parts.all())
    this.#parts.onRound()
  }

  #due(now: number): T | undefined {
    const { first } = this.#heap
    return first?.nextAt !== undefined && first.nextAt <= now ? first : undefined
  }
}
