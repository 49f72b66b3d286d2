import type { PlainEvent } from '../../../src/protocol.js'
import { WEIGHT, weightOfEvent } from './weight.js'

export const EVENTS_PER_PEER = 40

/** The last events of each address, oldest first; of those addresses where something happened last. */
export class History {
  readonly #byAddress = new Map<string, PlainEvent[]>()
  #weight = 0

  add(event: PlainEvent): void {
    const events = this.#byAddress.get(event.address) ?? []
    events.push(event)
    this.#weight += weightOfEvent(event)
    if (events.length > EVENTS_PER_PEER) this.#weight -= weightOfEvent(events.shift() as PlainEvent)
    // A map keeps the order of insertion: what was put in last is forgotten last.
    this.#byAddress.delete(event.address)
    this.#byAddress.set(event.address, events)
    for (const [address, oldest] of this.#byAddress) {
      if (this.#weight <= WEIGHT) break
      this.#byAddress.delete(address)
      for (const one of oldest) this.#weight -= weightOfEvent(one)
    }
  }

  clear(): void {
    this.#byAddress.clear()
    this.#weight = 0
  }

  of(address: string): readonly PlainEvent[] {
    return this.#byAddress.get(address) ?? []
  }

  /** The event that brought the last error, if any is remembered. */
  lastErrorOf(address: string): PlainEvent | undefined {
    return this.of(address).findLast(({ error }) => error)
  }

  get size(): number {
    return this.#byAddress.size
  }
}
