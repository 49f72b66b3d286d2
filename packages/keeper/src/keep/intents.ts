import type { Address, PeerKey } from '@conn-hub/core'
import type { Intent } from './intent.js'

/** Nearly always there is but one under a name, who needs no set. */
type Index = Map<string, Intent | Set<Intent>>

/** All intents, by the addresses where they are dialed, and by the keys that satisfy them. */
export class Intents {
  readonly #byAddress: Index = new Map()
  readonly #byKey: Index = new Map()

  get isEmpty(): boolean {
    return this.#byAddress.size === 0
  }

  add(intent: Intent): void {
    for (const address of intent.addresses) put(this.#byAddress, address, intent)
    if (intent.key !== undefined) this.addKey(intent.key, intent)
  }

  remove(intent: Intent): void {
    for (const address of intent.addresses) take(this.#byAddress, address, intent)
    if (intent.key !== undefined) this.removeKey(intent.key, intent)
  }

  addKey(key: PeerKey, intent: Intent): void {
    put(this.#byKey, key, intent)
  }

  removeKey(key: PeerKey, intent: Intent): void {
    take(this.#byKey, key, intent)
  }

  at(address: Address): Iterable<Intent> {
    return listOf(this.#byAddress.get(address))
  }

  of(key: PeerKey | undefined): Iterable<Intent> {
    return listOf(this.#byKey.get(key ?? ''))
  }

  /** Each once: one that has several addresses comes with the first of them. */
  *all(): IterableIterator<Intent> {
    for (const [address, found] of this.#byAddress) {
      for (const intent of listOf(found)) if (intent.addresses[0] === address) yield intent
    }
  }
}

const NONE: readonly Intent[] = []

const listOf = (found: Intent | Set<Intent> | undefined): Iterable<Intent> => {
  if (!found) return NONE
  return found instanceof Set ? found : [found]
}

const put = (index: Index, name: string, intent: Intent): void => {
  const found = index.get(name)
  if (found instanceof Set) found.add(intent)
  else index.set(name, found && found !== intent ? new Set([found, intent]) : intent)
}

const take = (index: Index, name: string, intent: Intent): void => {
  const found = index.get(name)
  if (found === intent) index.delete(name)
  if (found instanceof Set && found.delete(intent) && found.size === 0) index.delete(name)
}
