import { HubError } from './errors.js'
import { startTimer } from './timer.js'

interface Waiter<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: HubError) => void
  /** Drops what the waiter holds elsewhere: its timer and its place at the caller's signal. */
  readonly release: () => void
}

export interface Patience {
  readonly signal?: AbortSignal | undefined
  /** In ms. */
  readonly timeout?: number | undefined
}

/** Callers who wait for one outcome, each only as long as it likes; who comes late gets it at once. */
export class Waiters<T> {
  readonly #waiting = new Set<Waiter<T>>()
  #outcome: Promise<T> | undefined
  readonly #onDeserted: () => void

  /** @param onDeserted The last waiter left before there was an outcome. */
  constructor(onDeserted: () => void = () => {}) {
    this.#onDeserted = onDeserted
  }

  join({ signal, timeout }: Patience = {}): Promise<T> {
    if (this.#outcome) return this.#outcome
    // A handler may have aborted it since the call began.
    if (signal?.aborted) return Promise.reject(aborted(signal))
    return new Promise((resolve, reject) => {
      const leave = (error: HubError) => {
        this.#waiting.delete(waiter)
        waiter.release()
        reject(error)
        if (this.#waiting.size === 0) this.#onDeserted()
      }
      const onAbort = () => leave(aborted(signal))
      const stopTimer =
        timeout === undefined ? undefined : startTimer(timeout, () => leave(outOfPatience(timeout)))
      const release = () => {
        stopTimer?.()
        signal?.removeEventListener('abort', onAbort)
      }
      const waiter: Waiter<T> = { resolve, reject, release }
      signal?.addEventListener('abort', onAbort)
      this.#waiting.add(waiter)
    })
  }

  resolve(value: T): void {
    this.#outcome = Promise.resolve(value)
    for (const waiter of this.#takeAll()) waiter.resolve(value)
  }

  reject(error: HubError): void {
    this.#outcome = Promise.reject(error)
    // Often nobody comes late, and that is no unhandled rejection.
    this.#outcome.catch(() => {})
    for (const waiter of this.#takeAll()) waiter.reject(error)
  }

  #takeAll(): Waiter<T>[] {
    const all = [...this.#waiting]
    this.#waiting.clear()
    for (const waiter of all) waiter.release()
    return all
  }
}

export const aborted = (signal: AbortSignal | undefined): HubError =>
  new HubError('ABORTED', 'The signal that was passed has aborted this call.', {
    cause: signal?.reason,
  })

const outOfPatience = (timeout: number): HubError =>
  new HubError(
    'WAIT_TIMEOUT',
    `The dial that this call joined did not end within ${timeout} ms. Wait longer, or call connect() again.`,
  )
