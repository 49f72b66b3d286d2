import { attempt, isObject } from '../edges/guards.js'
import { can, type Opening } from '../edges/port.js'
import { shortText } from '../edges/printable.js'
import { startTimer } from '../edges/timer.js'
import type { Address, Session } from '../model/connection.js'
import { HubError, toHubError } from '../model/errors.js'
import type { Callers } from './callers.js'
import { closeTimedOut } from './errors.js'
import type { Parts } from './parts.js'

/** Why the hub itself turns a session away. */
export type Why = 'late' | 'wrong-peer' | 'disconnecting' | 'hub-closed' | 'self' | 'broken'

/** A disconnect of a whole address: who waits for it, and how many of its sessions have still to close. */
export interface Disconnect {
  readonly callers: Callers<boolean>
  left: number
  /** The first thing that went wrong. */
  error: HubError | undefined
}

/** A session that we close: from the moment at which this is decided until it has closed, or could not be closed. */
export interface Teardown {
  readonly reason: string
  /** Of its entry; a session that was refused has none. */
  readonly address: Address | undefined
  /** What it is a part of. */
  readonly disconnect: Disconnect | undefined
  /** Who waits for the end of this session alone. */
  callers: Callers<boolean> | undefined
  asked: boolean
  /** It stays open, and waits for the others of its disconnect. */
  failed: boolean
  /** Why it is being destroyed. */
  error: HubError | undefined
  stopTimer: (() => void) | undefined
}

/** A session that is heard. */
interface Heard<S> {
  readonly address: Address
  readonly session: Session<S>
  closed: boolean
  /** Its end cannot be heard. */
  error: HubError | undefined
}

/** Whoever decides what becomes of an entry whose sessions end. */
export interface SessionsOwner<S> {
  /** A session has closed, whoever closed it. */
  readonly closed: (
    address: Address,
    session: Session<S>,
    teardown: Teardown | undefined,
    error: unknown,
    reason: string | undefined,
  ) => void
  /** A session of an entry could be neither closed nor destroyed. */
  readonly failed: (
    address: Address,
    session: Session<S>,
    teardown: Teardown,
    error: HubError,
  ) => void
}

export interface Sessions<S> {
  /** Hears of the session's close from now on. */
  readonly hear: (address: Address, opening: Opening<S>) => Readonly<Heard<S>>
  /** Closes a session that gets no entry: it must not stay open unseen. */
  readonly refuse: (given: Partial<Opening<S>>, why: Why, address?: Address) => void
  /** The teardown of a session that is being closed. */
  readonly of: (session: Session<S>) => Teardown | undefined
  /** From now on it is being closed; `ask()` begins with it. Takes over what is under way. */
  readonly begin: (
    session: Session<S>,
    reason: string,
    address?: Address,
    disconnect?: Disconnect,
  ) => Teardown
  /** Each teardown asks once, whoever calls this first: to ask is to call foreign code, which may close the hub, which asks the rest. */
  readonly ask: (session: Session<S>) => void
  /** The teardown is over. */
  readonly forget: (session: Session<S>) => Teardown | undefined
  readonly report: (error: unknown, call: string, address?: Address) => void
  /** Resolves once all that were asked have closed, or are out of time; never rejects. */
  readonly end: () => Promise<void>
}

