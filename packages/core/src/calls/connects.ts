import { checkAddress } from '../edges/options.js'
import {
  describe,
  describeLeniently,
  type Opening,
  readInbound,
  readSession,
  selfOf,
} from '../edges/port.js'
import type { Address, Connection, Session } from '../model/connection.js'
import { toHubError } from '../model/errors.js'
import type { Description } from '../model/transport.js'
import { contradicts } from '../state/transition.js'
import type { ConnectCaller } from './connect-caller.js'
import { Dial, type DialOwner } from './dial.js'
import type { Dials } from './dials.js'
import type { Disconnects } from './disconnects.js'
import { cancelled, closedAtOnce, dialSelf, hubClosed, wrongPeer } from './errors.js'
import type { Parts } from './parts.js'
import type { Sessions, Why } from './sessions.js'
import type { WaitingConnects } from './waiting-connects.js'

interface Around<S> {
  readonly dials: Dials<S>
  readonly waiting: WaitingConnects<S>
  readonly sessions: Sessions<S>
  readonly disconnects: Disconnects<S>
}

/** What `connect()` decides, and what becomes of the sessions that a dial or somebody else opens. */
export class Connects<S> implements DialOwner<S> {
  readonly #parts: Parts<S>
  readonly #around: Around<S>
  #ended = false

  constructor(parts: Parts<S>, around: Around<S>) {
    this.#parts = parts
    this.#around = around
  }

  /** Whatever comes from now on is refused. */
  stop(): void {
    this.#ended = true
  }

