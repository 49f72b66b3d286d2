import { startTimer } from '../edges/timer.js'
import type { Session } from '../model/connection.js'
import { HubError, toHubError } from '../model/errors.js'
import type { Disconnect } from './disconnect.js'
import { closeTimedOut } from './errors.js'
import type { Parts } from './parts.js'
import type { Sessions } from './sessions.js'

/** The end of the hub: the sessions that have still to close after it has, and who waits for them. */
export class End<S> {
  readonly #parts: Parts<S>
  readonly #sessions: Sessions<S>
  readonly #onOver: (session: Session<S>, error?: HubError) => void
  /** Each with the disconnect that asked for it. */
  readonly #open = new Map<Session<S>, Disconnect<S> | undefined>()
  #onEmpty: (() => void) | undefined

  /** @param onOver Nobody waits for this session any more: it has closed, or it could not be closed. */
  constructor(
    parts: Parts<S>,
    sessions: Sessions<S>,
    onOver: (session: Session<S>, error?: HubError) => void,
  ) {
    this.#parts = parts
    this.#sessions = sessions
    this.#onOver = onOver
  }

  await(session: Session<S>, disconnect?: Disconnect<S>): void {
    if (this.#open.has(session)) return
    this.#open.set(session, disconnect)
    if (disconnect) disconnect.left++
  }

  waitsFor(session: Session<S>): boolean {
    return this.#open.has(session)
  }

  closed(session: Session<S>): void {
    const disconnect = this.#open.get(session)
    if (!this.#open.delete(session)) return
    if (disconnect && --disconnect.left === 0) disconnect.callers.resolve(true)
    this.#onOver(session)
    if (this.#open.size === 0) this.#onEmpty?.()
  }

  /** It could not be closed: it is destroyed where it can be, and else whoever waits is told, or `onError`. */
  failed(session: Session<S>, cause: unknown): void {
    if (!this.#open.has(session)) return
    if (!this.#sessions.destroy(session)) {
      const error = toHubError('CLOSE_FAILED', 'Could not close', cause)
      if (!this.#tellCallers(session, error)) {
        this.#parts.ledger.report(error, { origin: 'transport', call: 'close' })
      }
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
    let count = 0
    for (const session of [...this.#open.keys()]) {
      // The end of one may have been the end of another.
      if (!this.#open.has(session)) continue
      if (!this.#sessions.destroy(session)) {
        if (!this.#tellCallers(session, closeTimedOut(closeTimeout))) count++
      }
      this.closed(session)
    }
    if (count === 0) return
    const error = new HubError(
      'CLOSE_TIMEOUT',
      `${count} sessions did not close within ${closeTimeout} ms after the hub had closed.`,
    )
    ledger.report(error, { origin: 'transport', call: 'close' })
  }

  /** Whether anybody waited for it. */
  #tellCallers(session: Session<S>, error: HubError): boolean {
    const callers = this.#open.get(session)?.callers
    const anybody = callers?.any === true
    callers?.reject(error)
    this.#onOver(session, error)
    return anybody
  }
}
