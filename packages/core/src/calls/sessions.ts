import { attempt, isObject, isString, surely } from '../edges/guards.js'
import { can, type Opening } from '../edges/port.js'
import { shortText } from '../edges/printable.js'
import { startTimer } from '../edges/timer.js'
import type { Address, Connection, Session } from '../model/connection.js'
import { HubError, toHubError } from '../model/errors.js'
import { closeTimedOut } from './errors.js'
import type { Parts } from './parts.js'
import type { Disconnect, Teardown, TeardownOwner } from './teardown.js'

/** Why the hub itself turns a session away. */
export type Why = 'late' | 'wrong-peer' | 'disconnecting' | 'hub-closed' | 'self' | 'broken'

/** A session that is heard. */
interface Heard<S> {
  readonly address: Address
  readonly session: Session<S>
  closed: boolean
  /** Its end cannot be heard. */
  error: HubError | undefined
}

/** How a session is heard, asked to close, destroyed and refused. */
export type Sessions<S> = ReturnType<typeof createSessions<S>>

export const createSessions = <S>(parts: Parts<S>, owner: TeardownOwner<S>) => {
  const { ledger, closeTimeout } = parts
  /** By session and by address: one that is in several entries is torn down for each of them. */
  const teardowns = new Map<Session<S>, Map<Address | undefined, Teardown<S>>>()
  /** Those that were destroyed, and whether it worked. */
  const destroyed = new WeakMap<Session<S>, boolean>()
  /** Those that the end of the hub waits for. */
  let open: Set<Teardown<S>> | undefined
  let onEmpty = () => {}

  const report = (error: unknown, call: string, address?: Address): void =>
    ledger.report(error, { origin: 'transport', call, address })

  /** The teardown of a session that is being closed. */
  const of = (session: Session<S>, address: Address | undefined): Teardown<S> | undefined =>
    teardowns.get(session)?.get(address)

  /** The teardown is over. */
  const forget = (session: Session<S>, address: Address | undefined): Teardown<S> | undefined => {
    const own = teardowns.get(session)
    const teardown = own?.get(address)
    if (!own || !teardown) return undefined
    own.delete(address)
    if (own.size === 0) teardowns.delete(session)
    if (teardown.disconnect) teardown.disconnect.left--
    teardown.stopTimer?.()
    if (open?.delete(teardown) && open.size === 0) onEmpty()
    return teardown
  }

  const closed = (
    session: Session<S>,
    address: Address | undefined,
    error?: unknown,
    reason?: string,
    // At the end of the hub the entry leaves by itself.
    isQuiet?: boolean,
  ): void => {
    const teardown = of(session, address)
    surely(() => {
      forget(session, address)
      if (address !== undefined && !isQuiet) owner.closed(address, session, teardown, error, reason)
      teardown?.callers?.resolve(true)
      if (teardown?.disconnect?.left === 0) teardown.disconnect.callers.resolve(true)
    })
  }

  /** Ends a session at once, and once. Whether it counts as closed now. */
  const destroy = (teardown: Teardown<S>, error: HubError): boolean => {
    const { session } = teardown
    let isDone = destroyed.get(session) ?? can(session, 'destroy')
    if (!isDone || destroyed.has(session)) return isDone
    // At the end of the hub its entry leaves by that, and by no error.
    if (!parts.ended) teardown.error = error
    attempt(
      () => {
        destroyed.set(session, true)
        return session.destroy?.()
      },
      (failure) => {
        isDone = false
        report(failure, 'destroy')
      },
    )
    teardown.error = undefined
    destroyed.set(session, isDone)
    return isDone
  }

  /** Whether anybody waited for it. */
  const reject = ({ callers, disconnect }: Teardown<S>, error: HubError): boolean => {
    const anybody = callers?.any || disconnect?.callers.any
    callers?.reject(error)
    disconnect?.callers.reject(error)
    return anybody === true
  }

  /** It did not close: it is destroyed where it can be, and else stays open. */
  const failed = (teardown: Teardown<S>, error: HubError): void => {
    const { session, address } = teardown
    const current = of(session, address)
    if (current !== teardown) {
      // What has closed by now has not failed.
      if (current || isIn(ledger.get(address ?? ''), session)) report(error, 'close', address)
      return
    }
    teardown.stopTimer?.()
    if (destroy(teardown, error))
      return void closed(session, address, error, undefined, parts.ended)
    // What destroy() has called may have begun another one, which goes on.
    if (of(session, address) !== teardown) return
    if (!parts.ended && address !== undefined) return void owner.failed(address, teardown, error)
    forget(session, address)
    if (!reject(teardown, error)) report(error, 'close')
  }

  /** From now on it is being closed; `ask()` begins with it. Takes over what is under way. */
  const begin = (
    session: Session<S>,
    reason: string,
    address?: Address,
    disconnect?: Disconnect,
  ): Teardown<S> => {
    const own = teardowns.get(session) ?? new Map()
    const before = own.get(address)
    before?.stopTimer?.()
    const teardown: Teardown<S> = {
      session,
      reason,
      address,
      disconnect,
      callers: before?.callers,
      state: 'decided',
      error: undefined,
      stopTimer: undefined,
    }
    teardowns.set(session, own.set(address, teardown))
    return teardown
  }

  /** Once for each teardown, whoever calls this first: to ask is to call foreign code, which may close the hub, which asks the rest. */
  const ask = (teardown: Teardown<S> | undefined): void => {
    if (teardown?.state !== 'decided') return
    const { session, address } = teardown
    const onError = (cause: unknown) =>
      failed(teardown, toHubError('CLOSE_FAILED', 'Could not close', cause))
    surely(() => {
      teardown.state = 'asked'
      attempt(() => session.close(teardown.reason), onError)
      // Many a session has closed by now, and needs no timer; at the end of the hub there is one for all.
      if (of(session, address) !== teardown || teardown.state !== 'asked') return
      if (parts.ended && address !== undefined) return
      const onTime = () => failed(teardown, closeTimedOut(closeTimeout))
      teardown.stopTimer = startTimer(closeTimeout, onTime)
    }, onError)
  }

  /** Closes a session that gets no entry: it must not stay open unseen. */
  const refuse = (given: Partial<Opening<S>>, why: Why, address?: Address): void => {
    const { session, direction = 'inbound', key, kind } = given
    ledger.refused({ by: 'hub', why, direction, address, key, kind })
    // Half a session is closed, too.
    if (!isObject(session) || !can(session, 'close')) return
    if (teardowns.has(session) || !can(session, 'destroy')) {
      const close = () => session.close(why)
      return void attempt(close, (error) => report(error, 'close'))
    }
    const teardown = begin(session, why)
    attempt(
      () => session.onClosed(() => closed(session, undefined)),
      (cause) => {
        // Nobody will hear when it has closed.
        ask(teardown)
        failed(teardown, unheard(cause))
      },
    )
    ask(teardown)
  }

  function onClosed(this: Heard<S>, error?: unknown, reason?: unknown): void {
    if (this.closed) return
    surely(() => {
      const said = isString(reason) && reason !== '' ? shortText(reason) : undefined
      this.closed = true
      closed(this.session, this.address, error, said)
    })
  }

  /** Hears of the session's close from now on. */
  const hear = (address: Address, { session }: Opening<S>): Readonly<Heard<S>> => {
    const heard: Heard<S> = { address, session, closed: false, error: undefined }
    if (isIn(ledger.get(address), session)) return heard
    // Bound, and no closure: it lives as long as the session.
    const listener = onClosed.bind(heard)
    attempt(
      () => session.onClosed(listener),
      (cause) => {
        if (heard.closed) return
        heard.error = unheard(cause)
        listener(heard.error)
        refuse({ session }, 'broken', address)
      },
    )
    return heard
  }

  /** The hub has ended. @param done All that were asked have closed, or are out of time. */
  const end = (done: () => void): void => {
    open = new Set([...teardowns.values()].flatMap((own) => [...own.values()]))
    const stopTimer = startTimer(closeTimeout, () => {
      const error = closeTimedOut(closeTimeout)
      let count = 0
      for (const teardown of open ?? []) {
        const { session, address } = teardown
        if (destroy(teardown, error)) closed(session, address)
        else if (forget(session, address) && !reject(teardown, error)) count++
      }
      done()
      if (count === 0) return
      const message = `${count} sessions did not close within ${closeTimeout} ms of close().`
      report(new HubError('CLOSE_TIMEOUT', message), 'close')
    })
    onEmpty = () => {
      done()
      stopTimer()
    }
    if (open.size === 0) onEmpty()
  }

  return { hear, refuse, of, begin, ask, forget, report, end }
}

const isIn = <S>(entry: Connection<S> | undefined, session: Session<S>): boolean => {
  const sessions: readonly Session<S>[] = entry?.sessions ?? []
  return sessions.includes(session)
}

const unheard = (cause: unknown): HubError =>
  toHubError('TRANSPORT_BROKEN', 'onClosed() failed', cause)
