import { type Standing, standingOf } from './standing.js'

/** The numbers of the own batches: which were given, and which the engine has for certain. */
export class Numbers {
  #given = 0
  #confirmed = 0
  /** The one that was confirmed when the renewal began that is under way. */
  #base = 0
  #isOnItsWay = false

  get isOnItsWay(): boolean {
    return this.#isOnItsWay
  }

  /** For a batch that is sent now. */
  next(): number {
    this.#isOnItsWay = true
    return ++this.#given
  }

  /** Gives what the engine's word of the record before it comes to. */
  sent(number: number, before: string | undefined): Standing {
    this.#isOnItsWay = false
    const standing = this.#judge(before, this.#confirmed)
    this.#confirmed = number
    return standing
  }

  failed(): void {
    this.#isOnItsWay = false
  }

  onRenewing(): void {
    this.#base = this.#confirmed
  }

  /** @param record As the renewal gave it. */
  renewed(record: string | undefined): Standing {
    return this.#judge(record, this.#base)
  }

  /** @param base The number that was confirmed when the engine was asked. */
  #judge(record: string | undefined, base: number): Standing {
    const onItsWay = this.#isOnItsWay ? this.#given : undefined
    return standingOf(record, { base, confirmed: this.#confirmed, onItsWay })
  }
}
