import type { Changes, Connection, Hub } from '@conn-hub/core'
import type { Rpc } from '@conn-hub/secret-stack'
import type { EntryView } from './connection-data.js'
import type { Address, ConnectionData } from './types.js'

/** After so many changes, a new list costs no more than mending the old one. */
const MENDABLE = 8

/** All entries, for one reader: what has changed is changed in it, and the rest stays. It goes with its reader. */
export class LiveList<R extends Rpc> {
  readonly stop: () => void
  readonly #hub: Hub<R>
  readonly #view: EntryView<R>
  readonly #known = new Map<Address, [Address, ConnectionData]>()
  /** Of those that it knows, who have left since the reader came last. */
  readonly #left = new Set<Address>()
  #list: [Address, ConnectionData][] = []

  constructor(hub: Hub<R>, view: EntryView<R>) {
    this.#hub = hub
    this.#view = view
    this.stop = hub.closed
      ? () => {}
      : hub.on('change', ({ before, after }) => {
          if (before && !after && this.#known.has(before.address)) this.#left.add(before.address)
        })
  }

  /** In the order of the hub, where what is new is last. */
  patch({ added, changed, removed }: Changes<R>): [Address, ConnectionData][] {
    // One that left and came back is among the last now. Its times do not tell: clocks stand still, and go back.
    const isReordered = changed.some(({ address }) => this.#left.has(address))
    this.#left.clear()
    if (isReordered) this.#readAll()
    else this.#mend(added, changed, removed)
    // A copy: what a reader does with its array is its own business.
    return this.#list.slice()
  }

  #readAll(): void {
    this.#known.clear()
    this.#list = this.#hub.snapshot().map((connection) => this.#keep(connection))
  }

  #mend(added: Entries<R>, changed: Entries<R>, removed: Entries<R>): void {
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
  }

  #keep(connection: Connection<R>): [Address, ConnectionData] {
    const view = this.#view.of(connection)
    this.#known.set(connection.address, view)
    return view
  }
}

type Entries<R> = readonly Connection<R>[]
