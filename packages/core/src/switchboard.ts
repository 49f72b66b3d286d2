import { Closing } from './closing.js'
import type { Address, Connection, Metadata, Session } from './connection.js'
import { Dial, type DialOutcome } from './dial.js'
import { HubError, toHubError } from './errors.js'
import { Farewell } from './farewell.js'
import { Intake } from './intake.js'
import type { Ledger } from './ledger.js'
import { askToClose, describeLeniently, hearClosed, readInbound, readSession } from './port.js'
import { cancelled, closedAtOnce, closeTimedOut, entryGone, hubClosed } from './refusals.js'
import type { Report } from './report.js'
import type { Signal } from './signal.js'
import type { Input } from './transition.js'
import type { Description, Transport } from './transport.js'
import type { Patience } from './waiters.js'

export interface Wiring<S> {
  readonly ledger: Ledger<S>
  readonly transport: Transport<S>
  readonly closeTimeout: number
  readonly report: Report
}

export interface DialOrder extends Description {
  readonly data: Metadata | undefined
  readonly signal: Signal | undefined
  readonly timeout: number
}

/** Joins the transport to the ledger: the dials and the disconnects that are under way, and the sessions that come and go. */
export class Switchboard<S> implements DialOutcome<S> {
  readonly #ledger: Ledger<S>
  readonly #transport: Transport<S>
  readonly #closeTimeout: number
  readonly #report: Report
  readonly #intake: Intake<S>
  readonly #dials = new Map<Address, Dial<S>>()
  readonly #closings = new Map<Address, Closing>()
  #farewell: Farewell<S> | undefined

  constructor({ ledger, transport, closeTimeout, report }: Wiring<S>) {
    this.#ledger = ledger
    this.#transport = transport
    this.#closeTimeout = closeTimeout
    this.#report = report
    this.#intake = new Intake(transport, report)
  }

