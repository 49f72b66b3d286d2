import { shortText } from '../edges/printable.js'
import { startTimer } from '../edges/timer.js'

/** What a dial does while it is held. */
export interface Held {
  /** Its clock stops. */
  onHeld(why: string): void
  /** Another hold, or the loss of one of several, changes what it waits for. */
  onWhy(why: string): void
  /** The last hold was given back. */
  onReleased(): void
  /** All holds together have lasted too long. */
  onTime(why: string): void
}

/** The holds of one dial. They count, and together they have a deadline. */
export class Holds {
  readonly #held: Held
  /** Those that are held, each by its own object, because two may say the same. */
  readonly #whys = new Set<{ readonly why: string }>()
  /** In ms. */
  #left: number
  #since = 0
  #stopTimer: (() => void) | undefined

  constructor(held: Held, timeout: number) {
    this.#held = held
    this.#left = timeout
  }

  get any(): boolean {
    return this.#whys.size > 0
  }

  /** Gives what releases it, which acts once. */
  add(why: string): () => void {
    // To make text of anything else would call foreign code, which may end the dial.
    const hold = { why: shortText(typeof why === 'string' ? why : 'held') }
    const isFirst = !this.any
    this.#whys.add(hold)
    if (isFirst) this.#begin(hold.why)
    else this.#held.onWhy(hold.why)
    return () => {
      if (!this.#whys.delete(hold)) return
      const last = [...this.#whys].at(-1)
      if (last) this.#held.onWhy(last.why)
      else this.#release()
    }
  }

  /** The dial has ended: no hold does anything any more. */
  end(): void {
    this.#stopTimer?.()
    this.#whys.clear()
  }

  #begin(why: string): void {
    // Not the clock of the day, which may be set back.
    this.#since = performance.now()
    this.#stopTimer = startTimer(this.#left, () =>
      this.#held.onTime([...this.#whys].at(-1)?.why ?? why),
    )
    this.#held.onHeld(why)
  }

  #release(): void {
    this.#stopTimer?.()
    this.#left = Math.max(1, this.#left - (performance.now() - this.#since))
    this.#held.onReleased()
  }
}
