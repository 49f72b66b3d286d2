import type { HubError } from './errors.js'
import { startTimer } from './timer.js'
import { type Patience, Waiters } from './waiters.js'

/** A disconnect under way: those who asked for it, and those who want to dial again once it is done. */
export class Closing extends Waiters<true> {
  #dialers: Waiters<void> | undefined
  #stopTimer: (() => void) | undefined

  start(timeout: number, onDeadline: () => void): void {
    this.#stopTimer = startTimer(timeout, onDeadline)
  }

  /** Resolves once the disconnect is over, whether it worked or not. */
  over(patience: Patience): Promise<void> {
    this.#dialers ??= new Waiters()
    return this.#dialers.join(patience)
  }

  /** The last call counts: who disconnects ends the wish to connect of those who called before. */
  dropDialers(error: () => HubError): void {
    this.#dialers?.reject(error())
    this.#dialers = undefined
  }

  end(error?: HubError): void {
    this.#stopTimer?.()
    if (error) this.reject(error)
    else this.resolve(true)
    this.#dialers?.resolve()
  }
}
