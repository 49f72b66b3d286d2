/** The caller's signal, as the model has it. */
export class Signal {
  aborted = false
  readonly #calls = new Set<Call>()

  abort(): void {
    this.aborted = true
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
  readonly signal: Signal | undefined
  /** When its own patience ends. */
  until = Number.POSITIVE_INFINITY
  #leaveCallers = () => {}
  #leaveSignal = () => {}
  #onSettled = () => {}

  constructor(signal?: Signal) {
    this.signal = signal
  }

  wait(leaveCallers: () => void): void {
    this.#leaveCallers = leaveCallers
    this.#leaveSignal = this.signal?.hold(this) ?? this.#leaveSignal
  }

  settle(outcome: string): void {
    if (this.outcome !== 'pending') return
    this.outcome = outcome
    this.until = Number.POSITIVE_INFINITY
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
export class Callers {
  readonly #calls = new Set<Call>()
  readonly #onEmpty: () => void
  #outcome: string | undefined

  constructor(onEmpty: () => void = () => {}) {
    this.#onEmpty = onEmpty
  }

  join(call: Call, until = Number.POSITIVE_INFINITY): void {
    if (this.#outcome) return void call.settle(this.#outcome)
    this.#calls.add(call)
    call.until = until
    call.wait(() => {
      this.#calls.delete(call)
      if (this.#calls.size === 0) this.#onEmpty()
    })
  }

  settle(outcome: string): void {
    this.#outcome ??= outcome
    for (const call of this.#calls) call.settle(outcome)
    this.#calls.clear()
  }
}
