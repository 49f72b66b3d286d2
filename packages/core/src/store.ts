import type { Address, Connection, PeerKey } from './connection.js'

/** The entries, by address and by key. Nothing else in the hub holds an entry. */
export class Store<S> {
  readonly #entries = new Map<Address, Connection<S>>()
  readonly #byKey = new Map<PeerKey, Set<Address>>()
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
    const found: Connection<S>[] = []
    for (const address of this.#byKey.get(key) ?? []) {
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

  set(address: Address, entry: Connection<S> | undefined): void {
    const key = this.#entries.get(address)?.key
    if (key !== entry?.key) {
      this.#unindex(key, address)
      this.#index(entry?.key, address)
    }
    if (entry) this.#entries.set(address, entry)
    else this.#entries.delete(address)
    this.#snapshot = undefined
  }

  #index(key: PeerKey | undefined, address: Address): void {
    if (key === undefined) return
    const addresses = this.#byKey.get(key)
    if (addresses) addresses.add(address)
    else this.#byKey.set(key, new Set([address]))
  }

  #unindex(key: PeerKey | undefined, address: Address): void {
    if (key === undefined) return
    const addresses = this.#byKey.get(key)
    addresses?.delete(address)
    if (addresses?.size === 0) this.#byKey.delete(key)
  }
}
