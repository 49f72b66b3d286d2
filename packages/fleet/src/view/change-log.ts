import type { FleetChanges, FleetEntry } from '../model/fleet.js'
import { readEntry } from '../wire/entry.js'
import type { View } from './view.js'

interface Changed {
  readonly incarnation: string
  readonly field: string
  /** As the reader has it. */
  readonly before: string | undefined
  after: string | undefined
}

/** Which entries have changed, so that a reader may be late at no cost but a place for each of them. */
export class ChangeLog<P> {
  readonly #view: View
  readonly #changed = new Map<string, Changed>()
  #hasBegun = false

  constructor(view: View) {
    this.#view = view
  }

  get isEmpty(): boolean {
    return this.#hasBegun && this.#changed.size === 0
  }

  add(
    incarnation: string,
    field: string,
    before: string | undefined,
    after: string | undefined,
  ): void {
    if (!this.#hasBegun) return
    const id = `${incarnation} ${field}`
    const known = this.#changed.get(id)
    if (!known) this.#changed.set(id, { incarnation, field, before, after })
    // It came and went, or is as it was: nothing to tell.
    else if (known.before === after) this.#changed.delete(id)
    else known.after = after
  }

  take(): FleetChanges<P> {
    const added: FleetEntry<P>[] = []
    const changed: FleetEntry<P>[] = []
    const removed: FleetEntry<P>[] = []
    for (const { incarnation, field, before, after } of this.#begin()) {
      const was = before === undefined ? undefined : readEntry<P>(incarnation, field, before)
      const is = after === undefined ? undefined : readEntry<P>(incarnation, field, after)
      if (is) (was ? changed : added).push(is)
      else if (was) removed.push(was)
    }
    this.#changed.clear()
    return { added, changed, removed }
  }

  #begin(): Iterable<Changed> {
    if (this.#hasBegun) return this.#changed.values()
    this.#hasBegun = true
    return all(this.#view)
  }
}

function* all({ shown }: View): Generator<Changed> {
  for (const { incarnation, table } of shown) {
    for (const [field, after] of table) yield { incarnation, field, before: undefined, after }
  }
}
