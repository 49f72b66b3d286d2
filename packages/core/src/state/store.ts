import type { Address, Connection, PeerKey } from '../model/connection.js'

/** What can be read of the entries. */
export interface Entries<S> {
  readonly size: () => number
  readonly get: (address: Address) => Connection<S> | undefined
  readonly entries: () => IterableIterator<Connection<S>>
  readonly byKey: (key: PeerKey) => readonly Connection<S>[]
  /** All entries as one frozen array: made at most once a change, when somebody asks, and shared by all who ask. */
  readonly snapshot: () => readonly Connection<S>[]
}

export interface Store<S> extends Entries<S> {
  /** Puts `after` in the place of `before`, which is what stands there. */
  readonly set: (
    address: Address,
    before: Connection<S> | undefined,
    after: Connection<S> | undefined,
  ) => void
}

/** The entries, by address and by key. Nothing else in the hub holds an entry. */
export const createStore = <S>(): Store<S> => {
  const all = new Map<Address, Connection<S>>()
  /** Made when somebody asks for a key, and kept from then on. Most keys have one address, and need no set for it. */
  let keys: Map<PeerKey | undefined, Address | Set<Address>> | undefined
  let snapshot: readonly Connection<S>[] | undefined

  const index = ({ key, address }: Connection<S>): void => {
    if (key === undefined) return
    const known = keys?.get(key)
    if (typeof known === 'object') known.add(address)
    else keys?.set(key, known === undefined ? address : new Set([known, address]))
  }

  const unindex = ({ key, address }: Connection<S>): void => {
    const known = keys?.get(key)
    if (typeof known === 'object' && known.size > 1) known.delete(address)
    else keys?.delete(key)
  }

  return {
    size: () => all.size,
    get: (address) => all.get(address),
    entries: () => all.values(),
    byKey: (key) => {
      if (!keys) {
        keys = new Map()
        all.forEach(index)
      }
      const known = keys.get(key) ?? []
      return (typeof known === 'string' ? [known] : [...known]).flatMap(
        (address) => all.get(address) ?? [],
      )
    },
    snapshot: () => {
      snapshot ??= Object.freeze([...all.values()])
      return snapshot
    },
    set: (address, before, after) => {
      if (after) all.set(address, after)
      else all.delete(address)
      snapshot = undefined
      if (!keys || before?.key === after?.key) return
      if (before) unindex(before)
      if (after) index(after)
    },
  }
}
