import { Tracker } from './changes.js'
import type { Address, Connection } from './connection.js'
import { EventBus } from './event-bus.js'
import type { ConnectionEvent, HubEvents } from './events.js'
import { Queue } from './queue.js'
import type { Report } from './report.js'
import { Store } from './store.js'
import { type Input, transition } from './transition.js'

interface Delivery<S> {
  readonly event: ConnectionEvent<S> | undefined
  readonly before: Connection<S> | undefined
  readonly after: Connection<S> | undefined
}

/** The one place where an entry changes, and the one loop that tells of it. */
export class Ledger<S> {
  readonly store = new Store<S>()
  readonly bus: EventBus<HubEvents<S>>
  readonly #trackers = new Set<Tracker<S>>()
  readonly #queue = new Queue<Delivery<S> | 'close'>()
  #delivering = false
  #seq = 0

  constructor(report: Report) {
    this.bus = new EventBus((error, call) => report(error, { origin: 'listener', call }))
  }

  /** Takes effect at once; `deliver()` tells of it. Gives the entry as it is now. */
  commit(address: Address, input: Input<S>): Connection<S> | undefined {
    const before = this.store.get(address)
    const step = transition(before, input, { address, seq: this.#seq + 1, at: Date.now() })
    const { next: after, event } = step
    if (after === before) return after
    if (event) this.#seq++
    this.store.set(address, after)
    for (const tracker of this.#trackers) tracker.note(address, before, after)
    this.#queue.push({ event, before, after })
    return after
  }

  /** Called inside a delivery, it leaves the rest to the loop that is running: so all hear all in one order. */
  deliver(): void {
    if (this.#delivering) return
    this.#delivering = true
    for (let item = this.#queue.shift(); item; item = this.#queue.shift()) {
      if (item === 'close') this.#deliverClose()
      else this.#deliverChange(item)
    }
    this.#delivering = false
  }

  track(): Tracker<S> {
    const tracker = new Tracker(this.store, (stopped) => this.#trackers.delete(stopped))
    this.#trackers.add(tracker)
    return tracker
  }

  /** After what is still to be delivered comes `close`, and then nothing any more. */
  end(): void {
    this.#queue.push('close')
    this.deliver()
  }

  #deliverChange({ event, before, after }: Delivery<S>): void {
    if (event) {
      this.bus.emit(event.type, event as never)
      this.bus.emit('*', event)
    }
    if (this.bus.has('change')) this.bus.emit('change', { before, after })
  }

  #deliverClose(): void {
    this.bus.emit('close', undefined)
    this.bus.clear()
    this.#trackers.clear()
  }
}
