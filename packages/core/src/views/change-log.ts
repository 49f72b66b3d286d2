import type { Address, Connection, Metadata } from '../model/connection.js'
import type { Change } from '../model/events.js'

/**
 * What became of the entries since somebody asked last: what to take away, then what to put in the place of what was there, then what to
 * add. An entry that left and came back is in `removed`, as the reader knew it, and in `added`.
 */
export interface ChangeSet<S, D extends Metadata = Metadata> {
  /** Entries that the reader has not, or that were born anew. */
  readonly added: readonly Connection<S, D>[]
  /** Entries that the reader has in an older version. */
  readonly changed: readonly Connection<S, D>[]
  /** As the reader knew them. */
  readonly removed: readonly Connection<S, D>[]
}

/** What is known of an address that has changed since the reader came last. */
interface Known<S, D extends Metadata> {
  /** As the reader has it. */
  readonly before: Connection<S, D> | undefined
  after: Connection<S, D> | undefined
  /** It left since then, and what is there now is another life of it. */
  left: boolean
}

/** Remembers which entries changed, so that a reader may be late at no cost but a place for each of them. */
export class ChangeLog<S, D extends Metadata> {
  readonly #known = new Map<Address, Known<S, D>>()
  /** What the reader got first, while changes that lead there may still have to be told. */
  #begun: readonly Connection<S, D>[] | undefined
  /** The same by address, made when a change comes; `'told'` where the changes go on from what the reader has. */
  #ahead: Map<Address, Connection<S, D> | 'told'> | undefined

  get any(): boolean {
    return this.#known.size > 0
  }

  /** The reader has these. A delivery may be under way: what led here and is still to be told must not be told to it again. */
  begin(entries: readonly Connection<S, D>[]): void {
    this.#begun = entries
    // A delivery is over before any promise goes on.
    Promise.resolve().then(() => {
      this.#begun = undefined
      this.#ahead = undefined
    })
  }

  add({ before, after }: Change<S, D>): void {
    // A change has one of them.
    const { address } = (after ?? before) as Connection<S, D>
    if (this.#begun) {
      this.#ahead ??= new Map(this.#begun.map((entry) => [entry.address, entry]))
      const has = this.#ahead.get(address)
      // The reader has what this change leads to, or something later.
      const isOld = has !== 'told' && has !== before
      if (!isOld || (has && has === after)) this.#ahead.set(address, 'told')
      if (isOld) return
    }
    const known = this.#known.get(address) ?? { before, after, left: false }
    known.after = after
    if (!after) known.left = true
    // Born again: it is the newest now.
    if (!before) this.#known.delete(address)
    if (after || known.before) this.#known.set(address, known)
    // It came and went: nothing to tell, and nothing to keep.
    else this.#known.delete(address)
  }

  take(): ChangeSet<S, D> {
    const set: Record<keyof ChangeSet<S, D>, Connection<S, D>[]> = {
      added: [],
      changed: [],
      removed: [],
    }
    for (const { before, after, left } of this.#known.values()) {
      // Whoever left has another life by now, or none.
      if (before && left) set.removed.push(before)
      if (after) set[before && !left ? 'changed' : 'added'].push(after)
    }
    this.#known.clear()
    return set
  }
}
