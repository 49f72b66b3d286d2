import type { View } from '../view/view.js'
import { type Fields, fieldOfSlot, type Slot } from './fields.js'
import type { Connected } from './observe.js'
import type { OwnTable } from './own-table.js'

export interface LookParts {
  readonly table: OwnTable<unknown>
  readonly view: View
  readonly fields: Fields
}

/** What has to be looked at: so what this machine shows keeps up with the hub. */
export class Look {
  readonly #parts: LookParts
  #heard: Slot[] = []
  /** So many entries are connected, by what was heard. */
  #entries = 0
  /** The same at the last look; `undefined`: something was heard during it. */
  #looked: number | undefined = 0

  constructor(parts: LookParts) {
    this.#parts = parts
  }

  add(before: Connected, after: Connected): void {
    if (before && after && before.key === after.key) {
      this.#hear(after).last = after
      return
    }
    if (before) {
      this.#entries--
      const slot = this.#hear(before)
      slot.more--
      if (slot.last?.address === before.address) slot.last = undefined
    }
    if (after) {
      this.#entries++
      const slot = this.#hear(after)
      slot.more++
      slot.last = after
    }
  }

  /** All that there are; since when they are connected is told anew. */
  addAll(): void {
    for (const entry of this.#parts.table.connected()) {
      const slot = this.#hear(entry)
      slot.last = entry
      slot.since = undefined
    }
  }

  /** Brings what is shown up to date, and gives what has changed. */
  take(): Slot[] {
    const { view, fields } = this.#parts
    const changed: Slot[] = []
    const isPlain = fields.size === this.#looked
    const entries = this.#entries
    // publish() may change the hub: what it changes is looked at the next time.
    const heard = this.#heard
    this.#heard = []
    for (const slot of heard) {
      const before = slot.value
      const value = this.#valueOf(slot, isPlain)
      if (before === value) {
        fields.tidy(slot)
        continue
      }
      fields.put(slot, value)
      changed.push(slot)
      if (view.watches.size > 0) view.tell(fieldOfSlot(slot), before, value)
    }
    this.#looked = this.#heard.length === 0 ? entries : undefined
    return changed
  }

  #hear(entry: NonNullable<Connected>): Slot {
    const slot = this.#parts.fields.of(entry)
    if (slot.isHeard) return slot
    slot.isHeard = true
    this.#heard.push(slot)
    return slot
  }

  /**
   * The hub is asked only where what was heard does not say it: a hub that was never asked for a key keeps no index of them.
   *
   * @param isPlain There were as many fields as entries: so each entry had one of its own, and none was kept from the others.
   */
  #valueOf(slot: Slot, isPlain: boolean): string | undefined {
    const { value, more, last } = slot
    slot.isHeard = false
    slot.more = 0
    slot.last = undefined
    const count = (value === undefined ? 0 : 1) + more
    if (isPlain && count === 0) return undefined
    const isKnown = (isPlain || value === undefined) && count === 1
    return this.#parts.table.valueOf(slot, isKnown ? last : undefined)
  }
}
