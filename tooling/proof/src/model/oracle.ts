import type { Step } from '@conn-hub/testkit'
import { Call, Signal } from './call.js'
import { HubModel } from './hub-model.js'

// What a hub must do, written a second time, from its README alone: without events, promises and timers. It is right
// for calls that come one after the other; what happens inside handlers is left to the contract.

export class Oracle {
  readonly calls: Call[] = []
  readonly #hub = new HubModel()
  readonly #signals: (Signal | undefined)[] = []

  get entries() {
    return this.#hub.entries
  }

  /** Every link there was, in the order in which they opened. */
  get links() {
    return this.#hub.links
  }

  take(step: Step): void {
    this.#take(step)
    const { soon } = this.#hub
    for (let next = soon.shift(); next; next = soon.shift()) next()
  }

  #take(step: Step): void {
    switch (step.do) {
      case 'connect':
        return void this.#hub.connect(step, this.#call(step.signal))
      case 'disconnect':
        return void this.#hub.disconnect(step.address, this.#call(step.signal))
      case 'update': {
        const entry = this.#hub.entries.get(step.address)
        return void (entry && Object.assign(entry.data, { n: step.n }))
      }
      case 'reset':
        return void this.#hub.reset(this.#call())
      case 'close':
        return void this.#hub.close(this.#call())
      case 'inbound':
        return void this.#hub.inbound(step)
      case 'remote close':
        return void this.#hub.ended(pick(this.#hub.links, step.session))
      case 'answer':
        return void this.#hub.answer(pick(this.#hub.dials, step.dial), step.closes, step.again)
      case 'fail':
        return void this.#hub.fail(pick(this.#hub.dials, step.dial))
      case 'answer dials':
        this.#hub.answerDials = step.how
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

  #call(slot?: number): Call {
    if (slot !== undefined) this.#signals[slot] ??= new Signal()
    const call = new Call(slot === undefined ? undefined : this.#signals[slot])
    this.calls.push(call)
    return call
  }

  #wait(ms: number): void {
    const hub = this.#hub
    const target = hub.now + ms
    for (;;) {
      const [first] = hub.due(this.calls).sort((a, b) => a.at - b.at)
      if (!first || first.at > target) break
      hub.now = first.at
      first.run()
    }
    hub.now = target
  }
}

/** 0 is the newest. */
const pick = <T>(all: readonly T[], choice: number): T | undefined =>
  all.length === 0 ? undefined : all[all.length - 1 - (choice % all.length)]
