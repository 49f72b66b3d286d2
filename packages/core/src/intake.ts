import type { Session } from './connection.js'
import { askToClose, selfOf } from './port.js'
import type { Report } from './report.js'
import type { Transport } from './transport.js'

/** The door for sessions: who may come in, and what becomes of those who may not. */
export class Intake<S> {
  readonly #transport: Transport<S>
  readonly #report: Report

  constructor(transport: Transport<S>, report: Report) {
    this.#transport = transport
    this.#report = report
  }

  /** Closes a session that nobody gets. Bound: also what is refused at the port goes this way. */
  readonly refuse = (session: Session<S>): void => {
    askToClose(session, (error) => this.#report(error, { origin: 'transport', call: 'close' }))
  }

  isOurOwn(session: Session<S>): boolean {
    try {
      return session.key !== undefined && session.key === selfOf(this.#transport)
    } catch (error) {
      // It can be neither taken in nor left alone.
      this.refuse(session)
      throw error
    }
  }
}
