import type { Address, Connection, Hub, PeerKey } from '@conn-hub/core'
import type { Intent } from './intent.js'
import { Intents } from './intents.js'

/** All intents, and whether there is a link that satisfies each. */
export class Links extends Intents {
  readonly #hub: Hub<unknown, never>

  constructor(hub: Hub<unknown, never>) {
    super()
    this.#hub = hub
  }

  isSatisfied({ target, rare }: Intent): boolean {
    if (typeof target !== 'string') return this.#isProved(target.key)
    if ((this.#hub.get(target)?.sessions.length ?? 0) > 0) return true
    return rare?.standIn !== undefined && this.#isProved(rare.standIn)
  }

  isDialed({ target, addresses }: Intent): boolean {
    const isDialed = (address: Address) => this.#hub.getState(address) === 'connecting'
    return typeof target === 'string' ? isDialed(target) : addresses.some(isDialed)
  }

  /** The link of this address was one too many: another one of the same proved key is as good, as long as it lives. */
  takeStandIns(address: Address, key: PeerKey): void {
    if (!this.#isProved(key)) return
    for (const intent of [...this.at(address)]) {
      if (typeof intent.target !== 'string') continue
      this.dropStandIn(intent)
      intent.extra.standIn = key
      this.addKey(key, intent)
    }
  }

  dropStandIn(intent: Intent): void {
    const { rare } = intent
    if (rare?.standIn === undefined) return
    this.removeKey(rare.standIn, intent)
    rare.standIn = undefined
  }

  /** What an address or a caller says is a name; what a session has proved counts. */
  #isProved(key: PeerKey): boolean {
    return this.#hub.byKey(key).some((entry) => provedBy(entry).includes(key))
  }
}

/** The keys that the sessions of an entry have proved. */
export const provedBy = (entry: Connection<unknown> | undefined): PeerKey[] =>
  entry ? entry.sessions.flatMap(({ key }) => key ?? []) : []