/** How a session is heard, asked to close, destroyed and refused. */
export const createSessions = <S>(parts: Parts<S>, owner: SessionsOwner<S>): Sessions<S> => {
  const { ledger, closeTimeout } = parts
  const teardowns = new Map<Session<S>, Teardown>()
  /** Those that were destroyed, and whether it worked. */
  const destroyed = new WeakMap<Session<S>, boolean>()
  let onEmpty = () => {}

  const report = (error: unknown, call: string, address?: Address): void =>
    ledger.report(error, { origin: 'transport', call, address })

  const forget = (session: Session<S>): Teardown | undefined => {
    const teardown = teardowns.get(session)
    teardowns.delete(session)
    teardown?.stopTimer?.()
    if (teardowns.size === 0) onEmpty()
    return teardown
  }

  const closed = (
    session: Session<S>,
    address: Address | undefined,
    error?: unknown,
    reason?: string,
  ): void => {
    const teardown = forget(session)
    if (address !== undefined) owner.closed(address, session, teardown, error, reason)
    if (!teardown) return
    const { callers, disconnect } = teardown
    callers?.resolve(true)
    if (disconnect && --disconnect.left === 0) disconnect.callers.resolve(true)
  }

  /** Ends a session at once, and once. Whether it counts as closed now. */
  const destroy = (session: Session<S>, error: HubError): boolean => {
    const known = destroyed.get(session)
    if (known !== undefined) return known
    if (!can(session, 'destroy')) return false
    const teardown = teardowns.get(session)
    let isDone = true
    destroyed.set(session, isDone)
    if (teardown) teardown.error = error
    attempt(
      () => session.destroy?.(),
      (failure) => {
        isDone = false
        report(failure, 'destroy')
      },
    )
    if (teardown) teardown.error = undefined
    destroyed.set(session, isDone)
    return isDone
  }

  /** Whether anybody waited for it. */
  const reject = ({ callers, disconnect }: Teardown, error: HubError): boolean => {
    const anybody = callers?.any || disconnect?.callers.any
    callers?.reject(error)
    disconnect?.callers.reject(error)
    return anybody === true
  }

  /** It did not close: it is destroyed where it can be, and else stays open. */
  const failed = (session: Session<S>, teardown: Teardown, error: HubError): void => {
    const { address } = teardown
    const current = teardowns.get(session)
    if (current !== teardown || teardown.failed) {
      const sessions: readonly Session<S>[] = ledger.get(address ?? '')?.sessions ?? []
      // What has closed by now has not failed.
      if (current || sessions.includes(session)) report(error, 'close', address)
      return
    }
    teardown.stopTimer?.()
    if (destroy(session, error)) closed(session, address, error)
    else if (address !== undefined && !parts.ended) owner.failed(address, session, teardown, error)
    else {
      forget(session)
      if (!reject(teardown, error)) report(error, 'close')
    }
  }

  const begin: Sessions<S>['begin'] = (session, reason, address, disconnect) => {
    const before = teardowns.get(session)
    before?.stopTimer?.()
    const teardown: Teardown = {
      reason,
      address,
      disconnect,
      callers: before?.callers,
      asked: false,
      failed: false,
      error: undefined,
      stopTimer: undefined,
    }
    teardowns.set(session, teardown)
    return teardown
  }

  const ask = (session: Session<S>): void => {
    const teardown = teardowns.get(session)
    if (!teardown || teardown.asked) return
    teardown.asked = true
    attempt(
      () => session.close(teardown.reason),
      (cause) => failed(session, teardown, toHubError('CLOSE_FAILED', 'Could not close', cause)),
    )
    // Many a session has closed by now, and needs no timer; at the end of the hub there is one for all.
    if (teardowns.get(session) !== teardown || teardown.failed) return
    if (parts.ended && teardown.address !== undefined) return
    teardown.stopTimer = startTimer(closeTimeout, () =>
      failed(session, teardown, closeTimedOut(closeTimeout)),
    )
  }

  const refuse: Sessions<S>['refuse'] = (given, why, address) => {
    const { session, direction = 'inbound', key, kind } = given
    ledger.refused({ by: 'hub', why, direction, address, key, kind })
    // Half a session is closed, too.
    if (!isObject(session) || !can(session, 'close')) return
    if (teardowns.has(session) || !can(session, 'destroy')) {
      const close = () => session.close(why)
      return attempt(close, (error) => report(error, 'close'))
    }
    const teardown = begin(session, why)
    ask(session)
    attempt(
      () => session.onClosed(() => closed(session, undefined)),
      // Nobody will hear when it has closed.
      (cause) => failed(session, teardown, unheard(cause)),
    )
  }

  function onClosed(this: Heard<S>, error?: unknown, reason?: unknown): void {
    if (this.closed) return
    this.closed = true
    const said = typeof reason === 'string' && reason !== '' ? shortText(reason) : undefined
    closed(this.session, this.address, error, said)
  }

  return {
    hear: (address, { session }) => {
      const heard: Heard<S> = { address, session, closed: false, error: undefined }
      const sessions: readonly Session<S>[] = ledger.get(address)?.sessions ?? []
      if (sessions.includes(session)) return heard
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
    },
    refuse,
    of: (session) => teardowns.get(session),
    begin,
    ask,
    forget,
    report,
    end: () =>
      new Promise((resolve) => {
        for (const { stopTimer } of teardowns.values()) stopTimer?.()
        const stopTimer = startTimer(closeTimeout, () => {
          const error = closeTimedOut(closeTimeout)
          let count = 0
          for (const [session, teardown] of teardowns) {
            if (destroy(session, error)) closed(session, undefined)
            else if (forget(session) && !reject(teardown, error)) count++
          }
          if (count === 0) return
          const message = `${count} sessions did not close within ${closeTimeout} ms after the hub had closed.`
          report(new HubError('CLOSE_TIMEOUT', message), 'close')
        })
        onEmpty = () => {
          stopTimer()
          resolve()
        }
        if (teardowns.size === 0) onEmpty()
      }),
  }
}

const unheard = (cause: unknown): HubError =>
  toHubError('TRANSPORT_BROKEN', 'onClosed() failed', cause)
