/** What is used of an `AbortSignal`. */
export interface Signal {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** A caller's signal is known by its shape, so it may be anybody's code: one that throws counts as aborted. */
export class GuardedSignal implements Signal {
  readonly #signal: Signal

  constructor(signal: Signal) {
    this.#signal = signal
  }

  get aborted(): boolean {
    try {
      return this.#signal.aborted
    } catch {
      return true
    }
  }

  get reason(): unknown {
    try {
      return this.#signal.reason
    } catch (error) {
      return error
    }
  }

  /** May call the listener at once. */
  addEventListener(type: 'abort', listener: () => void): void {
    try {
      this.#signal.addEventListener(type, listener)
    } catch {
      listener()
    }
  }

  removeEventListener(type: 'abort', listener: () => void): void {
    try {
      this.#signal.removeEventListener(type, listener)
    } catch {
      // It keeps a listener that does nothing any more.
    }
  }
}
