import type { Address, Connection, PeerKey } from '@conn-hub/core'
import { fieldOfAddress, fieldOfKey, keyOfField } from '../wire/entry.js'

/** One field of this machine: what the others shall see of it, and what is still to be done with it. */
export interface Slot {
  /** A key, or the address of an entry without one. */
  readonly name: string
  readonly isKey: boolean
  /** None: nobody is there. */
  value: string | undefined
  /** Since when its entry is connected, by our clock, and what the engine's was ahead of that then, in ms. */
  since: number | undefined
  skew: number
  /** The engine has it not, or in another value. */
  isUnsent: boolean
  /** Something was heard of its entries since the last look. */
  isHeard: boolean
  /** So many more are connected than at the last look. */
  more: number
  /** The entry that was heard of last, while it is there. */
  last: Connection<unknown> | undefined
}

/** What this machine shows. By key and by address, and not by field: of those strings the hub has the hash already. */
export class Fields {
  readonly #keys = new Map<PeerKey, Slot>()
  readonly #addresses = new Map<Address, Slot>()
  #size = 0

  /** So many have a value. */
  get size(): number {
    return this.#size
  }

  get(field: string): string | undefined {
    const key = keyOfField(field)
    return (key === undefined ? this.#addresses.get(field.slice(1)) : this.#keys.get(key))?.value
  }

  /** The slot of an entry; a new one where there is none. */
  of({ key, address }: Pick<Connection<unknown>, 'key' | 'address'>): Slot {
    const map = key === undefined ? this.#addresses : this.#keys
    const name = key ?? address
    const known = map.get(name)
    if (known) return known
    const slot = {
      name,
      isKey: key !== undefined,
      value: undefined,
      since: undefined,
      skew: 0,
      isUnsent: false,
      isHeard: false,
      more: 0,
      last: undefined,
    }
    map.set(name, slot)
    return slot
  }

  ofField(field: string): Slot {
    return this.of({ key: keyOfField(field), address: field.slice(1) })
  }

  put(slot: Slot, value: string | undefined): void {
    if (slot.value === undefined) this.#size++
    slot.value = value
    if (value === undefined) this.#size--
  }

  /** Of a slot without a value, with which nothing is to be done, nothing is kept. */
  tidy({ name, isKey, value, isUnsent, isHeard }: Slot): void {
    if (value !== undefined || isUnsent || isHeard) return
    const map = isKey ? this.#keys : this.#addresses
    map.delete(name)
  }

  /** Those that have a value. */
  *slots(): Generator<Slot> {
    for (const map of [this.#keys, this.#addresses]) {
      for (const slot of map.values()) if (slot.value !== undefined) yield slot
    }
  }

  *[Symbol.iterator](): Generator<readonly [field: string, value: string]> {
    for (const slot of this.slots()) yield [fieldOfSlot(slot), slot.value as string]
  }
}

export const fieldOfSlot = ({ name, isKey }: Slot): string =>
  isKey ? fieldOfKey(name) : fieldOfAddress(name)
