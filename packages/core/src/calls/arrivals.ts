import { attempt } from '../edges/guards.js'
import { checkAddress } from '../edges/options.js'
import { describe, isOurs, type Opening, readInbound, readSession } from '../edges/port.js'
import type { Address, Session } from '../model/connection.js'
import type { Description } from '../model/transport.js'
import { closedAtOnce, dialSelf } from './errors.js'
import type { Parts } from './parts.js'
import type { Sessions, Why } from './sessions.js'

// What becomes of a session from the moment at which a transport hands it over until it can enter the table.

/** What a dial was answered with: a session of somebody else, whose end is heard. */
export const readAnswer = <S>(
  { transport }: Parts<S>,
  sessions: Sessions<S>,
  address: Address,
  given: unknown,
): Opening<S> => {
  let half: Partial<Opening<S>> = { session: given as Session<S> }
  let why: Why = 'broken'
  try {
    const opening = readSession<S>(given)
    half = opening
    why = 'self'
    if (isOurs(transport, opening.key)) throw dialSelf()
    const { closed, error } = sessions.hear(address, opening)
    if (!closed) return opening
    why = 'late'
    throw error ?? closedAtOnce()
  } catch (error) {
    if (why !== 'late') sessions.refuse(half, why, address)
    throw error
  }
}

/** A dial was answered twice, or after its end. */
export const refuseLate = <S>(sessions: Sessions<S>, address: Address, given: unknown): void => {
  try {
    sessions.refuse(readSession<S>(given), 'late', address)
  } catch (error) {
    sessions.refuse({ session: given as Session<S> }, 'broken', address)
    sessions.report(error, 'dial', address)
  }
}

/** A session that this hub did not dial; nothing, where it is not to enter. */
export const readArrival = <S>(
  parts: Parts<S>,
  sessions: Sessions<S>,
  inbound: unknown,
): [Address, Opening<S>, Description] | undefined => {
  // Whoever hands over the bare session has forgotten the address.
  let half: Partial<Opening<S>> = { session: inbound as Session<S> }
  try {
    const { address, session } = readInbound<S>(inbound)
    half = { session }
    const opening = readSession<S>(session)
    half = opening
    checkAddress(address)
    const { ledger, transport } = parts
    if (isOurs(transport, opening.key)) return undefined
    const heard = parts.ended ? undefined : sessions.hear(address, opening)
    let name: Description = {}
    if (heard && !ledger.get(address)) {
      // It is open already, whatever its address says.
      attempt(
        () => (name = describe(transport, address)),
        () => {},
      )
    }
    if (heard?.error) sessions.report(heard.error, 'listen')
    // It may have closed while the address was described.
    if (heard?.closed) return undefined
    if (!parts.ended) return [address, opening, name]
    sessions.refuse(opening, 'hub-closed', address)
  } catch (error) {
    sessions.refuse(half, 'broken')
    sessions.report(error, 'listen')
  }
  return undefined
}
