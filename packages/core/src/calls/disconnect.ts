import { startTimer } from '../edges/timer.js'
import type { Session } from '../model/connection.js'
import type { HubError } from '../model/errors.js'
import { Callers } from './callers.js'

/** A disconnect under way, of an entry or of one session: which sessions it asks to close, and who waits for it. */
export class Disconnect<S> {
  readonly reason: string
  readonly callers = new Callers<boolean>()
  /** How many of its sessions the end of the hub waits for. */
  left = 0
  /** The first thing that went wrong. */
  error: HubError | undefined
  readonly #sessions: readonly Session<S>[]
  #asked = 0
  /** Those that stay open. */
  #failed: Set<Session<S>> | undefined
  #stopTimer: (() => void) | undefined

  constructor(sessions: readonly Session<S>[], reason: string) {
    this.#sessions = sessions
    this.reason = reason
  }

  /**
   * The next session that is to be asked, each once. Whoever asks calls foreign code, which may close the hub, which asks the rest: so this
   * place is kept here and in no loop.
   */
  next(): Session<S> | undefined {
    return this.#sessions[this.#asked++]
  }

  start(timeout: number, onTime: () => void): void {
    this.#stopTimer = startTimer(timeout, onTime)
  }

  stopTimer(): void {
    this.#stopTimer?.()
  }

  fail(session: Session<S>, error: HubError): void {
    this.error ??= error
    this.#failed ??= new Set()
    this.#failed.add(session)
  }

  hasFailed(session: Session<S>): boolean {
    return this.#failed?.has(session) === true
  }
}
