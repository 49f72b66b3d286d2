import type { Address, Change, Connection, Hub } from '@conn-hub/core'
import type { Tell } from './tell.js'

/** The changes so far, as the entries that they make. Promise 3. */
export class ChangeFold<S> {
  readonly #tell: Tell
  readonly #entries = new Map<Address, Connection<S>>()

  constructor(hub: Hub<S>, tell: Tell) {
    this.#tell = tell
    for (const entry of hub.entries()) this.#entries.set(entry.address, entry)
  }

  get size(): number {
    return this.#entries.size
  }

  get addresses(): IterableIterator<Address> {
    return this.#entries.keys()
  }

  add({ before, after }: Change<S>): void {
    const address = (after ?? before)?.address
    if (address === undefined) return void this.#tell(3, 'a change had neither before nor after')
    if (before !== this.#entries.get(address)) {
      this.#tell(3, 'a change does not go on where the change before it ended', address)
    }
    if (after) this.#entries.set(address, after)
    else this.#entries.delete(address)
  }

  /** The hub is at rest: its entry is the one that was told, and the indexes find it. */
  check(hub: Hub<S>, address: Address): void {
    const [has, told] = [hub.get(address), this.#entries.get(address)]
    if (has !== told) this.#tell(3, 'the entry is not the one that was told last', address)
    if (has?.key !== undefined && !hub.byKey(has.key).includes(has)) {
      this.#tell(3, 'byKey() does not find the entry', address)
    }
  }
}
