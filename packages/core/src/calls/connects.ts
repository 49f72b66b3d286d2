import type { ConnectRequest } from '../edges/options.js'
import { describe, isOurs, type Opening } from '../edges/port.js'
import type { Address, Connection, Session } from '../model/connection.js'
import { type HubError, toHubError } from '../model/errors.js'
import type { Description } from '../model/transport.js'
import { contradicts } from '../state/transition.js'
import { readAnswer, readArrival, refuseLate } from './arrivals.js'
import { Caller, Callers } from './callers.js'
import { Dial, type DialOwner } from './dial.js'
import { dialSelf, hubClosed, wrongPeer } from './errors.js'
import type { Parts } from './parts.js'
import type { Sessions } from './sessions.js'

export type Connects<S> = ReturnType<typeof createConnects<S>>

/** What `connect()` decides, and what becomes of the sessions that a dial or somebody else opens. */
export const createConnects = <S>(
  parts: Parts<S>,
  sessions: Sessions<S>,
  abandon: (entry: Connection<S>) => void,
) => {
  const { ledger, transport, doomed, dialTimeout, holdTimeout } = parts
  const dials = new Map<Address, Dial<S>>()
  /** The calls that wait for the end of a disconnect. */
  const waiting = new Map<Address, Callers<S>>()

  /** Who the address says it is; the caller says it where the address does not. */
  const nameOf = (address: Address, caller: Caller<S>): Description => {
    const { key = caller.key, kind } = describe(transport, address)
    if (isOurs(transport, key)) throw dialSelf()
    return { key, kind }
  }

  /** Of an entry, a session that nobody is closing. */
  const usable = (entry: Connection<S>): Session<S> | undefined => {
    const all: readonly Session<S>[] = entry.sessions
    return all.find((session) => !sessions.of(session, entry.address))
  }

  const mustWait = (entry: Connection<S>): boolean =>
    doomed.has(entry.address) || (entry.state !== 'connecting' && !usable(entry))

  /** Gives a session, unless it proves another key than the one that was asked for. */
  const give = (
    caller: Caller<S>,
    { handle, key }: Pick<Session<S>, 'handle' | 'key'>,
  ): boolean => {
    const isWrong = contradicts(caller.key, key)
    if (isWrong) caller.reject(wrongPeer(caller.key, key))
    else caller.resolve(handle)
    return !isWrong
  }

  const addData = (address: Address, caller: Caller<S>): void => {
    const { data } = caller
    caller.data = undefined
    if (data) ledger.commit(address, { type: 'update', data })
  }

  const wait = (address: Address, caller: Caller<S>): void => {
    let callers = waiting.get(address)
    callers ??= new Callers(() => waiting.delete(address))
    callers.join(caller)
    waiting.set(address, callers)
  }

  const joinDial = (dial: Dial<S> | undefined, caller: Caller<S>): void => {
    dial?.callers.join(caller, caller.timeout)
    if (dial) addData(dial.address, caller)
  }

  /** The address has an entry. */
  const join = (entry: Connection<S>, caller: Caller<S>): void => {
    const { address } = entry
    if (mustWait(entry)) return void wait(address, caller)
    const session = usable(entry)
    // Before anybody hears of its data: a handler that disconnects comes after this call, and cancels it.
    if (!session) joinDial(dials.get(address), caller)
    // Whoever gets no session of this entry leaves nothing in it.
    else if (give(caller, session)) addData(address, caller)
    ledger.deliver()
  }

  const dial = (address: Address, name: Description, caller: Caller<S>): void => {
    const { data, timeout = dialTimeout } = caller
    caller.data = undefined
    const begun = new Dial(address, owner, { data, key: name.key, timeout, holdTimeout })
    begun.callers.join(caller)
    dials.set(address, begun)
    try {
      ledger.commit(address, { type: 'dial', name, data })
      // Those who wait to connect to this address join a dial that somebody else has begun.
      waiting.get(address)?.settle((other) => joinDial(begun, other))
      ledger.deliver()
      begun.start(transport)
    } catch (error) {
      Promise.resolve(error).then(begun.cutShort)
    }
  }

  /** The whole decision: what must be asked of foreign code comes first, then the table is looked at, and nothing comes in between. */
  const decide = (address: Address, caller: Caller<S>): void => {
    try {
      const name = ledger.get(address) ? {} : nameOf(address, caller)
      if (parts.ended) throw hubClosed()
      const entry = ledger.get(address)
      if (caller.settled) return
      if (entry) join(entry, caller)
      else dial(address, name, caller)
    } catch (error) {
      caller.reject(error)
    }
  }

  /** In the order in which they came, as far as they need not wait any more. */
  const goOn = (address: Address): void => {
    for (let callers = waiting.get(address); callers; callers = waiting.get(address)) {
      const entry = ledger.get(address)
      if (entry && mustWait(entry)) return
      const caller = callers.shift()
      if (caller) decide(address, caller)
      else waiting.delete(address)
    }
  }

  const resume = (address: Address): void => {
    if (waiting.has(address)) ledger.later(() => goOn(address))
    ledger.deliver()
  }

  /** A session goes into the entry of its address, and whoever waits for one gets it. False: it was refused. */
  const enter = (address: Address, opening: Opening<S>, name: Description, own?: Dial<S>) => {
    // Looked up first: a handler of `connected` may start another dial.
    const running = dials.get(address)
    const { refused } = ledger.commit(address, { type: 'open', opening, name })
    if (refused) {
      sessions.refuse(opening, refused, address)
      return false
    }
    if (own) {
      dials.delete(address)
      own.end()
    }
    ledger.deliver()
    // Where somebody else opened it, the dial goes on for a second one.
    running?.callers.settle((caller) => give(caller, opening))
    goOn(address)
    return true
  }

  /** Its place is free last: it may be cut short before, where the stack is full. */
  const finish = (dial: Dial<S>, error: HubError, abort?: HubError): void => {
    dial.end(abort)
    dial.callers.reject(error)
    if (dials.get(dial.address) === dial) dials.delete(dial.address)
  }

  const failed = (dial: Dial<S>, reason: unknown): void => {
    const { address } = dial
    const error = toHubError('DIAL_FAILED', 'Could not connect', reason)
    // Else the table has another dial by now, or none: this one was cancelled, and told.
    if (dials.get(address) === dial) ledger.commit(address, { type: 'fail', error })
    finish(dial, error)
    if (!ledger.get(address)) doomed.delete(address)
    resume(address)
  }

  const owner: DialOwner<S> = {
    answered: (dial, given) => {
      const { address } = dial
      let opening: Opening<S>
      try {
        opening = readAnswer(parts, sessions, address, given)
      } catch (error) {
        return failed(dial, error)
      }
      // Foreign code has run since: the dial may have been cancelled.
      if (dials.get(address) !== dial) return sessions.refuse(opening, 'late', address)
      const known = ledger.get(address)?.key
      if (!enter(address, opening, {}, dial)) failed(dial, wrongPeer(known, opening.key))
    },
    failed,
    late: ({ address }, given) => refuseLate(sessions, address, given),
    abandoned: (dial) => {
      const entry = ledger.get(dial.address)
      if (dials.get(dial.address) === dial && entry?.state === 'connecting') abandon(entry)
    },
    waits: (dial, waits) => {
      if (dials.get(dial.address) !== dial) return
      ledger.commit(dial.address, { type: 'hold', waits })
      ledger.deliver()
    },
    report: sessions.report,
  }

  const connect = (address: Address, request: ConnectRequest): Promise<S> => {
    const caller = new Caller<S>(request)
    if (!caller.settled) decide(address, caller)
    return caller.promise
  }

  /** A session that this hub did not dial. */
  const accept = (inbound: unknown): void => {
    const arrival = readArrival(parts, sessions, inbound)
    if (arrival) enter(...arrival)
  }

  /** The last call counts: who waits to connect is told why not. */
  const cancelWaiting = (why: () => HubError, address?: Address): void => {
    if (address !== undefined) waiting.get(address)?.reject(why())
    else for (const callers of waiting.values()) callers.reject(why())
  }

  /** Ends a dial without the transport. Whoever cancels has committed before: a transport that hears of it finds things as they are. */
  const cancelDial = (address: Address, why: () => HubError): void => {
    const dial = dials.get(address)
    if (!dial) return
    const error = why()
    finish(dial, error, error)
  }

  return { connect, accept, resume, cancelWaiting, cancelDial }
}
