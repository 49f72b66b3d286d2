import { startTimer } from '../edges/timer.js'
import type { Session } from '../model/connection.js'
import { HubError } from '../model/errors.js'
import type { Parts } from './parts.js'
import type { Sessions } from './sessions.js'

/** The end of the hub: the sessions that have still to close after it has. */
export class End<S> {
  readonly #parts: Parts<S>
  readonly #sessions: Sessions<S>
  readonly #open = new Set<Session<S>>()
  #onEmpty: (() => void) | undefined

  constructor(parts: Parts<S>, sessions: Sessions<S>) {
    this.#parts = parts
    this.#sessions = sessions
  }

  await(session: Session<S>): void {
    this.#open.add(session)
  }

  waitsFor(session: Session<S>): boolean {
    return this.#open.has(session)
  }

  closed(session: Session<S>): void {
    this.#open.delete(session)
    if (this.#open.size === 0) this.#onEmpty?.()
  }

  /** It could not be closed. */
  failed(session: Session<S>, error: unknown): void {
    if (!this.#open.has(session)) return
    if (!this.#sessions.destroy(session)) {
      this.#parts.ledger.report(error, { origin: 'transport', call: 'close' })
    }
    this.closed(session)
  }

  /** Resolves when all have closed, or are out of time; never rejects. */
  over(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const stopTimer = startTimer(this.#parts.closeTimeout, () => {
        this.#destroyRest()
        resolve()
      })
      this.#onEmpty = () => {
        stopTimer()
        resolve()
      }
    })
  }

  #destroyRest(): void {
    const { closeTimeout, ledger } = this.#parts
    const rest = [...this.#open].filter((session) => !this.#sessions.destroy(session))
    if (rest.length === 0) return
    const error = new HubError(
      'CLOSE_TIMEOUT',
      `${rest.length} sessions did not close within ${closeTimeout} ms after the hub had closed.`,
    )
    ledger.report(error, { origin: 'transport', call: 'close' })
  }
}
