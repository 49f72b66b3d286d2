import type { Step } from '@conn-hub/testkit'
import { Call, Signal } from './call.js'
import { HubModel } from './hub-model.js'
import { pick, type StepOf } from './parts.js'

// What a hub must do, written a second time, from its README alone: without promises. It is right for calls that
// come one after the other; what happens inside handlers is left to the contract.

export class Oracle {
  readonly calls: Call[] = []
  readonly #hub = new HubModel()
  readonly #signals: (Signal | undefined)[] = []

  get entries() {
    return this.#hub.table.entries
  }

  /** Every link there was, in the order in which they opened. */
  get links() {
    return this.#hub.table.links
  }

  /** What has been told so far. */
  get told() {
    return this.#hub.table.told
  }

  /** What happens within the call. */
  take(step: Step): void {
    const hub = this.#hub
    switch (step.do) {
      case 'connect':
        return void hub.connect(this.#caller(step))
      case 'disconnect':
        return void hub.disconnect(step.address, this.#call(step.signal), step.reason)
      case 'disconnect session': {
        const link = pick(this.links, step.session)
        if (!link) return
        return void hub.disconnect(link.address, this.#call(step.signal), step.reason, link)
      }
      case 'update': {
        const entry = this.entries.get(step.address)
        return void (entry && Object.assign(entry.data, { n: step.n }))
      }
      case 'reset':
        return void hub.reset(this.#call(), step.reason)
      case 'close':
        return void hub.close(this.#call())
      case 'abort':
        this.#signals[step.signal]?.abort()
        delete this.#signals[step.signal]
        return
      case 'wait':
        return void hub.table.timers.pass(step.ms)
      case 'react':
        throw new Error('the oracle knows no handlers')
      default:
        this.#happen(step)
    }
  }

  /** What happens once the call has returned. */
  rest(): void {
    const { soon } = this.#hub.table
    for (let next = soon.shift(); next; next = soon.shift()) next()
  }

  #happen(
    step: StepOf<
      'inbound' | 'remote close' | 'answer' | 'fail' | 'hold' | 'release' | 'answer dials'
    >,
  ): void {
    const { dials, links } = this.#hub
    switch (step.do) {
      case 'inbound':
        return void this.#hub.inbound(step)
      case 'remote close': {
        const link = pick(this.links, step.session)
        return void (link && links.ended(link, step))
      }
      case 'answer':
        return void this.#hub.answer(step)
      case 'fail':
        return void dials.fail(pick(dials.all, step.dial))
      case 'hold':
        return void dials.hold(pick(dials.all, step.dial), step.why)
      case 'release':
        return void dials.release(pick(dials.holds, step.hold))
      case 'answer dials':
        dials.answers = step.how
    }
  }

  #caller(step: StepOf<'connect'>) {
    return Object.assign(this.#call(step.signal), { step })
  }

  #call(slot?: number): Call {
    if (slot !== undefined) this.#signals[slot] ??= new Signal()
    const call = new Call(slot === undefined ? undefined : this.#signals[slot])
    this.calls.push(call)
    return call
  }
}
