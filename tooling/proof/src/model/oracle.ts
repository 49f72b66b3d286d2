import type { Step } from '@conn-hub/testkit'
import { Board } from './board.js'
import { Signal, Ticket } from './ticket.js'

// What a hub must do, written a second time, from its README alone: without events, promises and timers. It is right
// for calls that come one after the other; what happens inside handlers is left to the contract.

export class Oracle {
  readonly calls: Ticket[] = []
  readonly #board = new Board()
  readonly #signals: (Signal | undefined)[] = []

  get entries() {
    return this.#board.entries
  }

  /** Every link there was, in the order in which they opened. */
  get links() {
    return this.#board.links
  }

  take(step: Step): void {
    this.#take(step)
    const { soon } = this.#board
    for (let next = soon.shift(); next; next = soon.shift()) next()
  }

  #take(step: Step): void {
    switch (step.do) {
      case 'connect':
        return void this.#board.connect(step, this.#call(step.signal))
      case 'disconnect':
        return void this.#board.disconnect(step.address, this.#call(step.signal))
      case 'update': {
        const entry = this.#board.entries.get(step.address)
        return void (entry && Object.assign(entry.data, { n: step.n }))
      }
      case 'reset':
        return void this.#board.reset(this.#call())
      case 'close':
        return void this.#board.close(this.#call())
      case 'inbound':
        return void this.#board.inbound(step)
      case 'remote close':
        return void this.#board.ended(pick(this.#board.links, step.session))
      case 'answer':
        return void this.#board.answer(pick(this.#board.dials, step.dial), step.closes, step.again)
      case 'fail':
        return void this.#board.fail(pick(this.#board.dials, step.dial))
      case 'answer dials':
        this.#board.answerDials = step.how
        return
      case 'abort':
        this.#signals[step.signal]?.abort()
        delete this.#signals[step.signal]
        return
      case 'wait':
        return void this.#wait(step.ms)
      case 'react':
        throw new Error('the oracle knows no handlers')
    }
  }

  #call(slot?: number): Ticket {
    if (slot !== undefined) this.#signals[slot] ??= new Signal()
    const ticket = new Ticket(slot === undefined ? undefined : this.#signals[slot])
    this.calls.push(ticket)
    return ticket
  }

  #wait(ms: number): void {
    const board = this.#board
    const target = board.now + ms
    for (;;) {
      const [first] = board.due(this.calls).sort((a, b) => a.at - b.at)
      if (!first || first.at > target) break
      board.now = first.at
      first.run()
    }
    board.now = target
  }
}

/** 0 is the newest. */
const pick = <T>(all: readonly T[], choice: number): T | undefined =>
  all.length === 0 ? undefined : all[all.length - 1 - (choice % all.length)]
