/** The caller's signal, as the model has it. */
export class Signal {
  aborted = false
  readonly #tickets = new Set<Ticket>()

  abort(): void {
    this.aborted = true
    for (const ticket of [...this.#tickets]) ticket.leave('ABORTED')
  }

  hold(ticket: Ticket): () => void {
    this.#tickets.add(ticket)
    return () => this.#tickets.delete(ticket)
  }
}

/** One call that waits: it is settled once, by what it waits for, or by itself. */
export class Ticket {
  outcome = 'pending'
  readonly signal: Signal | undefined
  /** When its own patience ends. */
  until = Number.POSITIVE_INFINITY
  #leaveQueue = () => {}
  #leaveSignal = () => {}
  #onSettled = () => {}

  constructor(signal?: Signal) {
    this.signal = signal
  }

  wait(leaveQueue: () => void): void {
    this.#leaveQueue = leaveQueue
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
    this.#leaveQueue()
  }

  onSettled(listener: () => void): void {
    this.#onSettled = listener
    if (this.outcome !== 'pending') listener()
  }
}

/** Calls that wait for the same thing. */
export class Queue {
  readonly #tickets = new Set<Ticket>()
  readonly #onDeserted: () => void
  #outcome: string | undefined

  constructor(onDeserted: () => void = () => {}) {
    this.#onDeserted = onDeserted
  }

  join(ticket: Ticket, until = Number.POSITIVE_INFINITY): void {
    if (this.#outcome) return void ticket.settle(this.#outcome)
    this.#tickets.add(ticket)
    ticket.until = until
    ticket.wait(() => {
      this.#tickets.delete(ticket)
      if (this.#tickets.size === 0) this.#onDeserted()
    })
  }

  settle(outcome: string): void {
    this.#outcome ??= outcome
    for (const ticket of this.#tickets) ticket.settle(outcome)
    this.#tickets.clear()
  }
}
