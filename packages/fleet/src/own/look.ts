import type { Connection } from '@conn-hub/core'
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
  /** With the entry that was heard of last. */
  #fields = new Map<string, Connection<unknown> | undefined>()

  constructor(parts: LookParts) {
    this.#parts = parts
  }

  add(field: string, entry?: Connection<unknown>): void {
    // Of two, the hub says which comes first.
    this.#fields.set(field, this.#fields.has(field) ? undefined : entry)
  }

  /** All that there are. */
  addAll(): void {
    for (const field of this.#parts.own.table.keys()) this.add(field)
  }

  /** Brings the own view up to date, and gives the fields that have changed. */
  take(): string[] {
    const { table, view, own } = this.#parts
    const changed: string[] = []
    // publish() may change the hub: what it changes is looked at the next time.
    const fields = this.#fields
    this.#fields = new Map()
    for (const [field, entry] of fields) {
      const before = own.table.get(field)
      // Whoever is new, and alone, need not be looked for.
      const value = table.valueOf(field, before === undefined ? entry : undefined)
      if (before === value) continue
      view.put(own, field, before, value)
      changed.push(field)
    }
    return changed
  }
}
