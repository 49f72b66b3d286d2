import { attempt, isObject, isThenable, surely } from '../edges/guards.js'
import { broken, can } from '../edges/port.js'
import { shortText } from '../edges/printable.js'
import { startTimer } from '../edges/timer.js'
import type { Address, Metadata, PeerKey } from '../model/connection.js'
import type { HubError } from '../model/errors.js'
import type { DialAttempt, Transport } from '../model/transport.js'
import { Callers } from './callers.js'
import { dialTimedOut, heldTooLong } from './errors.js'

/** Whoever makes dials, and decides what becomes of them. */
export interface DialOwner<S> {
  /** The transport gave a session; it may be anything. */
  readonly answered: (dial: Dial<S>, session: unknown) => void
  readonly failed: (dial: Dial<S>, error: unknown) => void
  /** It gave another one, or gave one after the end. */
  readonly late: (dial: Dial<S>, session: unknown) => void
  /** Nobody waits for it any more. */
  readonly abandoned: (dial: Dial<S>) => void
  /** What it waits for before it can begin, if anything. */
  readonly waits: (dial: Dial<S>, why: string | undefined) => void
  /** A listener of `ended()` threw. */
  readonly report: (error: unknown, call: string, address: Address) => void
}

export interface DialOptions {
  readonly data: Metadata | undefined
  readonly key: PeerKey | undefined
  /** In ms. */
  readonly timeout: number
  /** In ms. */
  readonly holdTimeout: number
}

/** One attempt to open a session, and those who wait for it. It is settled once: by the transport, by its clock, or by `end()`. */
export class Dial<S> implements DialAttempt<S> {
  readonly address: Address
  readonly data: Metadata
  readonly key: PeerKey | undefined
  readonly callers: Callers<S>
  readonly #owner: DialOwner<S>
  readonly #options: DialOptions
  #state: 'new' | 'running' | 'answered' | 'ended' = 'new'
  #answer: unknown
  #controller: AbortController | undefined
  /** Why it was ended without the transport. */
  #aborted: unknown
  #onEnded: (() => unknown)[] = []
  /** Of its own clock, or of the one of its holds. It runs until the outcome is in the table: so no dial is without an end. */
  #stopTimer: (() => void) | undefined
  /** Those that are held, each by its own object, because two may say the same. */
  #holds: Set<{ readonly why: string }> | undefined
  /** When the first of them began; not by the clock of the day, which may be set back. */
  #heldSince: number | undefined
  /** How long it may still be held, in ms. */
  #holdLeft: number

  constructor(address: Address, owner: DialOwner<S>, options: DialOptions) {
    this.address = address
    this.data = options.data ?? {}
    this.key = options.key
    this.callers = new Callers(() => owner.abandoned(this))
    this.#owner = owner
    this.#options = options
    this.#holdLeft = options.holdTimeout
  }

  /** Made when it is asked for: many transports cannot cancel, and never look. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    this.#abort()
    return this.#controller.signal
  }

  start(transport: Transport<S>): void {
    if (this.#state !== 'new') return
    this.#state = 'running'
    try {
      const given: unknown = transport.dial(this.address, this)
      if (isThenable(given)) given.then((late) => this.#returned(late), this.fail)
      else this.#returned(given)
    } catch (error) {
      this.fail(error)
    }
    // Held inside dial(), its clock runs already.
    if (!this.#stopTimer) this.#startClock()
  }

  // All four need no `this`: transports hand them on as callbacks.

  readonly succeed = (session: unknown): void => {
    // The answer that came already, told again: that session is in use, and not late.
    if (session !== undefined && session === this.#answer) return
    const isFirst = this.#settle(() => this.#owner.answered(this, session), session)
    if (!isFirst) this.#owner.late(this, session)
  }

  readonly fail = (error: unknown): void => {
    this.#settle(() => this.#owner.failed(this, error))
  }

  get hold(): (why: string) => () => void {
    return (why) => {
      // To make text of anything else would call foreign code, which may end the dial.
      const hold = { why: shortText(typeof why === 'string' ? why : 'held') }
      if (this.#state !== 'running') return () => {}
      this.#holds ??= new Set()
      this.#holds.add(hold)
      this.#held()
      return () => {
        if (this.#holds?.delete(hold) && this.#state === 'running') this.#held()
      }
    }
  }

  get ended(): (listener: () => void) => void {
    return (listener) => {
      if (this.#state === 'ended') this.#tell(listener)
      else this.#onEnded.push(listener)
    }
  }

  /** Its time is over, or the stack had no room left for its begin or its outcome: it fails, and a session that came is late. */
  readonly cutShort = (error: unknown): void => {
    this.#aborted ??= error
    this.#owner.failed(this, error)
    if (this.#answer) this.#owner.late(this, this.#answer)
  }

  /** Its outcome is in the table: from now on it is over. @param error Aborts its signal, where the transport does not know yet. */
  end(error?: HubError): void {
    if (this.#state === 'ended') return
    surely(() => {
      this.#state = 'ended'
      this.#aborted ??= error
      this.#stopTimer?.()
      this.#abort()
      while (this.#onEnded[0]) {
        this.#tell(this.#onEnded[0])
        this.#onEnded.shift()
      }
    })
  }

  /** What it waits for. */
  get #why(): string | undefined {
    return [...(this.#holds ?? [])].at(-1)?.why
  }

  /** It was held, or a hold was given back: while it is held its own clock stands. */
  #held(): void {
    const now = performance.now()
    if (this.#heldSince !== undefined) this.#holdLeft -= now - this.#heldSince
    this.#heldSince = this.#holds?.size ? now : undefined
    this.#startClock()
    this.#owner.waits(this, this.#why)
  }

  /** Each time in full, but for what the holds have used up. */
  #startClock(): void {
    // Many a dial has ended by now, and needs no timer.
    if (this.#state === 'ended') return
    const { timeout, holdTimeout } = this.#options
    const isHeld = this.#heldSince !== undefined
    const stopBefore = this.#stopTimer
    this.#stopTimer = startTimer(isHeld ? Math.max(1, this.#holdLeft) : timeout, () => {
      this.cutShort(isHeld ? heldTooLong(holdTimeout, `${this.#why}`) : dialTimedOut(timeout))
    })
    stopBefore?.()
  }

  /** A transport of its own making may return what `dialer()` would have waited for. */
  #returned(given: unknown): void {
    if (!isObject(given) || !can(given, 'close') || given === this.#answer) return
    this.#owner.late(this, given)
    this.fail(broken('dial() must return nothing; wrap what gives a session in dialer()'))
  }

  #tell(listener: () => unknown): void {
    attempt(listener, (error) => this.#owner.report(error, 'ended', this.address))
  }

  #abort(): void {
    if (this.#aborted) this.#controller?.abort(this.#aborted)
  }

  /** Whether this is its outcome. */
  #settle(tell: () => void, answer?: unknown): boolean {
    if (this.#state !== 'running') return false
    this.#state = 'answered'
    this.#answer = answer
    surely(tell, this.cutShort)
    return true
  }
}
