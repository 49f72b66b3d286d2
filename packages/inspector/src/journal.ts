import { randomBytes } from 'node:crypto'
import type { ConnectionEvent, Hub } from '@conn-hub/core'
import { toPlainEvent } from './plain/event.js'
import type { PlainEvent } from './protocol.js'

/** An event takes about 360 bytes: 3.6 MB, and an hour of a hub with three events a second. */
const CAPACITY = 10_000

/** The newest events of one hub as plain data: it holds no session. Kept as long as somebody serves it. */
export class Journal {
  /** Random, one for each hub and process. */
  readonly id = randomBytes(9).toString('base64url')
  readonly #hub: Hub<unknown>
  /** Each at its `seq` modulo the capacity. */
  #events: PlainEvent[] = []
  /** The `seq` of the oldest that is known. */
  #first = 1
  #last = 0
  #holders = 0
  #closedAt: number | undefined
  #stop = () => {}

  constructor(hub: Hub<unknown>) {
    this.#hub = hub
  }

  /** The `seq` of the newest. */
  get seq(): number {
    return this.#last
  }

  /** When the hub closed, in ms since 1970. */
  get closedAt(): number | undefined {
    return this.#closedAt
  }

  /** Listens from the first call on, until the last holder has called what it got. */
  hold(): () => void {
    if (this.#holders === 0) this.#listen()
    this.#holders++
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#holders--
      if (this.#holders === 0) this.#drop()
    }
  }

  /** The events after the one with this `seq`, as far as they are known, oldest first. To be read at once. */
  *after(seq: number): Generator<PlainEvent> {
    for (let next = Math.max(seq + 1, this.#first); next <= this.#last; next++) {
      yield this.#events[next % CAPACITY] as PlainEvent
    }
  }

  #listen(): void {
    this.#events = new Array(CAPACITY)
    const stopEvents = this.#hub.on('*', (event) => this.#note(event))
    const stopClose = this.#hub.on('close', () => {
      this.#closedAt = Date.now()
    })
    this.#stop = () => {
      stopEvents()
      stopClose()
    }
  }

  #note(event: ConnectionEvent<unknown>): void {
    const { seq } = event
    // Nobody listened for a while: what was before does not join on.
    if (seq !== this.#last + 1) this.#first = seq
    this.#first = Math.max(this.#first, seq - CAPACITY + 1)
    this.#last = seq
    this.#events[seq % CAPACITY] = toPlainEvent(event)
  }

  #drop(): void {
    this.#stop()
    this.#events = []
    this.#first = this.#last + 1
  }
}

// Two copies of this package keep a journal each, which harms nobody.
const journals = new WeakMap<object, Journal>()

/** The journal of a hub: one, however many serve it. */
export const journalOf = (hub: Hub<unknown>): Journal => {
  const known = journals.get(hub)
  if (known) return known
  const journal = new Journal(hub)
  journals.set(hub, journal)
  return journal
}
