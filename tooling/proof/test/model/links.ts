import type { Direction } from '@conn-hub/core'
import { type Link, SELF, type StepOf } from './parts.js'
import { type Ending, nameOf, type Table } from './table.js'

export const CLOSE_TIMEOUT = 5_000

/** How links open, are asked to close, refused and destroyed. */
export class Links {
  readonly #table: Table
  /** Hears that a link has ended. */
  readonly #onEnded: (link: Link, how: Ending) => void

  constructor(table: Table, onEnded: (link: Link, how: Ending) => void) {
    this.#table = table
    this.#onEnded = onEnded
  }

  open(address: string, direction: Direction, opens: StepOf<'inbound' | 'answer'>): Link {
    const { links } = this.#table
    const { closes, destroys = 'none', proves = 'named' } = opens
    const key = { named: nameOf(address), other: 'other', none: undefined, ours: SELF }[proves]
    const index = links.length
    const link = { index, address, direction, key, closes, destroys, asked: [], isOpen: true }
    links.push(link)
    return link
  }

  ended(link: Link, how: Ending = {}): void {
    link.isOpen = false
    link.spare?.()
    link.spare = undefined
    this.#onEnded(link, how)
  }

  ask(link: Link, reason: string, failed: () => void): void {
    link.asked.push(reason)
    if (link.closes === 'at-once') this.ended(link)
    if (link.closes === 'later') this.#table.soon.push(() => this.ended(link))
    if (link.closes === 'throw') failed()
    if (link.closes === 'reject') this.#table.soon.push(failed)
  }

  refuse(link: Link, why: string): void {
    const { address, key, direction } = link
    const { closed, timers } = this.#table
    if (!closed) this.#table.tell({ type: 'refused by hub', why, direction, address, key })
    const destroy = () => {
      const isWatched = link.spare !== undefined
      link.spare?.()
      link.spare = undefined
      if (isWatched) this.destroy(link)
    }
    // What was refused before has its deadline.
    const isFirst = !link.spare
    if (isFirst && link.isOpen && link.destroys !== 'none') link.spare = () => {}
    this.ask(link, why, destroy)
    if (isFirst && link.spare) link.spare = timers.start(CLOSE_TIMEOUT, destroy)
  }

  /** Whether the link counts as closed now. */
  destroy(link: Link, error?: string): boolean {
    if (link.destroys === 'none') return false
    if (!link.destroyed) {
      link.destroyed = link.destroys === 'throw' ? 'stays' : 'gone'
      if (link.destroys === 'at-once') this.ended(link, { error })
    }
    return link.destroyed === 'gone'
  }
}
