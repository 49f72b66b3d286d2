import { type Call, Callers } from './call.js'
import type { Disconnects } from './disconnects.js'
import { CLOSE_TIMEOUT, type Links } from './links.js'
import type { Disconnect, Link } from './parts.js'
import type { Table } from './table.js'

/** The end of the hub: every entry leaves at once, and the end waits for the links. */
export class End {
  readonly #table: Table
  readonly #links: Links
  readonly #closers = new Callers()
  /** What is still open, with the disconnect that asked for it before the end. */
  readonly #open = new Map<Link, Disconnect | undefined>()
  #disconnects: Disconnects | undefined
  #stopTimer = () => {}
  /** Every entry has left. */
  #begun = false

  constructor(table: Table, links: Links) {
    this.#table = table
    this.#links = links
  }

  join(call: Call): void {
    this.#closers.join(call)
  }

  begin(disconnects: Disconnects): void {
    this.#disconnects = disconnects
    for (const link of this.#table.links) {
      if (!link.spare) continue
      link.spare()
      link.spare = undefined
      this.#await(link, undefined)
    }
    for (const entry of [...this.#table.entries.values()]) {
      const { disconnect } = entry
      for (const link of entry.links) this.#await(link, disconnect)
      disconnects.hangUp(entry, 'hub-closed', 'HUB_CLOSED')
      for (const link of [...entry.links]) disconnects.leave(entry, link, {})
    }
    this.#begun = true
    if (this.#open.size === 0) this.#closers.settle('done')
    else this.#stopTimer = this.#table.timers.start(CLOSE_TIMEOUT, () => this.#outOfTime())
  }

  ended(link: Link): void {
    const disconnect = this.#open.get(link)
    if (!this.#open.delete(link)) return
    if (disconnect && --disconnect.left === 0) disconnect.askers.settle('true')
    if (!this.#begun || this.#open.size > 0) return
    this.#stopTimer()
    this.#closers.settle('done')
  }

  failed(link: Link, code: string): void {
    if (!this.#open.has(link)) return
    if (!this.#links.destroy(link)) {
      this.#open.get(link)?.askers.settle(code)
      this.#disconnects?.stays(link, code)
    }
    this.ended(link)
  }

  #await(link: Link, disconnect: Disconnect | undefined): void {
    this.#open.set(link, disconnect)
    if (disconnect) disconnect.left++
  }

  #outOfTime(): void {
    for (const link of [...this.#open.keys()]) this.failed(link, 'CLOSE_TIMEOUT')
  }
}