  /** Dials an address that has no entry. */
  dial(address: Address, { key, kind, data, signal, timeout }: DialOrder): Promise<S> {
    const dial = new Dial(address, this)
    this.#dials.set(address, dial)
    // Joined first: a handler of `connecting` may cancel the dial already.
    const outcome = dial.join({ signal })
    // A signal may abort while it is listened to.
    if (!dial.any) {
      this.#dials.delete(address)
      return outcome
    }
    this.apply(address, { type: 'dial', key, kind, data })
    dial.start(this.#transport, timeout)
    return outcome
  }

  /** The outcome of the dial that is running. */
  joinDial(address: Address, patience: Patience): Promise<S> {
    return (this.#dials.get(address) as Dial<S>).join(patience)
  }

  /** The end of the disconnect that is running, whether it works or not. */
  closingOver(address: Address, patience: Patience): Promise<void> {
    return (this.#closings.get(address) as Closing).over(patience)
  }

  close({ address, sessions }: Connection<S>, reason: string): Closing {
    const running = this.#closings.get(address)
    if (running) {
      running.dropDialers(cancelled)
      return running
    }
    const closing = new Closing()
    this.#closings.set(address, closing)
    this.#startClosing(address, reason, cancelled)
    for (const session of sessions) {
      if (this.#closings.get(address) !== closing) break
      askToClose(session, (error) =>
        this.#closeFailed(address, closing, toHubError('CLOSE_FAILED', 'Could not close', error)),
      )
    }
    if (sessions.length === 0) this.apply(address, { type: 'closed' })
    // Many a session has closed by now, and needs no timer.
    if (this.#closings.get(address) === closing) {
      const timeout = this.#closeTimeout
      closing.start(timeout, () => this.#closeFailed(address, closing, closeTimedOut(timeout)))
    }
    return closing
  }

  /** The end of the hub: every entry leaves now; resolves once every session has really closed, or is out of time. */
  end(): Promise<void> {
    const farewell = new Farewell<S>(this.#report)
    this.#farewell = farewell
    const { store } = this.#ledger
    for (const { address } of store.snapshot()) {
      const asked = store.get(address)?.state === 'disconnecting'
      this.#startClosing(address, 'hub-closed', hubClosed)
      const sessions = store.get(address)?.sessions ?? []
      // All of them first: closing one may close the next.
      for (const session of sessions) farewell.await(session)
      for (const session of sessions) {
        if (!asked) askToClose(session, (error) => farewell.failed(session, error))
        this.apply(address, { type: 'closed', session })
      }
      this.apply(address, { type: 'closed' })
    }
    return farewell.over(this.#closeTimeout)
  }

  /** A session that this hub did not dial. */
  accept(inbound: unknown): void {
    try {
      const { address, session } = readInbound(inbound, this.#intake.refuse)
      if (this.#intake.isOurOwn(session)) return
      // Looked up first: a handler of `connected` may start another dial.
      const dial = this.#dials.get(address)
      if (this.#farewell || this.#ledger.store.get(address)?.state === 'disconnecting') {
        this.#intake.refuse(session)
      } else if (this.#hear(address, session)) {
        this.#open(address, session)
        // Those who wait for a dial to this address have a session now; the dial goes on for a second one.
        dial?.resolve(session.handle)
      }
    } catch (error) {
      this.#report(error, { origin: 'transport', call: 'listen' })
    }
  }

  opened(dial: Dial<S>, given: unknown): void {
    const { address } = dial
    try {
      const session = readSession(given, this.#intake.refuse)
      if (this.#intake.isOurOwn(session)) {
        this.#intake.refuse(session)
        throw new HubError('DIAL_SELF', 'The address leads to ourselves.')
      }
      // Read before anything changes: a getter may throw.
      const { handle } = session
      if (!this.#hear(address, session)) throw closedAtOnce()
      this.#dials.delete(address)
      this.#open(address, session)
      dial.resolve(handle)
    } catch (error) {
      this.failed(dial, error)
    }
  }

  failed(dial: Dial<S>, reason: unknown): void {
    const { address } = dial
    this.#dials.delete(address)
    const error = toHubError('DIAL_FAILED', 'Could not connect', reason)
    this.apply(address, { type: 'fail', error })
    dial.reject(error)
  }

  late(session: Session<S>): void {
    this.#intake.refuse(session)
  }

  deserted({ address }: Dial<S>): void {
    const entry = this.#ledger.store.get(address)
    if (entry?.state === 'connecting') this.close(entry, 'aborted')
  }

  apply(address: Address, input: Input<S>): void {
    const after = this.#ledger.commit(address, input)
    if (this.#closings.size > 0 && after?.state !== 'disconnecting') {
      const closing = this.#closings.get(address)
      this.#closings.delete(address)
      closing?.end(input.type === 'close-failed' ? input.error : undefined)
    }
    // A dial that was to add a session has no entry to add it to, and nobody waits for it.
    if (!after) this.#cancelDial(address, entryGone)
    this.#ledger.deliver()
  }

  /** Hears of the session's close from now on. False: it has closed already. */
  #hear(address: Address, session: Session<S>): boolean {
    if (this.#ledger.store.get(address)?.sessions.some((known) => known === session)) return true
    let closed = false
    const onClosed = (error?: unknown) => {
      closed = true
      this.#farewell?.closed(session)
      this.apply(address, { type: 'closed', session, error })
    }
    hearClosed(session, onClosed, this.#intake.refuse)
    return !closed
  }

  #open(address: Address, session: Session<S>): void {
    const isNew = this.#ledger.store.get(address) === undefined
    const { key, kind } = isNew ? describeLeniently(this.#transport, address) : NOTHING
    this.apply(address, { type: 'open', session, key, kind })
  }

  /** Ends the dial before anybody hears of it: a handler may dial anew, and that dial stays. */
  #startClosing(address: Address, reason: string, error: () => HubError): void {
    this.#ledger.commit(address, { type: 'close', reason })
    this.#cancelDial(address, error)
    this.#ledger.deliver()
  }

  #closeFailed(address: Address, closing: Closing, error: HubError): void {
    if (this.#closings.get(address) === closing) {
      this.apply(address, { type: 'close-failed', error })
    } else if (this.#ledger.store.get(address)) {
      this.#report(error, { origin: 'transport', call: 'close', address })
    }
  }

  #cancelDial(address: Address, error: () => HubError): void {
    const dial = this.#dials.get(address)
    this.#dials.delete(address)
    dial?.cancel(error())
  }
}

const NOTHING: Description = {}
