import { Call, Callers } from './call.js'
import { CLOSE_TIMEOUT, type Links } from './links.js'
import type { Disconnect, Entry, Link } from './parts.js'
import type { Ending, Table } from './table.js'

/** What a disconnect sets going elsewhere. */
export interface Around {
  cancelDial(entry: Entry, code: string): void
  /** Nobody wants to connect there any more. */
  cancelWaiting(address: string): void
  /** Those who wait to connect there go on. */
  resume(address: string): void
  /** After the end of the hub, a close that failed is its business. */
  failed(link: Link): void
}

/** Disconnects of entries and of single links, and what becomes of an entry whose links end. */
export class Disconnects {
  readonly #table: Table
  readonly #links: Links
  readonly #around: Around

  constructor(table: Table, links: Links, around: Around) {
    this.#table = table
    this.#links = links
    this.#around = around
  }

  disconnect(address: string, call: Call, reason = 'disconnect', link?: Link): void {
    const entry = this.#table.entries.get(address)
    if (link && !entry?.links.includes(link)) call.settle('false')
    else if (link && entry && leavesAnother(entry, link)) this.#closeOne(link, reason).join(call)
    else {
      this.#around.cancelWaiting(address)
      if (entry) this.hangUp(entry, reason).join(call)
      else call.settle('false')
    }
  }

  reset(call: Call, reason = 'reset'): void {
    const parts = [...this.#table.entries.keys()].map((address) => {
      const part = new Call()
      this.disconnect(address, part, reason)
      return part
    })
    const settle = () => {
      if (parts.every(({ outcome }) => outcome !== 'pending')) call.settle('done')
    }
    for (const part of parts) part.onSettled(settle)
    settle()
  }

  /** Gives those who wait for its end. */
  hangUp(entry: Entry, reason: string, code = 'DIAL_CANCELLED'): Callers {
    if (entry.disconnect) return entry.disconnect.askers
    const askers = new Callers()
    const disconnect: Disconnect = { reason, askers, failed: new Set(), stop: () => {}, left: 0 }
    const { address, key } = entry
    entry.disconnect = disconnect
    entry.state = 'disconnecting'
    entry.waits = undefined
    for (const { single } of entry.links) single?.stop()
    this.#table.tell({ type: 'disconnecting', address, key, reason, initiator: 'local' })
    this.#around.cancelDial(entry, code)
    for (const link of [...entry.links]) {
      this.#ask(link, reason, () => this.#failed(entry, disconnect, link, 'CLOSE_FAILED'))
    }
    if (this.#table.entries.get(address) !== entry || entry.disconnect !== disconnect) return askers
    if (entry.links.length === 0) {
      this.#table.tell({ type: 'disconnected', address, key, reason, initiator: 'local' })
      this.gone(entry)
    } else {
      const { timers } = this.#table
      disconnect.stop = timers.start(CLOSE_TIMEOUT, () => this.#outOfTime(entry, disconnect))
    }
    return askers
  }

  /** A link has ended, whoever ended it. */
  ended(link: Link, how: Ending): void {
    const { single } = link
    const entry = this.#table.entryOf(link)
    link.single = undefined
    if (entry) this.leave(entry, link, { ...how, asked: single?.reason })
    single?.stop()
    single?.askers.settle('true')
  }

  leave(entry: Entry, link: Link, how: Ending): void {
    if (this.#table.remove(entry, link, how)) this.gone(entry)
    else this.#settle(entry)
  }

  /** The link stays open: whoever asked for it alone is told. */
  stays(link: Link, code: string): void {
    const { single } = link
    link.single = undefined
    single?.stop()
    single?.askers.settle(code)
  }

  gone(entry: Entry): void {
    const { address, disconnect } = entry
    this.#table.entries.delete(address)
    disconnect?.stop()
    if (disconnect && disconnect.left === 0) disconnect.askers.settle('true')
    this.#around.cancelDial(entry, 'SESSION_CLOSED')
    this.#around.resume(address)
  }

  #closeOne(link: Link, reason: string): Callers {
    if (link.single) return link.single.askers
    const single: NonNullable<Link['single']> = { reason, askers: new Callers(), stop: () => {} }
    link.single = single
    this.#ask(link, reason, () => this.#oneFailed(link, single, 'CLOSE_FAILED'))
    if (link.single !== single) return single.askers
    const { timers } = this.#table
    const onTime = () => this.#oneFailed(link, single, 'CLOSE_TIMEOUT')
    single.stop = timers.start(CLOSE_TIMEOUT, onTime)
    return single.askers
  }

  #ask(link: Link, reason: string, failed: () => void): void {
    this.#links.ask(link, reason, () => {
      if (this.#table.closed) this.#around.failed(link)
      else failed()
    })
  }

  #oneFailed(link: Link, single: Link['single'], code: string): void {
    if (!this.#table.entryOf(link) || link.single !== single) return
    if (this.#links.destroy(link, code)) return void this.ended(link, { error: code })
    if (this.#table.entryOf(link)?.disconnect) return
    this.stays(link, code)
    this.#around.resume(link.address)
  }

  /** The link is destroyed where it can be, and stays where it cannot. */
  #failed(entry: Entry, disconnect: Disconnect, link: Link, code: string): void {
    if (!entry.links.includes(link) || entry.disconnect !== disconnect) return
    if (this.#links.destroy(link, code)) return void this.ended(link, { error: code })
    disconnect.error ??= code
    disconnect.failed.add(link)
    this.#settle(entry)
  }

  #outOfTime(entry: Entry, disconnect: Disconnect): void {
    for (const link of [...entry.links]) {
      if (!disconnect.failed.has(link)) this.#failed(entry, disconnect, link, 'CLOSE_TIMEOUT')
    }
  }

  /** A disconnect has failed once every link that is left has. */
  #settle(entry: Entry): void {
    const { address, key, links, disconnect } = entry
    const error = disconnect?.error
    if (!error || !links.every((link) => disconnect.failed.has(link))) return
    entry.disconnect = undefined
    entry.state = 'connected'
    this.#table.tell({ type: 'disconnecting-failed', address, key, error })
    disconnect.stop()
    disconnect.askers.settle(error)
    for (const link of links) this.stays(link, error)
    this.#around.resume(address)
  }
}

/** Whether the entry would keep a link that nobody is closing. */
const leavesAnother = ({ state, links }: Entry, link: Link): boolean =>
  state === 'connected' && links.some((other) => other !== link && !other.single)
