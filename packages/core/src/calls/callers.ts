import type { ConnectRequest } from '../edges/options.js'
import { aborted } from '../edges/signal.js'
import { startTimer } from '../edges/timer.js'
import { outOfPatience } from './errors.js'

/** One call that waits for an outcome, as long as its signal and its deadline allow. */
export class Caller<T> {
  readonly promise: Promise<T>
  resolve: (value: T) => void = () => {}
  reject: (error: unknown) => void = () => {}
  /** Whom a `connect()` expects. */
  readonly key: ConnectRequest['key']
  /** How long the dial of a `connect()` may take, or how long to wait for one that runs, in ms. */
  readonly timeout: ConnectRequest['timeout']
  /** What a `connect()` was given, until it is in the entry: it must not go there again. */
  data: ConnectRequest['data']
  settled = false
  #group: Callers<T> | undefined
  #stopTimer: (() => void) | undefined

  /** Listens to the signal, which is foreign code: whoever made the caller looks at the entry after that. */
  constructor({ data, key, signal, timeout }: Partial<ConnectRequest>) {
    this.data = data
    this.key = key
    this.timeout = timeout
    const onAbort = () => signal && this.#leave(aborted(signal))
    const stopSignal = () => signal?.removeEventListener('abort', onAbort)
    this.promise = new Promise((resolve, reject) => {
      const once =
        <V>(settle: (value: V) => void) =>
        (value: V): void => {
          if (this.settled) return
          // First: what comes after it may be cut short where the stack is full.
          settle(value)
          this.settled = true
          this.#stopTimer?.()
          stopSignal()
        }
      this.resolve = once(resolve)
      this.reject = once(reject)
    })
    if (signal?.aborted) onAbort()
    else signal?.addEventListener('abort', onAbort)
    // It may have aborted while it was listened to.
    if (this.settled) stopSignal()
  }

  /** Waits among others from now on, `timeout` ms at most. */
  waitIn(group: Callers<T>, timeout: number | undefined): void {
    this.#group = group
    if (timeout === undefined) return
    this.#stopTimer = startTimer(timeout, () => this.#leave(outOfPatience(timeout)))
  }

  #leave(error: unknown): void {
    this.reject(error)
    this.#group?.leave(this)
  }
}

/** Callers who wait for one outcome, in the order in which they came. */
export class Callers<T> {
  /** Nearly always there is but one, who needs no set. */
  #first: Caller<T> | undefined
  #others: Set<Caller<T>> | undefined
  /** Goes through the others as they are taken out: to begin anew each time would walk over all that have left. */
  #order: IterableIterator<Caller<T>> | undefined
  readonly #onEmpty: (() => void) | undefined

  /** @param onEmpty Nobody is left. */
  constructor(onEmpty?: () => void) {
    this.#onEmpty = onEmpty
  }

  get any(): boolean {
    return Boolean(this.#first || this.#others?.size)
  }

  /** @param timeout How long it waits, in ms. */
  join(caller: Caller<T>, timeout?: number): void {
    if (caller.settled) return
    if (this.any) {
      this.#others ??= new Set()
      this.#others.add(caller)
    } else this.#first = caller
    caller.waitIn(this, timeout)
  }

  leave(caller: Caller<T>): void {
    if (caller === this.#first) this.#first = undefined
    else if (!this.#others?.delete(caller)) return
    if (!this.any) this.#onEmpty?.()
  }

  /** Takes out the one who came first. That nobody is left is seen by whoever asks again. */
  shift(): Caller<T> | undefined {
    const caller = this.#head
    this.#first = undefined
    return caller
  }

  /** Nobody is taken out before: where the stack is full, whoever does this again goes on there. */
  settle(settle: (caller: Caller<T>) => void): void {
    for (let caller = this.#head; caller; caller = this.#head) {
      settle(caller)
      if (this.#first === caller) this.#first = undefined
    }
    this.#onEmpty?.()
  }

  resolve(value: T): void {
    this.settle((caller) => caller.resolve(value))
  }

  reject(error: unknown): void {
    this.settle((caller) => caller.reject(error))
  }

  get #head(): Caller<T> | undefined {
    if (this.#first) return this.#first
    this.#order ??= this.#others?.values()
    const next: Caller<T> | undefined = this.#order?.next().value
    // It has seen the end, and does not see those who come later.
    if (!next) this.#order = undefined
    else this.#others?.delete(next)
    this.#first = next
    return next
  }
}
