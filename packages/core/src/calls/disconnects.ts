import { askToClose } from '../edges/port.js'
import type { Address, Connection, Session } from '../model/connection.js'
import { type HubError, toHubError } from '../model/errors.js'
import type { Caller } from './callers.js'
import type { Dials } from './dials.js'
import { Disconnect } from './disconnect.js'
import type { End } from './end.js'
import { cancelled, closeTimedOut, entryGone, hubClosed } from './errors.js'
import type { Parts } from './parts.js'
import type { Sessions } from './sessions.js'
import type { WaitingConnects } from './waiting-connects.js'

interface Around<S> {
  readonly dials: Dials<S>
  readonly waiting: WaitingConnects<S>
  /** Goes on with the calls of `connect()` that wait for this address. */
  readonly resume: (address: Address) => void
}

/** What `disconnect()` decides, and what becomes of an entry whose sessions close. */
export class Disconnects<S> {
  readonly #parts: Parts<S>
  readonly #sessions: Sessions<S>
  readonly #around: Around<S>
  /** Of whole entries. */
  readonly #running = new Map<Address, Disconnect<S>>()
  /** Of single sessions. */
  readonly #single = new Map<Session<S>, Disconnect<S>>()
  #end: End<S> | undefined

  constructor(parts: Parts<S>, sessions: Sessions<S>, around: Around<S>) {
    this.#parts = parts
    this.#sessions = sessions
    this.#around = around
  }

  /** The whole decision of `disconnect()`. */
  disconnect(
    address: Address,
    reason: string,
    caller: Caller<boolean>,
    session?: Session<S>,
  ): Promise<boolean> {
    const entry = this.#parts.ledger.get(address)
    if (session && !holds(entry, session)) caller.resolve(false)
    else if (session && entry && this.#leavesAnother(entry, session)) {
      this.#closeOne(address, session, reason, caller)
    } else {
      // The last call counts: whoever disconnects ends the wish to connect of those who called before.
      this.#around.waiting.cancel(address, cancelled)
      if (entry) this.close(entry, reason, cancelled, caller)
      else caller.resolve(false)
    }
    return caller.promise
  }

