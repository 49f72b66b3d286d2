import type { Address, Session } from './connection.js'
import { HubError } from './errors.js'
import { isThenable } from './guards.js'
import { startTimer } from './timer.js'
import type { DialAttempt, Transport } from './transport.js'
import { Waiters } from './waiters.js'

export interface DialOutcome<S> {
  opened(dial: Dial<S>, session: Session<S>): void
  failed(dial: Dial<S>, error: unknown): void
  /** A session came after the end, and belongs to nobody. */
  late(session: Session<S>): void
  /** Nobody waits for this dial any more. */
  deserted(dial: Dial<S>): void
}

/** One attempt to open a session, and those who wait for it: it ends exactly once, by itself, by its deadline, or by `cancel()`. */
export class Dial<S> extends Waiters<S> implements DialAttempt<S> {
  readonly address: Address
  readonly #outcome: DialOutcome<S>
  #controller: AbortController | undefined
  #stopTimer: (() => void) | undefined
  #session: Session<S> | undefined
  #ended = false
  /** Why, where it ended without the transport. */
  #cancelled: HubError | undefined

  constructor(address: Address, outcome: DialOutcome<S>) {
    super()
    this.address = address
    this.#outcome = outcome
  }

  /** Made when it is asked for: many transports cannot cancel, and never look. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#cancelled) this.#controller.abort(this.#cancelled)
    }
    return this.#controller.signal
  }

  start(transport: Transport<S>, timeout: number): void {
    if (this.#ended) return
    try {
      const dialing: unknown = transport.dial(this.address, this)
      // An async `dial` that rejects has failed too.
      if (isThenable(dialing)) dialing.then(undefined, (error) => this.fail(error))
    } catch (error) {
      this.fail(error)
    }
    // Many a dial has ended by now, and needs no timer.
    if (!this.#ended) this.#stopTimer = startTimer(timeout, () => this.#onDeadline(timeout))
  }

  // Both bound: transports hand them on as callbacks.
  readonly succeed = (session: Session<S>): void => {
    // The answer that came already, told again: that session is in use, and not late.
    if (this.#session && session === this.#session) return
    if (this.#end()) {
      this.#session = session
      this.#outcome.opened(this, session)
    } else {
      this.#outcome.late(session)
    }
  }

  readonly fail = (error: unknown): void => {
    if (this.#end()) this.#outcome.failed(this, error)
  }

  /** Ends the attempt without an outcome: whoever cancels tells. */
  cancel(error: HubError): void {
    if (!this.#end()) return
    this.#abort(error)
    this.reject(error)
  }

  protected override deserted(): void {
    if (!this.#ended) this.#outcome.deserted(this)
  }

  #onDeadline(timeout: number): void {
    if (!this.#end()) return
    const error = new HubError(
      'DIAL_TIMEOUT',
      `No answer within ${timeout} ms. Check that the peer is online, or raise the timeout.`,
    )
    this.#abort(error)
    this.#outcome.failed(this, error)
  }

  #abort(error: HubError): void {
    this.#cancelled = error
    this.#controller?.abort(error)
  }

  #end(): boolean {
    if (this.#ended) return false
    this.#ended = true
    this.#stopTimer?.()
    return true
  }
}
