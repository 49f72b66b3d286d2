import type { Address, Session } from '../model/connection.js'
import type { DialAttempt, Transport } from '../model/transport.js'
import { isThenable } from './guards.js'

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
export const dialer =
  <S>(
    open: (address: Address, signal: AbortSignal, attempt: DialAttempt<S>) => Promise<Session<S>>,
  ): Transport<S>['dial'] =>
  (address, attempt) => {
    const opening: unknown = open(address, attempt.signal, attempt)
    // A session without a promise round it is a session all the same.
    if (!isThenable(opening)) return attempt.succeed(opening as Session<S>)
    opening.then(
      (session) => attempt.succeed(session as Session<S>),
      (error) => attempt.fail(error),
    )
  }
