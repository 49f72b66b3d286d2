import {
  type Address,
  decorate,
  type Inbound,
  type Session,
  type Transport,
  withOutcome,
} from '@conn-hub/core'
import { isReadable } from './reading.js'

/**
 * The same transport, but that it hands each session over once. One that comes again before the table has it would be judged, counted and, where
 * it is one too many, closed again.
 */
export const handedOnce = <S>(transport: Transport<S>): Transport<S> =>
  decorate(transport, {
    dial: (address, attempt, inner) => {
      let answer: unknown
      const succeed = (session: Session<S>) => {
        if (session !== undefined && session === answer) return
        answer = session
        attempt.succeed(session)
      }
      return inner(address, withOutcome(attempt, { succeed }))
    },
    listen: (accept, side, inner) => {
      const addresses = new WeakMap<Session<S>, Address>()
      return inner((inbound) => {
        if (!isAgain(addresses, inbound)) accept(inbound)
      }, side)
    },
  })

/** What cannot be judged is the hub's business, as often as it comes. */
const isAgain = <S>(
  addresses: WeakMap<Session<S>, Address>,
  inbound: Inbound<S> | undefined,
): boolean => {
  try {
    const { session, address } = inbound as Inbound<S>
    if (!isReadable(session)) return false
    if (addresses.get(session) === address) return true
    addresses.set(session, address)
  } catch {
    // Whoever reads it next says what it must be.
  }
  return false
}
