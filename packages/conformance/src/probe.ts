import type { DialAttempt, PeerKey, Session } from '@conn-hub/core'

/** An attempt that keeps all that a transport does with it. */
export class Probe<S> implements DialAttempt<S> {
  readonly data = {}
  readonly key: PeerKey | undefined
  readonly sessions: Session<S>[] = []
  readonly errors: unknown[] = []
  /** Why the transport held this attempt, each time. */
  readonly holds: string[] = []
  /** How many holds were not released when the link opened. */
  heldWhenOpened = 0
  #held = 0
  readonly #controller = new AbortController()
  readonly #onEnd: (() => void)[] = []

  constructor(key?: PeerKey) {
    this.key = key
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** How often the transport has settled it. */
  get settled(): number {
    return this.sessions.length + this.errors.length
  }

  // All bound: transports hand them on as callbacks.
  readonly succeed = (session: Session<S>): void => {
    if (!this.#isOver) this.heldWhenOpened = this.#held
    this.sessions.push(session)
    this.#end()
  }

  readonly fail = (error: unknown): void => {
    this.errors.push(error)
    this.#end()
  }

  readonly hold = (why: string): (() => void) => {
    this.holds.push(why)
    this.#held++
    let isReleased = false
    return () => {
      if (isReleased) return
      isReleased = true
      this.#held--
    }
  }

  readonly ended = (listener: () => void): void => {
    if (this.#isOver) listener()
    else this.#onEnd.push(listener)
  }

  /** As a hub takes it: what `dial` throws, or rejects with, fails the attempt that is not settled yet. */
  take(dial: () => unknown): void {
    const fail = (error: unknown) => {
      if (this.settled === 0) this.fail(error)
    }
    try {
      Promise.resolve(dial()).then((given) => {
        if (isSession(given)) fail(new Error('dial() gave a promise of a session: use dialer()'))
      }, fail)
    } catch (error) {
      fail(error)
    }
  }

  cancel(): void {
    this.#controller.abort(new Error('the case has cancelled this dial'))
    this.#end()
  }

  get #isOver(): boolean {
    return this.signal.aborted || this.settled > 0
  }

  #end(): void {
    for (const listener of this.#onEnd.splice(0)) listener()
  }
}

const isSession = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && 'onClosed' in given
