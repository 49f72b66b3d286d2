import type { Connection } from '@conn-hub/core'
import type { ChangeSet } from '@conn-hub/pull-stream'
import type { Rpc } from '@conn-hub/secret-stack'
import type { EntryView } from './connection-data.js'
import type { Address, ConnectionData } from './types.js'

/** After so many changes, a new list costs no more than mending the old one. */
const MENDABLE = 8

/** All entries, for one reader, in the order of the hub: what has changed is changed in it, and the rest stays. */
export class LiveList<R extends Rpc> {
  readonly #view: EntryView<R>
  readonly #known = new Map<Address, [Address, ConnectionData]>()
  #list: [Address, ConnectionData][] = []

  constructor(view: EntryView<R>) {
    this.#view = view
  }

  /** What left goes first: where it came back, it is among the last. */
  patch({ added, changed, removed }: ChangeSet<R>): [Address, ConnectionData][] {
    for (const { address } of removed) this.#known.delete(address)
    const mendable = removed.length === 0 && changed.length <= MENDABLE
    for (const connection of changed) {
      const before = this.#known.get(connection.address)
      if (!before) continue
      const view = this.#keep(connection)
      if (mendable) this.#list[this.#list.lastIndexOf(before)] = view
    }
    for (const connection of added) this.#list.push(this.#keep(connection))
    if (!mendable) this.#list = [...this.#known.values()]
    // A copy: what a reader does with its array is its own business.
    return this.#list.slice()
  }

  #keep(connection: Connection<R>): [Address, ConnectionData] {
    const view = this.#view.of(connection)
    this.#known.set(connection.address, view)
    return view
  }
}
