import type { Address } from '@conn-hub/core'
import { DOWN_LIMIT } from '../kept/down.js'
import type { Messages, PlainDown, PlainEntry, PlainEvent } from '../protocol.js'
import type { Message } from './message.js'
import { NoInspector } from './messages.js'
import { Order } from './order.js'
import { describeDown, describeEvent } from './words.js'

export interface Row {
  readonly address: Address
  readonly label: string | undefined
  readonly state: string
  readonly direction: string
  readonly kind: string
  /** In ms since 1970, by the clock of the server. */
  readonly since: number
  readonly last: string
}

/** How long one sees that a peer has gone, in ms, and how many of those at most. */
const GONE = { shownFor: 5_000, atMost: 5 }

/** In characters, roughly: a million entries of the usual length. A server that tells more shall not take all memory. */
const MOST = 500_000_000

const weightOf = ({ address, label = '', key = '', kind = '', reason = '' }: PlainEntry) =>
  200 + address.length + label.length + key.length + kind.length + reason.length

/** What there is to see of a hub, as the stream tells it. */
export class Picture {
  readonly #entries = new Map<Address, PlainEntry>()
  /** Who was in the parts of the snapshot that is coming, so far. */
  #seen: Set<Address> | undefined
  readonly #down = new Map<Address, PlainDown>()
  readonly #last = new Map<Address, PlainEvent>()
  readonly #gone = new Map<Address, PlainEvent>()
  readonly #counts = new Map<string, number>()
  readonly #order = new Order(this.#entries, this.#down)
  readonly #most: number
  /** Of all entries. */
  #weight = 0
  #isClosed = false
  #hub: string | undefined
  /** In ms: how far the clock of the server is ahead. */
  #ahead = 0

  constructor(most = MOST) {
    this.#most = most
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get size(): number {
    return this.#entries.size
  }

  get down(): number {
    return this.#down.size
  }

  /** By the clock of the server, in ms since 1970. */
  get now(): number {
    return Date.now() + this.#ahead
  }

  take(message: Message): void {
    this.#order.change()
    switch (message.name) {
      case 'hello':
        this.#begin(message.data)
        break
      case 'snapshot':
        this.#seen = new Set()
        this.#set(message.data.entries, message.data.more)
        break
      case 'changes':
        for (const address of message.data.gone) this.#remove(address)
        this.#set(message.data.set, message.data.more)
        break
      case 'events':
        for (const event of message.data.events) this.#note(event)
        break
      case 'aside':
        if (message.data.down) this.#takeDown(message.data.down)
        break
      case 'closed':
        this.#isClosed = true
    }
  }

  countOf(state: string): number {
    return this.#counts.get(state) ?? 0
  }

  /** So many from one on, those that matter first, and how many there are; of those alone that have all words of a filter. */
  rows(first: number, atMost: number, filter = ''): { rows: Row[]; total: number } {
    const gone = this.#goneNow()
    const items = this.#order.items(filter)
    const rows = items.slice(first, first + atMost).map((item) => this.#toRow(item))
    const room = Math.max(0, atMost - rows.length)
    const left = filter === '' ? gone.slice(0, Math.max(room, Math.min(gone.length, 2))) : []
    return { rows: [...left.map(toGoneRow), ...rows].slice(0, atMost), total: items.length }
  }

  #begin({ hub, at }: { hub: string; at: number }): void {
    this.#ahead = at - Date.now()
    if (hub !== this.#hub) for (const known of [this.#last, this.#gone, this.#down]) known.clear()
    this.#hub = hub
    this.#isClosed = false
  }

  /** `more`: what a snapshot does not have leaves when all of it is here. */
  #set(entries: readonly PlainEntry[], more: true | undefined): void {
    for (const entry of entries) {
      this.#seen?.add(entry.address)
      this.#remove(entry.address)
      this.#count(entry.state, 1)
      this.#entries.set(entry.address, entry)
      this.#weigh(weightOf(entry))
      this.#gone.delete(entry.address)
    }
    const seen = this.#seen
    if (more || !seen) return
    this.#seen = undefined
    for (const address of this.#entries.keys()) if (!seen.has(address)) this.#remove(address)
  }

  #remove(address: Address): void {
    const entry = this.#entries.get(address)
    if (!entry) return
    this.#entries.delete(address)
    this.#count(entry.state, -1)
    this.#weigh(-weightOf(entry))
  }

  #weigh(by: number): void {
    this.#weight += by
    if (this.#weight > this.#most) throw new NoInspector('more entries than any hub has')
  }

  #count(state: string, by: number): void {
    const count = this.countOf(state) + by
    // A server may name any number of states.
    if (count === 0) this.#counts.delete(state)
    else this.#counts.set(state, count)
  }

  #takeDown({ set, gone, all }: NonNullable<Messages['aside']['down']>): void {
    if (all) this.#down.clear()
    for (const address of gone) this.#down.delete(address)
    for (const peer of set) this.#down.set(peer.address, peer)
    for (const oldest of this.#down.keys()) {
      if (this.#down.size <= DOWN_LIMIT) break
      this.#down.delete(oldest)
    }
  }

  /** The last event of those that are here, and of some that have just gone. */
  #note(event: PlainEvent): void {
    const { address } = event
    this.#last.delete(address)
    this.#gone.delete(address)
    if (this.#entries.has(address)) this.#last.set(address, event)
    else this.#gone.set(address, event)
    for (const oldest of this.#gone.keys()) {
      if (this.#gone.size <= GONE.atMost) break
      this.#gone.delete(oldest)
    }
    if (this.#last.size <= 2 * this.#entries.size + GONE.atMost) return
    for (const known of this.#last.keys()) if (!this.#entries.has(known)) this.#last.delete(known)
  }

  #goneNow(): PlainEvent[] {
    for (const [address, { at }] of this.#gone) {
      if (this.now - at > GONE.shownFor) this.#gone.delete(address)
    }
    return [...this.#gone.values()].filter(({ address }) => !this.#down.has(address))
  }

  #toRow(item: PlainEntry | PlainDown): Row {
    const { address, label, kind = '' } = item
    const entry = this.#entries.get(address)
    const last = this.#last.get(address)
    if (!('state' in item) && !entry) {
      const { since } = item
      return { address, label, state: 'down', direction: '', kind, since, last: describeDown(item) }
    }
    const { state, direction = '', since } = entry ?? (item as PlainEntry)
    return { address, label, state, direction, kind, since, last: last ? describeEvent(last) : '' }
  }
}

const toGoneRow = (event: PlainEvent): Row => ({
  address: event.address,
  label: undefined,
  state: 'disconnected',
  direction: '',
  kind: '',
  since: event.at,
  last: describeEvent(event),
})
