import { HubError } from './errors.js'
import type { Signal } from './signal.js'
import { startTimer } from './timer.js'

interface Waiter<T> {
  readonly resolve: (value: T) => void
  readonly reject: (error: HubError) => void
  /** Drops what the waiter holds elsewhere: its timer and its place at the caller's signal. */
  release?: () => void
}

export interface Patience {
  readonly signal?: Signal | undefined
  /** In ms. */
  readonly timeout?: number | undefined
}

/** Callers who wait for one outcome, each only as long as it likes; who comes late gets it at once. */
export class Waiters<T> {
  #waiting: Waiter<T>[] = []
  /** The outcome; a promise only for those who come late. */
  #settle: ((waiter: Waiter<T>) => void) | undefined

  /** Whether anybody waits. */
  get any(): boolean {
    return this.#waiting.length > 0
  }

  /** The last waiter left before there was an outcome. */
  protected deserted(): void {}

  join({ signal, timeout }: Patience = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter<T> = { resolve, reject }
      if (this.#settle) return this.#settle(waiter)
      // A handler may have aborted it since the call began.
      if (signal?.aborted) return reject(aborted(signal))
      // An array of one takes a third of the memory of an empty one that grows; nearly always there is but one.
      if (this.any) this.#waiting.push(waiter)
      else this.#waiting = [waiter]
      if (signal || timeout !== undefined) this.#limit(waiter, signal, timeout)
    })
  }

  resolve(value: T): void {
    this.#end((waiter) => waiter.resolve(value))
  }

  reject(error: HubError): void {
    this.#end((waiter) => waiter.reject(error))
  }

  #limit(waiter: Waiter<T>, signal: Signal | undefined, timeout: number | undefined): void {
    const leave = (error: HubError) => {
      this.#waiting = this.#waiting.filter((other) => other !== waiter)
      waiter.release?.()
      waiter.reject(error)
      if (this.#waiting.length === 0) this.deserted()
    }
    const onAbort = () => leave(aborted(signal))
    const stopTimer =
      timeout === undefined ? undefined : startTimer(timeout, () => leave(outOfPatience(timeout)))
    waiter.release = () => {
      stopTimer?.()
      signal?.removeEventListener('abort', onAbort)
    }
    signal?.addEventListener('abort', onAbort)
  }

  #end(settle: (waiter: Waiter<T>) => void): void {
    this.#settle ??= settle
    const all = this.#waiting
    this.#waiting = []
    for (const waiter of all) {
      waiter.release?.()
      settle(waiter)
    }
  }
}

export const aborted = (signal: Signal | undefined): HubError =>
  new HubError('ABORTED', 'The signal that was passed has aborted this call.', {
    cause: signal?.reason,
  })

const outOfPatience = (timeout: number): HubError =>
  new HubError(
    'WAIT_TIMEOUT',
    `The dial that this call joined did not end within ${timeout} ms. Wait longer, or call connect() again.`,
  )
