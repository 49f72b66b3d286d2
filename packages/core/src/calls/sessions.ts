import { isFunction, isObject, isThenable } from '../edges/guards.js'
import { askToClose, hearClosed, type Opening, selfOf } from '../edges/port.js'
import { shortText } from '../edges/printable.js'
import { startTimer } from '../edges/timer.js'
import type { Address, Session } from '../model/connection.js'
import type { HubError } from '../model/errors.js'
import type { Refusal } from '../model/events.js'
import type { Parts } from './parts.js'

/** Hears that a session has closed. */
export type OnClosed<S> = (
  address: Address,
  session: Session<S>,
  error: unknown,
  reason: string | undefined,
) => void

/** Why the hub itself turns a session away. */
export type Why = 'late' | 'wrong-peer' | 'disconnecting' | 'hub-closed' | 'self' | 'broken'

/** How a session is heard, refused and destroyed: what is done with it before it has an entry, and when it does not leave by itself. */
export class Sessions<S> {
  readonly #parts: Parts<S>
  readonly #onClosed: OnClosed<S>
  /** Sessions that were refused, could be destroyed, and have not closed: what ends the wait for them. */
  readonly #refused = new Map<Session<S>, () => void>()
  /** Why those are destroyed that are being destroyed. */
  readonly #destroying = new Map<Session<S>, HubError>()
  /** Whether it worked. */
  readonly #destroyed = new WeakMap<Session<S>, boolean>()

  constructor(parts: Parts<S>, onClosed: OnClosed<S>) {
    this.#parts = parts
    this.#onClosed = onClosed
  }

  /** Hears of the session's close from now on. Gives what tells whether it is still open. Throws where it cannot be heard. */
  hear(address: Address, { session }: Opening<S>): () => boolean {
    const known: readonly Session<S>[] = this.#parts.ledger.get(address)?.sessions ?? []
    if (known.includes(session)) return () => true
    let closed = false
    const onClosed = (error?: unknown, reason?: unknown) => {
      if (closed) return
      closed = true
      this.#tell(address, session, error, reason)
    }
    hearClosed(session, onClosed, (error) => {
      if (closed) return
      onClosed(error)
      this.refuse({ session }, 'broken', address)
    })
    return () => !closed
  }

  isOurOwn({ key }: Opening<S>): boolean {
    return key !== undefined && key === selfOf(this.#parts.transport)
  }

  /** Closes a session that gets no entry: it must not stay open unseen. */
  refuse(given: Partial<Opening<S>>, why: Why, address?: Address): void {
    const { session, direction = 'inbound', key, kind } = given
    const refusal: Refusal = { by: 'hub', why, direction, address, key, kind }
    this.#parts.ledger.refused(refusal)
    if (!isObject(session) || !has(session, 'close')) return
    if (has(session, 'destroy')) this.#watch(session)
    askToClose(session, why, (error) => this.#closeFailed(session, error))
  }

  /** Ends a session at once, and once. Whether it counts as closed now. @param why Its end is told with this error. */
  destroy(session: Session<S>, why?: HubError): boolean {
    if (!has(session, 'destroy')) return false
    const known = this.#destroyed.get(session)
    if (known !== undefined) return known
    this.#destroyed.set(session, true)
    if (why) this.#destroying.set(session, why)
    try {
      const destroying: unknown = session.destroy?.()
      if (isThenable(destroying))
        destroying.then(undefined, (error) => this.#report(error, 'destroy'))
    } catch (error) {
      this.#destroyed.set(session, false)
      this.#report(error, 'destroy')
    }
    this.#destroying.delete(session)
    return this.#destroyed.get(session) === true
  }

  /** Those that were refused and are still open. From now on `onGone` is called when one has closed, or is destroyed. */
  takeRefused(onGone: (session: Session<S>) => void): Session<S>[] {
    const all = [...this.#refused.keys()]
    for (const session of all) {
      this.#refused.get(session)?.()
      this.#refused.set(session, () => onGone(session))
    }
    return all
  }

  #tell(address: Address, session: Session<S>, error: unknown, reason: unknown): void {
    this.#forget(session)
    const said = typeof reason === 'string' && reason !== '' ? shortText(reason) : undefined
    this.#onClosed(address, session, this.#destroying.get(session) ?? error, said)
  }

  /** It is destroyed where it has not closed in time. */
  #watch(session: Session<S>): void {
    if (this.#refused.has(session)) return
    const { closeTimeout } = this.#parts
    const stop = startTimer(closeTimeout, () => {
      this.#refused.delete(session)
      this.destroy(session)
    })
    this.#refused.set(session, stop)
    try {
      hearClosed(
        session,
        () => this.#forget(session),
        () => {},
      )
    } catch {
      // It is closed because it is broken: one more fault changes nothing.
    }
  }

  #forget(session: Session<S>): void {
    const stop = this.#refused.get(session)
    this.#refused.delete(session)
    stop?.()
  }

  #closeFailed(session: Session<S>, error: unknown): void {
    if (!has(session, 'destroy')) return void this.#report(error, 'close')
    const isOpen = this.#refused.has(session)
    this.#forget(session)
    if (isOpen) this.destroy(session)
  }

  #report(error: unknown, call: 'close' | 'destroy'): void {
    this.#parts.ledger.report(error, { origin: 'transport', call })
  }
}

/** Half a session is closed, too, and may throw when it is read. */
const has = <S>(session: Session<S>, method: 'close' | 'destroy'): boolean => {
  try {
    return isFunction(session[method])
  } catch {
    return false
  }
}
