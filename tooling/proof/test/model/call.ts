import type { Timers } from './timers.js'

/** The caller's signal, as the model has it. */
export class Signal {
  readonly #calls = new Set<Call>()

  abort(): void {
    for (const call of [...this.#calls]) call.leave('ABORTED')
  }

  hold(call: Call): () => void {
    this.#calls.add(call)
    return () => this.#calls.delete(call)
  }
}

/** One call that waits: it is settled once, by what it waits for, or by itself. */
export class Call {
  outcome = 'pending'
  #stopTimer = () => {}
  #leaveCallers = () => {}
  readonly #leaveSignal: () => void
  #onSettled = () => {}

  constructor(signal?: Signal) {
    this.#leaveSignal = signal?.hold(this) ?? (() => {})
  }

  waitIn(leaveCallers: () => void): void {
    this.#leaveCallers = leaveCallers
  }

  limit(ms: number, timers: Timers): void {
    this.#stopTimer = timers.start(ms, () => this.leave('WAIT_TIMEOUT'))
  }

  settle(outcome: string): void {
    if (this.outcome !== 'pending') return
    this.outcome = outcome
    this.#stopTimer()
    this.#leaveSignal()
    this.#onSettled()
  }

  /** Its own patience is over. */
  leave(outcome: string): void {
    this.settle(outcome)
    this.#leaveCallers()
  }

  onSettled(listener: () => void): void {
    this.#onSettled = listener
    if (this.outcome !== 'pending') listener()
  }
}

/** Calls that wait for the same thing. */
export class Callers<C extends Call = Call> {
  readonly #calls = new Set<C>()
  readonly #onEmpty: () => void
  #outcome: string | undefined

  constructor(onEmpty: () => void = () => {}) {
    this.#onEmpty = onEmpty
  }

  join(call: C): void {
    if (this.#outcome) return void call.settle(this.#outcome)
    this.#calls.add(call)
    call.waitIn(() => {
      this.#calls.delete(call)
      if (this.#calls.size === 0) this.#onEmpty()
    })
  }

  shift(): C | undefined {
    const [first] = this.#calls
    if (first) this.#calls.delete(first)
    return first
  }

  /** Whoever joins later gets the same. */
  settle(outcome: string): void {
    this.#outcome ??= outcome
    this.drain((call) => call.settle(outcome))
  }

  drain(settle: (call: C) => void): void {
    for (let call = this.shift(); call; call = this.shift()) settle(call)
  }
}
