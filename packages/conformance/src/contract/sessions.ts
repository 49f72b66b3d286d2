import type { Change, Hub, Session } from '@conn-hub/core'
import type { Tell } from './tell.js'

/** Which sessions are in the entries, and which have been. Promises 5 and 6. */
export class Sessions<S> {
  readonly #tell: Tell
  readonly #left = new WeakSet<Session<S>>()
  /** Open below and in no entry, since when. */
  #unseen = new Map<S, number>()

  constructor(tell: Tell) {
    this.#tell = tell
  }

  add({ before, after }: Change<S>): void {
    const [had, has] = [before?.sessions ?? [], after?.sessions ?? []]
    for (const session of had) if (!isIn(has, session)) this.#left.add(session)
    for (const session of has) {
      if (isIn(had, session)) continue
      if (this.#left.has(session))
        this.#tell(5, 'a session that had gone came again', after?.address)
    }
    if (new Set(has).size < has.length) {
      this.#tell(6, 'a session is in its entry twice', after?.address)
    }
  }

  /** What the entries hold against what is open below. A close may take `grace` ms. */
  check(hub: Hub<S>, open: ReadonlySet<S>, grace: number): void {
    const held = new Set<S>()
    for (const { address, sessions } of hub.entries()) {
      for (const { handle } of sessions) {
        held.add(handle)
        if (!open.has(handle)) this.#tell(6, 'a session is in an entry and not open', address)
      }
    }
    const before = this.#unseen
    this.#unseen = new Map()
    for (const handle of open) {
      if (held.has(handle)) continue
      const since = before.get(handle) ?? Date.now()
      this.#unseen.set(handle, since)
      if (Date.now() - since > grace) this.#tell(6, 'a session is open and in no entry')
    }
  }
}

const isIn = <S>(sessions: readonly Session<S>[], session: Session<S>): boolean =>
  sessions.some((other) => other === session)
