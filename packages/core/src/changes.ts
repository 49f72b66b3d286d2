import type { Address, Connection } from './connection.js'
import type { Store } from './store.js'

/** What became of the entries since somebody asked last. An entry is in one of the three lists at most. */
export interface Changes<S> {
  readonly added: readonly Connection<S>[]
  readonly changed: readonly Connection<S>[]
  /** As the reader knew them. */
  readonly removed: readonly Connection<S>[]
}

/** Remembers which entries changed, so that a reader may be late at no cost but a place for each of them. */
export class Tracker<S> {
  readonly #store: Store<S>
  readonly #onStop: (tracker: Tracker<S>) => void
  /** What the reader knows of each address that changed since it asked; none: it has not asked yet. */
  #known: Map<Address, Connection<S> | undefined> | undefined

  constructor(store: Store<S>, onStop: (tracker: Tracker<S>) => void) {
    this.#store = store
    this.#onStop = onStop
  }

  note(
    address: Address,
    before: Connection<S> | undefined,
    after: Connection<S> | undefined,
  ): void {
    const known = this.#known
    if (!known) return
    if (!known.has(address)) known.set(address, before)
    // It came and went: nothing to tell, and nothing to keep.
    else if (!after && !known.get(address)) known.delete(address)
  }

  /** What changed since the last call, or nothing; at the first call all entries are `added`. */
  take(): Changes<S> | undefined {
    const known = this.#known
    this.#known = new Map()
    if (!known) return { added: this.#store.snapshot(), changed: [], removed: [] }
    const added: Connection<S>[] = []
    const changed: Connection<S>[] = []
    const removed: Connection<S>[] = []
    for (const [address, before] of known) {
      const now = this.#store.get(address)
      if (now && before) changed.push(now)
      else if (now) added.push(now)
      else if (before) removed.push(before)
    }
    return added.length + changed.length + removed.length > 0
      ? { added, changed, removed }
      : undefined
  }

  stop(): void {
    this.#known = new Map()
    this.#onStop(this)
  }
}
