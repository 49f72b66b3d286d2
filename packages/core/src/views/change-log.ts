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

  add(change: Change<S, D>): void {
    const { before, after } = change
    const address = (after ?? before)?.address
    if (address === undefined || this.#isOld(address, change)) return
    const known = this.#known.get(address)
    if (!known) {
      this.#known.set(address, { before, after, left: !after })
      return
    }
    known.after = after
    if (!after) {
      known.left = true
      // It came and went: nothing to tell, and nothing to keep.
      if (!known.before) this.#known.delete(address)
    } else if (!before) {
      // Born again: it is the newest now.
      this.#known.delete(address)
      this.#known.set(address, known)
    }
  }

  take(): ChangeSet<S, D> {
    const added: Connection<S, D>[] = []
    const changed: Connection<S, D>[] = []
    const removed: Connection<S, D>[] = []
    for (const { before, after, left } of this.#known.values()) {
      if (before && (left || !after)) removed.push(before)
      if (after) (before && !left ? changed : added).push(after)
    }
    this.#known.clear()
    return { added, changed, removed }
  }

  /** Whether the reader has what this change leads to, or something later. */
  #isOld(address: Address, { before, after }: Change<S, D>): boolean {
    if (!this.#begun) return false
    this.#ahead ??= new Map(this.#begun.map((entry) => [entry.address, entry]))
    const has = this.#ahead.get(address)
    if (has === 'told') return false
    if (has === before || (has && has === after)) this.#ahead.set(address, 'told')
    return has !== before
  }
}
