import type { Known, View } from '../view/view.js'
import type { OwnTable } from './own-table.js'

export interface LookParts {
  readonly table: OwnTable<unknown>
  readonly view: View
  readonly own: Known
}

/** The fields that have to be looked at: so the own view keeps up with the hub. */
export class Look {
  readonly #parts: LookParts
  #fields = new Set<string>()

  constructor(parts: LookParts) {
    this.#parts = parts
  }

  add(field: string): void {
    this.#fields.add(field)
  }

  /** All that there are. */
  addAll(): void {
    for (const field of this.#parts.own.table.keys()) this.#fields.add(field)
  }

  /** Brings the own view up to date, and gives the fields that have changed. */
  take(): string[] {
    const { table, view, own } = this.#parts
    const set: string[] = []
    const remove: string[] = []
    const changed: string[] = []
    // publish() may change the hub: what it changes is looked at the next time.
    const fields = this.#fields
    this.#fields = new Set()
    for (const field of fields) {
      const value = table.valueOf(field)
      if (own.table.get(field) === value) continue
      if (value === undefined) remove.push(field)
      else set.push(field, value)
      changed.push(field)
    }
    view.apply(own, { first: false, set, remove }, own.record)
    return changed
  }
}
