import type { PlainEvent } from '../../../src/protocol.js'

export const EVENTS_PER_PEER = 40
export const PEERS = 6_000

/** The last events of each address, oldest first; of those addresses where something happened last. */
export class History {
  readonly #byAddress = new Map<string, PlainEvent[]>()

  add(event: PlainEvent): void {
    const events = this.#byAddress.get(event.address) ?? []
    events.push(event)
    if (events.length > EVENTS_PER_PEER) events.shift()
    // A map keeps the order of insertion: what was put in last is forgotten last.
    this.#byAddress.delete(event.address)
    this.#byAddress.set(event.address, events)
    if (this.#byAddress.size > PEERS) {
      for (const address of this.#byAddress.keys()) {
        this.#byAddress.delete(address)
        break
      }
    }
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
