import type { Address, State } from '@conn-hub/core'
import type { PlainEntry, PlainEvent } from '../protocol.js'
import type { Message } from './messages.js'

export interface Row {
  readonly address: Address
  readonly state: State | 'disconnected'
  readonly direction: string
  readonly kind: string
  /** In ms since 1970, by the clock of the server. */
  readonly since: number
  readonly last: PlainEvent | undefined
}

/** How long one sees that a peer has gone, in ms, and how many of those at most. */
const GONE = { shownFor: 5_000, atMost: 5 }

/** What there is to see of a hub, as the stream tells it. */
export class Picture {
  readonly #entries = new Map<Address, PlainEntry>()
  readonly #last = new Map<Address, PlainEvent>()
  #isClosed = false
  #hub: string | undefined
  /** In ms: how far the clock of the server is ahead. */
  #ahead = 0

  get isClosed(): boolean {
    return this.#isClosed
  }

  get size(): number {
    return this.#entries.size
  }

  /** By the clock of the server, in ms since 1970. */
  get now(): number {
    return Date.now() + this.#ahead
  }

  take(message: Message) {
    switch (message.name) {
      case 'hello':
        return this.#begin(message.data)
      case 'snapshot':
        this.#entries.clear()
        return this.#set(message.data.entries)
      case 'changes':
        for (const address of message.data.gone) this.#entries.delete(address)
        return this.#set(message.data.set)
      case 'events':
        for (const event of message.data.events) this.#note(event)
        return this.#forget()
      case 'closed':
        this.#isClosed = true
    }
  }

  countOf(state: State): number {
    let count = 0
    for (const entry of this.#entries.values()) if (entry.state === state) count++
    return count
  }

  /** At most so many: all in their order, or those where something happened last, and who has gone just now. */
  rows(atMost: number): Row[] {
    this.#forget()
    const gone = this.#gone().map(goneRow)
    const room = Math.max(0, atMost - gone.length)
    const all = [...this.#entries.values()]
    if (all.length > room) all.sort((one, other) => other.since - one.since)
    return [...all.slice(0, room).map((entry) => this.#openRow(entry)), ...gone]
  }

  #begin({ hub, at }: { hub: string; at: number }): void {
    this.#ahead = at - Date.now()
    if (hub !== this.#hub) this.#last.clear()
    this.#hub = hub
    this.#isClosed = false
  }

  #set(entries: readonly PlainEntry[]): void {
    for (const entry of entries) this.#entries.set(entry.address, entry)
  }

  #note(event: PlainEvent): void {
    this.#last.delete(event.address)
    this.#last.set(event.address, event)
  }

  #openRow({ address, state, direction, kind, since }: PlainEntry): Row {
    const last = this.#last.get(address)
    return { address, state, direction: direction ?? '', kind: kind ?? '', since, last }
  }

  #gone(): PlainEvent[] {
    return [...this.#last.values()].filter(({ address }) => !this.#entries.has(address))
  }

  #forget(): void {
    const gone = this.#gone()
    gone.forEach((event, index) => {
      const isOld = this.now - event.at > GONE.shownFor || index < gone.length - GONE.atMost
      if (isOld) this.#last.delete(event.address)
    })
  }
}

const goneRow = (event: PlainEvent): Row => ({
  address: event.address,
  state: 'disconnected',
  direction: '',
  kind: '',
  since: event.at,
  last: event,
})
