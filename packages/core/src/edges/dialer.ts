import type { Address, Session } from '../model/connection.js'
import type { DialAttempt, Transport } from '../model/transport.js'
import { isFunction, isObject, isThenable, kindOf } from './guards.js'
import { expect } from './options.js'
import { broken } from './port.js'

/**
 * Turns a dialer that returns a promise into the `dial` of a transport.
 *
 * @param open Opens a session; `signal` aborts when nobody waits any more. What it throws, or rejects with, fails the attempt.
 *
 * @example
 * const transport = {
 *   describe: () => ({}),
 *   dial: dialer(async (address, signal) => toSession(await open(address, { signal }))),
 * }
 */
export const dialer = <S>(
  open: (address: Address, signal: AbortSignal, attempt: DialAttempt<S>) => Promise<Session<S>>,
): Transport<S>['dial'] => {
  expect(isFunction(open), 'a function that returns a promise of a session', 'open')
  return (address, attempt) => {
    const opening: unknown = open(address, attempt.signal, attempt)
    if (!isThenable(opening)) {
      // A session without a promise round it is a session all the same; the hub checks it as it checks each.
      if (isObject(opening)) return void attempt.succeed(opening as unknown as Session<S>)
      const given = kindOf(opening)
      return void attempt.fail(
        broken(`dialer() takes a function that returns a promise of a session, not ${given}`),
      )
    }
    opening.then(
      (session) => attempt.succeed(session as Session<S>),
      (error) => attempt.fail(error),
    )
  }
}
