import { startTimer } from '../edges/timer.js'

/** Machines whose data are lost publish anew over so long at most, in ms. */
const SPREAD = 10_000

/** The moment at which this machine publishes anew. While it is planned, nothing else is written. */
export class Turn {
  readonly #leaseMs: number
  readonly #onTurn: () => void
  #stop: (() => void) | undefined
  #isOver = false

  constructor(leaseMs: number, onTurn: () => void) {
    this.#leaseMs = leaseMs
    this.#onTurn = onTurn
  }

  get isPlanned(): boolean {
    return this.#stop !== undefined
  }

  soon(): void {
    this.#plan(0)
  }

  /** At a moment by chance: all machines at one moment would be a storm. */
  byChance(): void {
    this.#plan(Math.random() * Math.min(SPREAD, (this.#leaseMs * 2) / 3))
  }

  stop(): void {
    this.#isOver = true
    this.#stop?.()
  }

  #plan(ms: number): void {
    if (this.#stop || this.#isOver) return
    this.#stop = startTimer(ms, () => {
      this.#stop = undefined
      this.#onTurn()
    })
  }
}
