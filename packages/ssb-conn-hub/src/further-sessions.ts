import type { Address, Connection, Direction, Hub, PeerKey, Session } from '@conn-hub/core'

/** A session of an entry that has one already: told by a `connected` of its own, as ssb-conn-hub does. */
export interface FurtherSession<S> {
  readonly type: 'connected'
  readonly address: Address
  readonly key: PeerKey | undefined
  readonly session: Session<S>
  readonly direction: Direction
}

type Listener<S> = (further: FurtherSession<S>) => unknown

/** Core tells of an entry's first session by an event, and of the others by `change` alone. */
export class FurtherSessions<S> {
  readonly #listeners = new Set<Listener<S>>()

  /** Made with the hub: so its listeners hear of a session before those of `change` do. */
  constructor(hub: Hub<S>) {
    hub.on('change', ({ before, after }) => {
      const session = furtherOf(before, after)
      if (!after || !session) return
      const { address, key } = after
      this.#tell({ type: 'connected', address, key, session, direction: session.direction })
    })
  }

  on(listener: Listener<S>): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** All hear it, also where one throws. */
  #tell(further: FurtherSession<S>): void {
    const errors: unknown[] = []
    for (const listener of [...this.#listeners]) {
      try {
        if (this.#listeners.has(listener)) listener(further)
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 1) throw new AggregateError(errors, 'Several listeners threw')
    if (errors.length > 0) throw errors[0]
  }
}

const furtherOf = <S>(
  before: Connection<S> | undefined,
  after: Connection<S> | undefined,
): Session<S> | undefined => {
  if (before?.state !== 'connected' || after?.state !== 'connected') return undefined
  return after.sessions.length > before.sessions.length ? after.sessions.at(-1) : undefined
}