  /** The whole decision of `connect()`: what must be asked of foreign code comes first, then the table is looked at, and nothing comes in between. */
  connect(address: Address, caller: ConnectCaller<S>): Promise<S> {
    try {
      const known = this.#parts.ledger.get(address)
      const name = known ? {} : this.#nameOf(address, caller)
      if (this.#ended) throw hubClosed()
      const entry = this.#parts.ledger.get(address)
      if (caller.settled) return caller.promise
      if (entry) this.#join(entry, caller)
      else this.#dial(address, name, caller)
    } catch (error) {
      caller.reject(error)
    }
    return caller.promise
  }

  /** A disconnect is over, or a session has come that nobody is closing: those who wait go on, in the order in which they came. */
  resume(address: Address): void {
    const { waiting } = this.#around
    while (waiting.has(address)) {
      const entry = this.#parts.ledger.get(address)
      if (entry && this.#mustWait(entry)) return
      const caller = waiting.shift(address)
      if (caller) this.connect(address, caller)
    }
  }

  /** A session that this hub did not dial. */
  accept(inbound: unknown): void {
    const { ledger, transport } = this.#parts
    const { dials, sessions } = this.#around
    let given: Partial<Opening<S>> = {}
    try {
      // Whoever hands over the bare session has forgotten the address.
      given = { session: inbound as Session<S> }
      const { address, session } = readInbound<S>(inbound)
      given = { session }
      const opening = readSession<S>(session)
      given = opening
      checkAddress(address)
      if (sessions.isOurOwn(opening)) return
      const refuse = (why: Why) => sessions.refuse(opening, why, address)
      if (this.#ended) return void refuse('hub-closed')
      if (ledger.get(address)?.state === 'disconnecting') return void refuse('disconnecting')
      const isOpen = sessions.hear(address, opening)
      const name = ledger.get(address) ? {} : describeLeniently(transport, address)
      if (this.#ended) return void refuse('hub-closed')
      // It may have closed while the address was described.
      if (!isOpen()) return
      // Looked up first: a handler of `connected` may start another dial.
      const dial = dials.get(address)
      const { refused } = ledger.commit(address, { type: 'open', opening, name })
      if (refused) return void refuse(refused)
      ledger.deliver()
      // Those who wait for a dial to this address have a session now; the dial goes on for a second one.
      dial?.callers.settle((caller) => caller.give(opening.handle, opening.key))
      this.resume(address)
    } catch (error) {
      sessions.refuse(given, 'broken')
      ledger.report(error, { origin: 'transport', call: 'listen' })
    }
  }

  answered(dial: Dial<S>, given: unknown): void {
    const { ledger } = this.#parts
    const { dials, sessions } = this.#around
    const { address } = dial
    let opening: Opening<S>
    try {
      opening = this.#read(address, given)
    } catch (error) {
      return void this.failed(dial, error)
    }
    // Foreign code has run since: the dial may have been cancelled.
    if (dials.get(address) !== dial) return void sessions.refuse(opening, 'late', address)
    const known = ledger.get(address)?.key
    const { refused } = ledger.commit(address, { type: 'open', opening, name: {} })
    if (refused) {
      sessions.refuse(opening, refused, address)
      return void this.failed(dial, wrongPeer(known, opening.key))
    }
    dials.remove(dial)
    dial.end()
    ledger.deliver()
    dial.callers.settle((caller) => caller.give(opening.handle, opening.key))
    this.resume(address)
  }

  failed(dial: Dial<S>, reason: unknown): void {
    // The table has another dial by now, or none: this one was cancelled, and told.
    if (!this.#around.dials.remove(dial)) return
    const error = toHubError('DIAL_FAILED', 'Could not connect', reason)
    this.#parts.ledger.commit(dial.address, { type: 'fail', error })
    dial.end()
    dial.callers.reject(error)
    this.#parts.ledger.deliver()
  }

  late({ address }: Dial<S>, given: unknown): void {
    try {
      this.#around.sessions.refuse(readSession<S>(given), 'late', address)
    } catch (error) {
      this.#around.sessions.refuse({ session: given as Session<S> }, 'broken', address)
      this.report(error, 'dial', address)
    }
  }

  abandoned(dial: Dial<S>): void {
    const { dials, disconnects } = this.#around
    const entry = this.#parts.ledger.get(dial.address)
    if (dials.get(dial.address) !== dial || entry?.state !== 'connecting') return
    disconnects.close(entry, 'aborted', cancelled)
  }

  waits(dial: Dial<S>, waits: string | undefined): void {
    if (this.#around.dials.get(dial.address) !== dial) return
    this.#parts.ledger.commit(dial.address, { type: 'hold', waits })
    this.#parts.ledger.deliver()
  }

  report(error: unknown, call: string, address: Address): void {
    this.#parts.ledger.report(error, { origin: 'transport', call, address })
  }

  /** Who the address says it is; the caller says it where the address does not. */
  #nameOf(address: Address, caller: ConnectCaller<S>): Description {
    const { transport } = this.#parts
    const { key = caller.key, kind } = describe(transport, address)
    if (key !== undefined && key === selfOf(transport)) throw dialSelf()
    return { key, kind }
  }

  /** The address has an entry. */
  #join(entry: Connection<S>, caller: ConnectCaller<S>): void {
    const { address } = entry
    const { waiting, dials, disconnects } = this.#around
    if (this.#mustWait(entry)) return void waiting.add(address, caller)
    const session = disconnects.usable(entry)
    // Whoever gets no session of this entry leaves nothing in it.
    if (session && contradicts(caller.key, session.key))
      return void caller.give(session.handle, session.key)
    const data = caller.takeData()
    if (data) {
      this.#parts.ledger.commit(address, { type: 'update', data })
      this.#parts.ledger.deliver()
      // Whoever heard of that may have disconnected the entry: look again.
      this.connect(address, caller)
      return
    }
    if (session) caller.give(session.handle, session.key)
    else dials.get(address)?.callers.join(caller, caller.timeout)
  }

  /** What a dial was answered with: a session of somebody else, whose end will be heard. */
  #read(address: Address, given: unknown): Opening<S> {
    const { sessions } = this.#around
    let opening: Partial<Opening<S>> = { session: given as Session<S> }
    let why: Why = 'broken'
    try {
      const read = readSession<S>(given)
      opening = read
      why = 'self'
      if (sessions.isOurOwn(read)) throw dialSelf()
      why = 'broken'
      if (sessions.hear(address, read)()) return read
    } catch (error) {
      sessions.refuse(opening, why, address)
      throw error
    }
    throw closedAtOnce()
  }

  #mustWait(entry: Connection<S>): boolean {
    if (entry.state === 'connecting') return false
    return entry.state === 'disconnecting' || !this.#around.disconnects.usable(entry)
  }

  #dial(address: Address, name: Description, caller: ConnectCaller<S>): void {
    const { dials } = this.#around
    const { ledger, transport, dialTimeout, holdTimeout } = this.#parts
    const data = caller.takeData()
    const timeout = caller.timeout ?? dialTimeout
    const dial = new Dial(address, this, { data, key: name.key, timeout, holdTimeout })
    dials.add(dial)
    dial.callers.join(caller)
    ledger.commit(address, { type: 'dial', name, data })
    this.#takeWaiting(dial)
    ledger.deliver()
    dial.start(transport)
  }

  /** Those who wait to connect to this address join a dial that somebody else has begun. */
  #takeWaiting(dial: Dial<S>): void {
    const { address, callers } = dial
    const { waiting } = this.#around
    for (let caller = waiting.shift(address); caller; caller = waiting.shift(address)) {
      const data = caller.takeData()
      if (data) this.#parts.ledger.commit(address, { type: 'update', data })
      callers.join(caller, caller.timeout)
    }
  }
}
