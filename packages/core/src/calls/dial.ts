import { isObject, isThenable } from '../edges/guards.js'
import { broken, can } from '../edges/port.js'
import { startTimer } from '../edges/timer.js'
import type { Address, Metadata, PeerKey } from '../model/connection.js'
import type { HubError } from '../model/errors.js'
import type { DialAttempt, Transport } from '../model/transport.js'
import { Callers } from './callers.js'
import type { ConnectCaller } from './connect-caller.js'
import { dialTimedOut, heldTooLong } from './errors.js'
import { Holds } from './holds.js'

/** Whoever makes dials, and decides what becomes of them. */
export interface DialOwner<S> {
  /** The transport gave a session; it may be anything. */
  answered(dial: Dial<S>, session: unknown): void
  failed(dial: Dial<S>, error: unknown): void
  /** It gave another one, or gave one after the end. */
  late(dial: Dial<S>, session: unknown): void
  /** The last caller left. */
  abandoned(dial: Dial<S>): void
  /** What it waits for before it can begin, if anything. */
  waits(dial: Dial<S>, why: string | undefined): void
  /** A listener of `ended()` threw. */
  report(error: unknown, call: string, address: Address): void
}

export interface DialOptions {
  readonly data: Metadata | undefined
  readonly key: PeerKey | undefined
  /** In ms. */
  readonly timeout: number
  /** In ms. */
  readonly holdTimeout: number
}

const NO_DATA: Metadata = Object.freeze({})

/** One attempt to open a session, and those who wait for it. It is settled once: by the transport, by its clock, or by `cancel()`. */
export class Dial<S> implements DialAttempt<S> {
  readonly address: Address
  readonly data: Metadata
  readonly key: PeerKey | undefined
  readonly callers: Callers<S, ConnectCaller<S>>
  readonly #owner: DialOwner<S>
  readonly #options: DialOptions
  #state: 'new' | 'running' | 'answered' | 'ended' = 'new'
  #answer: unknown
  #stopTimer: (() => void) | undefined
  #holds: Holds | undefined
  #controller: AbortController | undefined
  /** Why it was ended without the transport. */
  #aborted: HubError | undefined
  #onEnded: (() => void)[] | undefined

  constructor(address: Address, owner: DialOwner<S>, options: DialOptions) {
    this.address = address
    this.data = options.data ?? NO_DATA
    this.key = options.key
    this.#owner = owner
    this.#options = options
    this.callers = new Callers(() => owner.abandoned(this))
  }

  /** Made when it is asked for: many transports cannot cancel, and never look. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#aborted) this.#controller.abort(this.#aborted)
    }
    return this.#controller.signal
  }

  start(transport: Transport<S>): void {
    if (this.#state !== 'new') return
    this.#state = 'running'
    try {
      const given: unknown = transport.dial(this.address, this)
      if (isThenable(given)) {
        given.then(
          (session) => this.#returned(session),
          (error) => this.fail(error),
        )
      } else this.#returned(given)
    } catch (error) {
      this.fail(error)
    }
    this.#startClock()
  }

  // All four need no `this`: transports hand them on as callbacks.

  readonly succeed = (session: unknown): void => {
    // The answer that came already, told again: that session is in use, and not late.
    if (session !== undefined && session === this.#answer) return
    if (!this.#settle()) return void this.#owner.late(this, session)
    this.#answer = session
    this.#owner.answered(this, session)
  }

  readonly fail = (error: unknown): void => {
    if (this.#settle()) this.#owner.failed(this, error)
  }

  get hold(): (why: string) => () => void {
    return (why) => {
      if (this.#state !== 'running') return () => {}
      this.#holds ??= this.#createHolds()
      return this.#holds.add(why)
    }
  }

  get ended(): (listener: () => void) => void {
    return (listener) => {
      if (this.#state === 'ended') return this.#tell(listener)
      if (this.#onEnded) this.#onEnded.push(listener)
      else this.#onEnded = [listener]
    }
  }

  /** Its outcome is in the table: from now on it is over. @param error Aborts its signal, where the transport does not know yet. */
  end(error?: HubError): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#stopClock()
    this.#holds?.end()
    this.#aborted ??= error
    if (this.#aborted) this.#controller?.abort(this.#aborted)
    const listeners = this.#onEnded ?? []
    this.#onEnded = undefined
    for (const listener of listeners) this.#tell(listener)
  }

  #createHolds(): Holds {
    const { holdTimeout } = this.#options
    return new Holds(
      {
        onHeld: (why) => {
          this.#stopClock()
          this.#owner.waits(this, why)
        },
        onWhy: (why) => this.#owner.waits(this, why),
        onReleased: () => {
          this.#startClock()
          this.#owner.waits(this, undefined)
        },
        onTime: (why) => this.#outOfTime(heldTooLong(holdTimeout, why)),
      },
      holdTimeout,
    )
  }

  #stopClock(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  /** In full, each time. */
  #startClock(): void {
    // Many a dial has ended by now, and needs no timer.
    if (this.#state !== 'running' || this.#holds?.any) return
    // A hold that was released inside dial() has started it before.
    this.#stopClock()
    const { timeout } = this.#options
    this.#stopTimer = startTimer(timeout, () => this.#outOfTime(dialTimedOut(timeout)))
  }

  #outOfTime(error: HubError): void {
    if (!this.#settle()) return
    this.#aborted = error
    this.#owner.failed(this, error)
  }

  /** A transport of its own making may return what `dialer()` would have waited for. */
  #returned(given: unknown): void {
    if (!isObject(given) || !can(given, 'close') || given === this.#answer) return
    this.#owner.late(this, given)
    this.fail(
      broken(
        'dial() must return nothing; where it returns a session, or a promise of one, wrap it in dialer()',
      ),
    )
  }

  #tell(listener: () => unknown): void {
    const report = (error: unknown) => this.#owner.report(error, 'ended', this.address)
    try {
      const result = listener()
      if (isThenable(result)) result.then(undefined, report)
    } catch (error) {
      report(error)
    }
  }

  #settle(): boolean {
    if (this.#state !== 'running') return false
    this.#state = 'answered'
    this.#stopClock()
    return true
  }
}
