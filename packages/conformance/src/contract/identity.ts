import type { Address, Change, Hub, PeerKey } from '@conn-hub/core'
import type { Tell } from './tell.js'

/** The keys that sessions have proved, against those that their entries show. Promise 11. */
export class Identity<S> {
  readonly #tell: Tell
  readonly #proved = new Map<Address, PeerKey>()

  constructor(hub: Hub<S>, tell: Tell) {
    this.#tell = tell
    for (const after of hub.entries()) this.add({ before: undefined, after })
  }

  add({ before, after }: Change<S>): void {
    if (before && !after) this.#proved.delete(before.address)
    if (!after) return
    const { address } = after
    const known = new Set<unknown>(before?.sessions)
    for (const session of after.sessions) {
      // Read once, as the hub does: what a session says later is no proof.
      if (!known.has(session)) this.#prove(address, session.key, before?.key)
    }
    const proved = this.#proved.get(address)
    if (proved === undefined || after.key === proved) return
    this.#tell(11, 'a session has proved a key, and the entry shows another one, or none', address)
  }

  /** Until a session has proved a key, the name of the entry counts. */
  #prove(address: Address, key: PeerKey | undefined, name: PeerKey | undefined): void {
    if (key === undefined) return
    const expected = this.#proved.get(address) ?? name ?? key
    if (key === expected) this.#proved.set(address, key)
    else this.#tell(11, 'a session is in an entry of another key than it has proved', address)
  }
}
