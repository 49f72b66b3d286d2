import type { Address, ConnectionEvent, Hub, Initiator } from '@conn-hub/core'
import { isInTable, leadsTo, type Spelled, spelledBy } from './grammar.js'
import type { Tell } from './tell.js'

/** The events so far, as the states that they spell. Promises 1, 2 and 5. */
export class EventFold {
  readonly #tell: Tell
  readonly #states = new Map<Address, Spelled>()
  #seq: number | undefined

  constructor(hub: Hub<unknown>, tell: Tell) {
    this.#tell = tell
    for (const entry of hub.entries()) this.#states.set(entry.address, entry.state)
  }

  get addresses(): IterableIterator<Address> {
    return this.#states.keys()
  }

  stateOf(address: Address): Spelled {
    return this.#states.get(address) ?? 'none'
  }

  /** @param endedBy Who ended the last session, where one ended right before: it may have been asked alone to close. */
  add(event: ConnectionEvent<unknown>, endedBy: Initiator = 'remote'): void {
    const { address, seq, type } = event
    if (this.#seq !== undefined && seq !== this.#seq + 1) {
      this.#tell(2, `event ${seq} came after event ${this.#seq}`, address)
    }
    this.#seq = seq
    this.#judge(event, this.stateOf(address), endedBy)
    const now = leadsTo(type)
    if (now === 'none') this.#states.delete(address)
    else this.#states.set(address, now)
  }

  /** A session of an entry that is being disconnected closes because we asked. */
  sessionClosed(address: Address, initiator: Initiator): void {
    if (this.stateOf(address) !== 'disconnecting' || initiator === 'local') return
    this.#tell(1, 'session-closed by remote came where it was disconnecting', address)
  }

  /** Nobody will ever hear how these went on. */
  close(): void {
    for (const [address, state] of this.#states) {
      this.#tell(10, `it closed, and no event told the end of an entry ${state}`, address)
    }
  }

  /** The hub is at rest, and says what it has. */
  check(hub: Hub<unknown>, address: Address): void {
    const [said, spelled] = [spelledBy(hub.get(address)), this.stateOf(address)]
    if (said !== spelled) this.#tell(3, `the entry is ${said}, its events say ${spelled}`, address)
  }

  #judge(event: ConnectionEvent<unknown>, before: Spelled, endedBy: Initiator): void {
    const { type, address } = event
    if (!isInTable(before, type)) this.#tell(1, `${type} came where it was ${before}`, address)
    if (type === 'connected' && before === 'none' && event.direction === 'outbound') {
      this.#tell(5, 'a session that we dialed is announced, and no dial was under way', address)
    }
    if (type === 'disconnected') {
      const initiator = before === 'disconnecting' ? 'local' : endedBy
      if (event.initiator !== initiator) {
        this.#tell(1, `disconnected by ${event.initiator} came where it was ${before}`, address)
      }
    }
  }
}
