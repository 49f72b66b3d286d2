import type { Overflow } from '@conn-hub/async-iterator'

/** The `seq` of an event, the end, or nothing yet. */
export type Answer = number | 'end' | undefined

/** What a stream of events must do, in its simplest form. */
export class Model {
  /** In the order of the calls of `next()`. */
  readonly answers: Answer[] = []
  readonly #capacity: number
  readonly #overflow: Overflow
  #buffer: number[] = []
  #phase: 'new' | 'live' | 'draining' | 'ended' = 'new'
  #seq = 0
  #hubIsOpen = true

  constructor(capacity: number, overflow: Overflow) {
    this.#capacity = capacity
    this.#overflow = overflow
  }

  push(): void {
    if (!this.#hubIsOpen) return
    const seq = ++this.#seq
    if (this.#phase !== 'live') return
    const reader = this.answers.indexOf(undefined)
    if (reader >= 0) this.answers[reader] = seq
    else if (this.#buffer.length < this.#capacity) this.#buffer.push(seq)
    else if (this.#overflow === 'drop-oldest') this.#buffer = [...this.#buffer.slice(1), seq]
  }

  next(): void {
    if (this.#phase === 'new') this.#phase = this.#hubIsOpen ? 'live' : 'ended'
    this.answers.push(this.#buffer.shift() ?? (this.#phase === 'live' ? undefined : 'end'))
  }

  closeHub(): void {
    this.#hubIsOpen = false
    if (this.#phase !== 'live') return
    this.#endReaders()
    this.#phase = 'draining'
  }

  end(): void {
    this.#endReaders()
    this.#buffer = []
    this.#phase = 'ended'
  }

  #endReaders(): void {
    for (const [i, answer] of this.answers.entries()) this.answers[i] = answer ?? 'end'
  }
}
