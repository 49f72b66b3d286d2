import { aborted, type Signal } from '../edges/signal.js'
import { startTimer } from '../edges/timer.js'
import { outOfPatience } from './errors.js'

interface Group<T> {
  leave(caller: Caller<T>): void
}

/** One call that waits for an outcome, as long as its signal and its deadline allow. */
export class Caller<T> {
  readonly promise: Promise<T>
  #settled = false
  #resolve: (value: T) => void = () => {}
  #reject: (error: unknown) => void = () => {}
  #stopTimer: (() => void) | undefined
  #stopSignal: (() => void) | undefined
  #group: Group<T> | undefined

  /** Listens to the signal, which is foreign code: whoever made the caller looks at the entry after that. */
  constructor(signal: Signal | undefined) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (signal) this.#heed(signal)
  }

  get settled(): boolean {
    return this.#settled
  }

  resolve(value: T): void {
    if (this.#end()) this.#resolve(value)
  }

  reject(error: unknown): void {
    if (this.#end()) this.#reject(error)
  }

  /** Waits among others from now on, `timeout` ms at most. */
  waitIn(group: Group<T>, timeout: number | undefined): void {
    this.#group = group
    if (timeout === undefined) return
    this.#stopTimer = startTimer(timeout, () => this.#leave(outOfPatience(timeout)))
  }

  #heed(signal: Signal): void {
    if (signal.aborted) return void this.reject(aborted(signal))
    const onAbort = () => this.#leave(aborted(signal))
    this.#stopSignal = () => signal.removeEventListener('abort', onAbort)
    signal.addEventListener('abort', onAbort)
    // It may have aborted while it was listened to.
    if (this.#settled) signal.removeEventListener('abort', onAbort)
  }

  #leave(error: unknown): void {
    this.reject(error)
    this.#group?.leave(this)
  }

  #end(): boolean {
    if (this.#settled) return false
    this.#settled = true
    this.#stopTimer?.()
    this.#stopSignal?.()
    return true
  }
}

/** Callers who wait for one outcome, in the order in which they came. */
export class Callers<T, C extends Caller<T> = Caller<T>> implements Group<T> {
  /** Nearly always there is but one, who needs no set. */
  #first: C | undefined
  #others: Set<C> | undefined
  /** Goes through the others as they are taken out: to begin anew each time would walk over all that have left. */
  #order: IterableIterator<C> | undefined
  readonly #onEmpty: (() => void) | undefined

  /** @param onEmpty The last caller left before there was an outcome. */
  constructor(onEmpty?: () => void) {
    this.#onEmpty = onEmpty
  }

  get any(): boolean {
    return this.#first !== undefined || (this.#others?.size ?? 0) > 0
  }

  /** @param timeout How long it waits, in ms. */
  join(caller: C, timeout?: number): void {
    if (caller.settled) return
    if (this.any) {
      this.#others ??= new Set()
      this.#others.add(caller)
    } else this.#first = caller
    caller.waitIn(this, timeout)
  }

  leave(caller: Caller<T>): void {
    if (caller === this.#first) this.#first = undefined
    else if (!this.#others?.delete(caller as C)) return
    if (!this.any) this.#onEmpty?.()
  }

  /** Takes out the one who came first. */
  shift(): C | undefined {
    const first = this.#first
    this.#first = undefined
    return first ?? this.#shiftOther()
  }

  #shiftOther(): C | undefined {
    if (!this.#others?.size) return undefined
    this.#order ??= this.#others.values()
    const { value, done } = this.#order.next()
    if (done) {
      // It has seen the end, and does not see those who came later.
      this.#order = undefined
      return this.#shiftOther()
    }
    this.#others.delete(value)
    return value
  }

  settle(settle: (caller: C) => void): void {
    for (let caller = this.shift(); caller; caller = this.shift()) settle(caller)
  }

  resolve(value: T): void {
    this.settle((caller) => caller.resolve(value))
  }

  reject(error: unknown): void {
    this.settle((caller) => caller.reject(error))
  }
}
