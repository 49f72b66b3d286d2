import type { Address, Connection, PeerKey } from '../model/connection.js'

/** The entries, by address and by key. Nothing else in the hub holds an entry. */
export class Store<S> {
  readonly #entries = new Map<Address, Connection<S>>()
  /** Most keys have one address, and need no set for it. */
  readonly #byKey = new Map<PeerKey, Address | Set<Address>>()
  #snapshot: readonly Connection<S>[] | undefined

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
    const all = typeof addresses === 'string' ? [addresses] : addresses
    const found: Connection<S>[] = []
    for (const address of all) {
      const entry = this.#entries.get(address)
      if (entry) found.push(entry)
    }
    return found
  }

  /** All entries as one frozen array: made at most once a change, when somebody asks, and shared by all who ask. */
  snapshot(): readonly Connection<S>[] {
    this.#snapshot ??= Object.freeze([...this.#entries.values()])
    return this.#snapshot
  }

  set(address: Address, before: Connection<S> | undefined, after: Connection<S> | undefined): void {
    if (before?.key !== after?.key) {
      if (before?.key !== undefined) this.#unindex(before.key, address)
      if (after?.key !== undefined) this.#index(after.key, address)
    }
    if (after) this.#entries.set(address, after)
    else this.#entries.delete(address)
    this.#snapshot = undefined
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
