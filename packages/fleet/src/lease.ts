import type { Calls } from './edges/calls.js'
import { startTimer } from './edges/timer.js'
import type { Renewal } from './model/engine.js'
import { readRenewal } from './wire/answers.js'

/** So often in a lease it is renewed: two may fail. */
const RENEWALS = 3

/** After a failure, in ms: the first pause, and the longest. */
const FIRST_PAUSE = 50
const LONGEST_PAUSE = 1_000

/** Between two looks that somebody asked for, in ms. */
const SPACING = 50

export interface LeaseParts {
  readonly incarnation: string
  /** In ms. */
  readonly ms: number
  readonly calls: Calls
  /** What is told of the engine from here on may come with the next renewal. */
  onRenewing(): void
  onRenewed(renewal: Renewal): void
  onFailed(error: unknown): void
  /** It has begun or ended. */
  onState(): void
}

/** The lease of this machine: renews it, and knows when it has ended, by a clock that nobody turns. */
export class Lease {
  readonly #parts: LeaseParts
  /** By our own clock, in ms. */
  #heldUntil = 0
  /** What the engine's clock is ahead of ours, in ms. */
  #offset = Date.now() - performance.now()
  #fails = 0
  #isRunning = false
  #wasHeld = false
  #isOver = false
  #stopNext = () => {}
  #stopEnd = () => {}
  #next = Number.POSITIVE_INFINITY
  readonly #waiting = new Set<() => void>()

  constructor(parts: LeaseParts) {
    this.#parts = parts
  }

  /** Whether the others believe in us. Looks at the clock: a process that was stopped has missed its timers. */
  get isHeld(): boolean {
    const isHeld = !this.#isOver && performance.now() < this.#heldUntil
    if (isHeld !== this.#wasHeld) {
      this.#wasHeld = isHeld
      this.#parts.onState()
    }
    return isHeld
  }

  /** The engine's clock, as far as we know, in ms. */
  get now(): number {
    return performance.now() + this.#offset
  }

  /** When it ends, by the engine's clock, in ms. */
  get until(): number {
    return this.#heldUntil + this.#offset
  }

  /** Something failed, or is to be looked at: renews soon, and not before the pause after a failure is over. */
  check(pause = SPACING): void {
    if (this.#fails === 0) this.#plan(pause)
  }

  /** Looks when the engine's clock shows `at`, if that is before the next renewal. */
  lookAt(at: number): void {
    if (this.#fails === 0) this.#plan(Math.max(SPACING, at - this.now))
  }

  /** Resolves with the next renewal that begins from now on, or the end. */
  fresh(): Promise<void> {
    if (this.#isOver) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.add(resolve)
      this.start()
    })
  }

  start(): void {
    if (this.#fails === 0) this.#plan(0)
  }

  stop(): void {
    this.#isOver = true
    this.#stopNext()
    this.#stopEnd()
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  /** The earliest wish counts. */
  #plan(ms: number): void {
    const at = performance.now() + ms
    if (this.#isOver || at >= this.#next) return
    this.#next = at
    this.#stopNext()
    this.#stopNext = startTimer(ms, () => this.#renew())
  }

  async #renew(): Promise<void> {
    if (this.#isRunning) return
    // A process that was stopped says so before it goes on; whoever hears it may leave.
    void this.isHeld
    if (this.#isOver) return
    this.#isRunning = true
    const waiting = [...this.#waiting]
    const { incarnation, ms, calls, onRenewing } = this.#parts
    onRenewing()
    const begun = performance.now()
    this.#next = Number.POSITIVE_INFINITY
    try {
      const renewal = readRenewal(await calls.write((engine) => engine.renew(incarnation, ms)))
      this.#isRunning = false
      if (!this.#isOver) this.#renewed(renewal, begun, waiting)
    } catch (error) {
      this.#isRunning = false
      if (!this.#isOver) this.#failed(error, begun)
    }
  }

  #renewed(renewal: Renewal, begun: number, waiting: readonly (() => void)[]): void {
    const { ms, onRenewed } = this.#parts
    this.#fails = 0
    // The engine counted from a moment after this one.
    this.#heldUntil = begun + ms
    this.#setOffset(renewal.now - performance.now(), renewal.now - begun)
    this.#stopEnd()
    this.#stopEnd = startTimer(Math.max(0, this.#heldUntil - performance.now()), () =>
      this.#ended(),
    )
    this.#replan(ms / RENEWALS)
    void this.isHeld
    onRenewed(renewal)
    for (const resolve of waiting) {
      this.#waiting.delete(resolve)
      resolve()
    }
    // Who came while this one was under way wants another one.
    if (this.#waiting.size > 0) this.#plan(SPACING)
  }

  /** The engine looked at its clock at some moment of the call: what fits that stays, for a late answer says little. */
  #setOffset(least: number, most: number): void {
    this.#offset = Math.min(most, Math.max(least, this.#offset))
  }

  #failed(error: unknown, begun: number): void {
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#fails++)
    // Between half and all of it by chance, so that the machines do not come back at one instant; what the call took has been a pause, too.
    const pause = longest * (0.5 + Math.random() / 2) - (performance.now() - begun)
    this.#replan(Math.max(FIRST_PAUSE / 2, pause))
    this.#parts.onFailed(error)
  }

  /** In the place of whatever was planned while the call was under way. */
  #replan(ms: number): void {
    this.#next = Number.POSITIVE_INFINITY
    this.#plan(ms)
  }

  /** A timer may be a little early. */
  #ended(): void {
    if (this.isHeld) {
      const left = Math.max(1, this.#heldUntil - performance.now())
      this.#stopEnd = startTimer(left, () => this.#ended())
    }
  }
}
