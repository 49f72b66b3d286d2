import type { Change, Hub, Session } from '@conn-hub/core'
import { Ages } from './ages.js'
import type { Tell } from './tell.js'

/** Which sessions are in the entries, and which have been. Promises 5 and 6. */
export class Sessions<S> {
  readonly #tell: Tell
  readonly #left = new WeakSet<Session<S>>()
  /** Of what is open below and in no entry. */
  readonly #ages = new Ages<S>()

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

  look(hub: Hub<S>, open: ReadonlySet<S> | undefined): void {
    if (open) this.#ages.look(strays(hub, open))
  }

  /** What the entries hold against what is open below, where that is known. A close may take `grace` ms. */
  check(hub: Hub<S>, open: ReadonlySet<S> | undefined, grace: number): void {
    if (!open) return
    for (const { address, sessions } of hub.entries()) {
      for (const { handle } of sessions) {
        if (!open.has(handle)) this.#tell(6, 'a session is in an entry and not open', address)
      }
    }
    const old = this.#ages.since(grace)
    if (old.length === 0) return
    const still = strays(hub, open)
    for (const handle of old) {
      if (still.has(handle)) this.#tell(6, 'a session is open and in no entry')
    }
  }
}

/** What is open below, and in no entry. */
const strays = <S>(hub: Hub<S>, open: ReadonlySet<S>): Set<S> => {
  const held = new Set<S>()
  for (const { sessions } of hub.entries()) for (const { handle } of sessions) held.add(handle)
  const left = new Set<S>()
  for (const handle of open) if (!held.has(handle)) left.add(handle)
  return left
}

const isIn = <S>(sessions: readonly Session<S>[], session: Session<S>): boolean =>
  sessions.some((other) => other === session)
