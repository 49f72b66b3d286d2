import type { DialAttempt, Session } from '@conn-hub/core'

/** An attempt that keeps all that a transport does with it. */
export class Probe<S> implements DialAttempt<S> {
  readonly sessions: Session<S>[] = []
  readonly errors: unknown[] = []
  readonly #controller = new AbortController()

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** How often the transport has settled it. */
  get settled(): number {
    return this.sessions.length + this.errors.length
  }

  // Both bound: transports hand them on as callbacks.
  readonly succeed = (session: Session<S>): void => {
    this.sessions.push(session)
  }

  readonly fail = (error: unknown): void => {
    this.errors.push(error)
  }

  cancel(): void {
    this.#controller.abort(new Error('the case has cancelled this dial'))
  }
}
