import type { Session } from './connection.js'
import { HubError } from './errors.js'
import type { Report } from './report.js'
import { startTimer } from './timer.js'

/** The sessions that have still to close after the hub has. */
export class Farewell<S> {
  readonly #report: Report
  readonly #open = new Set<Session<S>>()
  #onEmpty: (() => void) | undefined

  constructor(report: Report) {
    this.#report = report
  }

  await(session: Session<S>): void {
    this.#open.add(session)
  }

  closed(session: Session<S>): void {
    this.#open.delete(session)
    if (this.#open.size === 0) this.#onEmpty?.()
  }

  failed(session: Session<S>, error: unknown): void {
    this.#report(error, { origin: 'transport', call: 'close' })
    this.closed(session)
  }

  /** Resolves when all have closed, or `timeout` ms have passed; never rejects. */
  over(timeout: number): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const stopTimer = startTimer(timeout, () => {
        const error = new HubError(
          'CLOSE_TIMEOUT',
          `${this.#open.size} sessions did not close within ${timeout} ms after the hub had closed.`,
        )
        this.#report(error, { origin: 'transport', call: 'close' })
        resolve()
      })
      this.#onEmpty = () => {
        stopTimer()
        resolve()
      }
    })
  }
}
