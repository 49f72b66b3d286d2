import type { Address, HubSide, Session } from '@conn-hub/core'
import { Deadlines } from './deadlines.js'
import { isFunction, isThenable } from './options.js'
import type { Time } from './time.js'

/** How long a session that was turned away may take to close, in ms: a round trip, and not much more. */
const CLOSE_TIMEOUT = 5_000
/** So many may be closing at once; then the oldest is destroyed. */
const MAX_CLOSING = 1_000

/** What was turned away. */
export interface TurnedAway<S> {
  readonly address?: Address | undefined
  readonly session: Session<S>
  /** What the other side is told. */
  readonly reason: string
  /** What listeners to `refused` are told. Default: the reason. */
  readonly why?: string | undefined
}

/** Turns sessions and dials away in the name of one policy: closes, tells, and destroys what does not close. */
export class Refuser<S> {
  readonly #by: string
  readonly #closing: Deadlines<Session<S>>
  side: HubSide<S> | undefined

  constructor(by: string, time: Time) {
    this.#by = by
    this.#closing = new Deadlines(time, CLOSE_TIMEOUT, destroy)
  }

  session({ address, session, reason, why = reason }: TurnedAway<S>): void {
    const { direction = 'inbound', key, kind } = read(session)
    this.side?.refused({ by: this.#by, why, direction, address, key, kind })
    if (this.#closing.size >= MAX_CLOSING) {
      const { oldest } = this.#closing
      if (oldest && this.#closing.delete(oldest)) destroy(oldest)
    }
    this.#closing.add(session)
    try {
      session.onClosed(() => this.#closing.delete(session))
      const closing: unknown = session.close(reason)
      if (isThenable(closing)) closing.then(undefined, () => this.#failed(session))
    } catch {
      this.#failed(session)
    }
  }

  dial(address: Address, why: string): void {
    this.side?.refused({ by: this.#by, why, direction: 'outbound', address })
  }

  #failed(session: Session<S>): void {
    if (this.#closing.delete(session)) destroy(session)
  }
}

const destroy = <S>(session: Session<S>): void => {
  try {
    if (!isFunction(session.destroy)) return
    const destroying: unknown = session.destroy()
    if (isThenable(destroying)) destroying.then(undefined, () => {})
  } catch {
    // Nobody can do more.
  }
}

/** Half a session may throw when it is read. */
const read = <S>(session: Session<S>): Partial<Pick<Session<S>, 'direction' | 'key' | 'kind'>> => {
  try {
    const { direction, key, kind } = session
    return { direction, key, kind }
  } catch {
    return {}
  }
}