  /** Closes a whole entry, or joins the disconnect that runs. */
  close(
    { address, sessions }: Connection<S>,
    reason: string,
    why: () => HubError,
    caller?: Caller<boolean>,
  ): void {
    const running = this.#running.get(address)
    if (running) {
      if (caller) running.callers.join(caller)
      return
    }
    const disconnect = new Disconnect(sessions, reason)
    if (caller) disconnect.callers.join(caller)
    this.#running.set(address, disconnect)
    for (const session of sessions) this.#single.get(session)?.stopTimer()
    const { ledger, closeTimeout } = this.#parts
    ledger.commit(address, { type: 'close', reason })
    this.#around.dials.cancel(address, why)
    ledger.deliver()
    this.#ask(address, disconnect)
    if (sessions.length === 0) this.#commitClosed(address, {})
    // Many a session has closed by now, and needs no timer.
    if (this.#running.get(address) !== disconnect) return
    disconnect.start(closeTimeout, () => this.#outOfTime(address, disconnect))
  }

  /** A session of the entry that nobody is closing. */
  usable({ sessions }: Connection<S>): Session<S> | undefined {
    if (this.#single.size === 0) return sessions[0]
    return sessions.find((session) => !this.#single.has(session))
  }

  /** A session has closed, whoever closed it. */
  closed(address: Address, session: Session<S>, error: unknown, reason?: string): void {
    const asked = this.#single.get(session)
    this.#end?.closed(session)
    this.#commitClosed(address, { session, error, reason, asked: asked?.reason })
    if (!asked) return
    this.over(session)
    // Another session may have come, which whoever waits to connect can have.
    this.#resume(address)
  }

  /** The end of the hub: every entry leaves now, and `end` waits for what is still open. */
  end(end: End<S>): void {
    this.#end = end
    const { ledger } = this.#parts
    this.#around.waiting.cancelAll(hubClosed)
    const onGone = (session: Session<S>) => end.closed(session)
    for (const session of this.#sessions.takeRefused(onGone)) end.await(session)
    for (const { address } of ledger.snapshot()) {
      const entry = ledger.get(address)
      if (!entry) continue
      // All of them first: closing one may close the next.
      const running = this.#running.get(address)
      for (const session of entry.sessions) end.await(session, running)
      if (running) this.#ask(address, running)
      else this.close(entry, 'hub-closed', hubClosed)
      for (const session of ledger.get(address)?.sessions ?? []) {
        this.#commitClosed(address, { session })
      }
    }
  }

  #leavesAnother(entry: Connection<S>, session: Session<S>): boolean {
    if (entry.state !== 'connected') return false
    return entry.sessions.some((other) => other !== session && !this.#single.has(other))
  }

  #closeOne(address: Address, session: Session<S>, reason: string, caller: Caller<boolean>): void {
    const running = this.#single.get(session)
    if (running) return void running.callers.join(caller)
    const single = new Disconnect([session], reason)
    single.callers.join(caller)
    this.#single.set(session, single)
    this.#ask(address, single)
    if (this.#single.get(session) !== single) return
    const { closeTimeout } = this.#parts
    single.start(closeTimeout, () =>
      this.#failed(address, single, session, closeTimedOut(closeTimeout)),
    )
  }

  #ask(address: Address, disconnect: Disconnect<S>): void {
    for (let session = disconnect.next(); session; session = disconnect.next()) {
      const open = session
      if (!this.#isOpen(address, open)) continue
      askToClose(open, disconnect.reason, (cause) => {
        if (this.#end) return void this.#end.failed(open, cause)
        const error = toHubError('CLOSE_FAILED', 'Could not close', cause)
        this.#failed(address, disconnect, open, error)
      })
    }
  }

  /** A session did not close: it is destroyed where it can be, and stays where it cannot. */
  #failed(address: Address, by: Disconnect<S>, session: Session<S>, error: HubError): void {
    // What has closed by now has not failed.
    if (!this.#isOpen(address, session)) return
    const whole = this.#running.get(address)
    const isCurrent = by === whole || by === this.#single.get(session)
    if (!isCurrent) return void this.#report(error, address)
    if (this.#sessions.destroy(session, error)) return void this.closed(address, session, error)
    if (by === whole) {
      // Those who wait get the first error alone.
      if (by.error) this.#report(error, address)
      by.fail(session, error)
      this.#settle(address, by)
    } else if (!whole) {
      this.over(session, error)
      this.#resume(address)
    }
  }

  #outOfTime(address: Address, disconnect: Disconnect<S>): void {
    const { ledger, closeTimeout } = this.#parts
    for (const session of ledger.get(address)?.sessions ?? []) {
      if (this.#running.get(address) !== disconnect) return
      if (disconnect.hasFailed(session)) continue
      this.#failed(address, disconnect, session, closeTimedOut(closeTimeout))
    }
  }

  /** The disconnect has failed once all sessions that are left have. */
  #settle(address: Address, disconnect: Disconnect<S>): void {
    if (this.#running.get(address) !== disconnect) return
    const { ledger } = this.#parts
    const sessions = ledger.get(address)?.sessions ?? []
    const { error } = disconnect
    if (!error || !sessions.every((session) => disconnect.hasFailed(session))) return
    this.#running.delete(address)
    ledger.commit(address, { type: 'close-failed', error })
    disconnect.stopTimer()
    disconnect.callers.reject(error)
    for (const session of sessions) this.over(session, error)
    this.#resume(address)
  }

  /** A session has closed, or could not be closed: whoever asked for it alone is told. */
  over(session: Session<S>, error?: HubError): void {
    const single = this.#single.get(session)
    if (!single) return
    this.#single.delete(session)
    single.stopTimer()
    if (error) single.callers.reject(error)
    else single.callers.resolve(true)
  }

  #commitClosed(
    address: Address,
    how: {
      readonly session?: Session<S>
      readonly error?: unknown
      readonly reason?: string | undefined
      readonly asked?: string | undefined
    },
  ): void {
    const { ledger } = this.#parts
    const { next } = ledger.commit(address, { type: 'closed', ...how })
    const running = this.#running.get(address)
    if (!next) {
      this.#running.delete(address)
      running?.stopTimer()
      // At the end of the hub the entry leaves before its sessions have closed.
      if (!running?.left) running?.callers.resolve(true)
      // A dial that was to add a session has no entry to add it to, and nobody waits for it.
      this.#around.dials.cancel(address, entryGone)
      this.#resume(address)
    } else {
      ledger.deliver()
      if (running) this.#settle(address, running)
    }
  }

  /** Those who wait to connect go on after what has happened was told: so a listener can still cancel them. */
  #resume(address: Address): void {
    const { ledger } = this.#parts
    if (this.#around.waiting.has(address)) ledger.later(() => this.#around.resume(address))
    ledger.deliver()
  }

  #report(error: HubError, address: Address): void {
    this.#parts.ledger.report(error, { origin: 'transport', call: 'close', address })
  }

  #isOpen(address: Address, session: Session<S>): boolean {
    if (this.#end) return this.#end.waitsFor(session)
    return holds(this.#parts.ledger.get(address), session)
  }
}

const holds = <S>(entry: Connection<S> | undefined, session: Session<S>): boolean =>
  entry !== undefined && (entry.sessions as readonly Session<S>[]).includes(session)
