import type { HubError } from './errors.js'
import { startTimer } from './timer.js'
import { type Patience, Waiters } from './waiters.js'

/** A disconnect under way: those who asked for it, and those who want to dial again once it is done. */
export class Closing {
  readonly #askers = new Waiters<true>()
  #dialers = new Waiters<void>()
  readonly #stopTimer: () => void

  constructor(timeout: number, onDeadline: (closing: Closing) => void) {
    this.#stopTimer = startTimer(timeout, () => onDeadline(this))
  }

  joined(patience: Patience): Promise<true> {
    return this.#askers.join(patience)
  }

  /** Resolves once the disconnect is over, whether it worked or not. */
  over(patience: Patience): Promise<void> {
    return this.#dialers.join(patience)
  }

  /** The last call counts: who disconnects ends the wish to connect of those who called before. */
  dropDialers(error: HubError): void {
    this.#dialers.reject(error)
    this.#dialers = new Waiters()
  }

  end(error?: HubError): void {
    this.#stopTimer()
    if (error) this.#askers.reject(error)
    else this.#askers.resolve(true)
    this.#dialers.resolve()
  }
}
