import type { Changes, Connection } from '@conn-hub/core'
import type { Rpc } from '@conn-hub/secret-stack'
import type { EntryView } from './connection-data.js'
import type { Address, ConnectionData } from './types.js'

/** After so many changes, a new list costs no more than mending the old one. */
const MENDABLE = 8

/** All entries, for one reader: what has changed is changed in it, and the rest stays. It goes with its reader. */
export class LiveList<R extends Rpc> {
  readonly #view: EntryView<R>
  readonly #known = new Map<Address, [Address, ConnectionData]>()
  #list: [Address, ConnectionData][] = []

  constructor(view: EntryView<R>) {
    this.#view = view
  }

  /** In the order of the hub, where what is new is last. */
  patch({ added, changed, removed }: Changes<R>): [Address, ConnectionData][] {
    // They left and came back, and are among the last now.
    const reborn = changed.filter((connection) => !this.#isSameLife(connection))
    for (const { address } of [...removed, ...reborn]) this.#known.delete(address)
    const mendable = removed.length + reborn.length === 0 && changed.length <= MENDABLE
    for (const connection of changed) {
      const before = this.#known.get(connection.address)
      if (!before) continue
      const view = this.#keep(connection)
      if (mendable) this.#list[this.#list.lastIndexOf(before)] = view
    }
    for (const connection of reborn.length > 0 ? inOrder([...added, ...reborn]) : added) {
      this.#list.push(this.#keep(connection))
    }
    if (!mendable) this.#list = [...this.#known.values()]
    // A copy: what a reader does with its array is its own business.
    return this.#list.slice()
  }

  #isSameLife({ address, createdAt }: Connection<R>): boolean {
    return this.#known.get(address)?.[1].hubBirth === createdAt
  }

  #keep(connection: Connection<R>): [Address, ConnectionData] {
    const view = this.#view.of(connection)
    this.#known.set(connection.address, view)
    return view
  }
}

const inOrder = <R>(connections: Connection<R>[]): Connection<R>[] =>
  connections.sort((one, other) => one.createdAt - other.createdAt)
