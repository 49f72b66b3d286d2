import type { Address, Connection, PeerKey } from './connection.js'

/** After so many changes, a new snapshot costs no more than mending the old one. */
const MENDABLE = 8

/** The entries, by address and by key. Nothing else in the hub holds an entry. */
export class Store<S> {
  readonly #entries = new Map<Address, Connection<S>>()
  /** Most keys have one address, and need no set for it. */
  readonly #byKey = new Map<PeerKey, Address | Set<Address>>()
  #snapshot: readonly Connection<S>[] | undefined
  /** What the snapshot does not have yet. */
  #changes: { before: Connection<S> | undefined; after: Connection<S> }[] = []

  get size(): number {
    return this.#entries.size
  }

  get(address: Address): Connection<S> | undefined {
    return this.#entries.get(address)
  }

  entries(): IterableIterator<Connection<S>> {
    return this.#entries.values()
  }

  byKey(key: PeerKey): readonly Connection<S>[] {
    const addresses = this.#byKey.get(key) ?? []
    const all = typeof addresses === 'string' ? [addresses] : [...addresses]
    return all.map((address) => this.#entries.get(address) as Connection<S>)
  }

  /** All entries as one frozen array: made at most once a change, when somebody asks, and shared by all who ask. */
  snapshot(): readonly Connection<S>[] {
    if (!this.#snapshot) this.#snapshot = Object.freeze([...this.#entries.values()])
    else if (this.#changes.length > 0) {
      this.#snapshot = Object.freeze(this.#mended(this.#snapshot))
      this.#changes = []
    }
    return this.#snapshot
  }

  set(address: Address, after: Connection<S> | undefined): void {
    const before = this.#entries.get(address)
    if (before?.key !== after?.key) {
      if (before?.key !== undefined) this.#unindex(before.key, address)
      if (after?.key !== undefined) this.#index(after.key, address)
    }
    if (after) this.#entries.set(address, after)
    else this.#entries.delete(address)
    if (this.#snapshot) this.#note(before, after)
  }

  /** Who has left must not live on in a snapshot that nobody asks for any more. */
  #note(before: Connection<S> | undefined, after: Connection<S> | undefined): void {
    const left = !after || after.sessions.length < (before?.sessions.length ?? 0)
    if (left || this.#changes.length === MENDABLE) {
      this.#snapshot = undefined
      this.#changes = []
    } else this.#changes.push({ before, after })
  }

  #mended(snapshot: readonly Connection<S>[]): Connection<S>[] {
    // No `slice()`: of a frozen array it takes 200 times as long.
    const all = [...snapshot]
    for (const { before, after } of this.#changes) {
      // From the end: what is new changes most.
      if (before) all[all.lastIndexOf(before)] = after
      else all.push(after)
    }
    return all
  }

  #index(key: PeerKey, address: Address): void {
    const known = this.#byKey.get(key)
    if (known === undefined) this.#byKey.set(key, address)
    else if (typeof known === 'string') this.#byKey.set(key, new Set([known, address]))
    else known.add(address)
  }

  #unindex(key: PeerKey, address: Address): void {
    const known = this.#byKey.get(key)
    if (typeof known === 'string' || known?.size === 1) this.#byKey.delete(key)
    else known?.delete(address)
  }
}
