import { type Address, decorate, type Session, type Transport, withOutcome } from '@conn-hub/core'
import { isInbound, isKnown } from './reading.js'

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
      /** One inside the other. */
      const passing: Session<S>[] = []
      /** Those that the table has not got at once: they wait, or are turned away. To remember all of them costs a microsecond each. */
      const others = new Map<Session<S>, Address>()
      const remember = (address: Address, session: Session<S>) => {
        others.set(session, address)
        try {
          session.onClosed(() => others.delete(session))
        } catch {
          others.delete(session)
        }
      }
      return inner((inbound) => {
        if (!isInbound(inbound)) return accept(inbound)
        const { address, session } = inbound
        const isWaiting = others.size > 0 && others.get(session) === address
        if (isWaiting || passing.includes(session)) return
        passing.push(session)
        try {
          accept(inbound)
        } finally {
          passing.pop()
        }
        if (!isKnown(address, session, side)) remember(address, session)
      }, side)
    },
  })
