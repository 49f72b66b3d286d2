import { type Address, type DialAttempt, HubError, type Transport } from '@conn-hub/core'
import { isFunction, isObject, isThenable } from './options.js'

/**
 * Dials when the hub does not stand behind the call any more, as where a dial has waited: what the transport throws, rejects with or
 * returns against its port, it fails by.
 */
export const dialLater = <S>(
  transport: Transport<S>,
  address: Address,
  attempt: DialAttempt<S>,
): void => {
  const returned = (given: unknown) => {
    if (!isObject(given) || !isFunction(given.close)) return
    const what = 'dial() must return nothing; where it returns a session, wrap it in dialer().'
    attempt.fail(new HubError('TRANSPORT_BROKEN', `The transport broke its port: ${what}`))
    // The attempt has its answer: this one comes late, and the hub closes it.
    attempt.succeed(given as never)
  }
  try {
    const given: unknown = transport.dial(address, attempt)
    if (isThenable(given)) given.then(returned, attempt.fail)
    else returned(given)
  } catch (error) {
    attempt.fail(error)
  }
}
