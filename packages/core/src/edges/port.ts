import type { Address, PeerKey, Session } from '../model/connection.js'
import { HubError, toHubError } from '../model/errors.js'
import type { Description, Inbound, Transport } from '../model/transport.js'
import { isFunction, isObject, isThenable, kindOf } from './guards.js'
import { checkAddress } from './options.js'

// A transport is somebody else's code: what it hands over is read here, once, and what it throws ends here.

/** A session as it was when the transport handed it over. */
export interface Opening<S> {
  readonly session: Session<S>
  readonly handle: S
  readonly direction: Session<S>['direction']
  /** The key that it has proved. */
  readonly key: PeerKey | undefined
  readonly kind: string | undefined
}

/** Throws a `HubError` that names the part that is missing. */
export const readSession = <S>(given: unknown): Opening<S> => {
  if (!isObject(given)) throw broken(`a session must be an object, not ${kindOf(given)}`)
  try {
    if (isThenable(given)) throw broken('a session must be an object, not a promise')
    for (const method of ['close', 'onClosed']) {
      checkPart(`${method}() of a session`, given[method], isFunction, 'a function')
    }
    for (const method of ['destroy', 'probe', 'traffic']) {
      checkPart(`${method}() of a session`, given[method], isOptionalFunction, 'a function')
    }
    const { direction, key, kind, handle } = given as unknown as Session<S>
    checkPart('direction of a session', direction, isDirection, "'inbound' or 'outbound'")
    checkPart('key of a session', key, isOptionalString, 'a string')
    checkPart('kind of a session', kind, isOptionalString, 'a string')
    if (isThenable(handle)) {
      throw broken('the handle of a session must have no then(): a promise of it would wait')
    }
    return { session: given as unknown as Session<S>, handle, direction, key, kind }
  } catch (cause) {
    throw toHubError('TRANSPORT_BROKEN', 'Reading a session threw', cause)
  }
}

const checkPart = (
  part: string,
  value: unknown,
  fits: (value: unknown) => boolean,
  what: string,
): void => {
  if (!fits(value)) throw broken(`${part} must be ${what}, not ${kindOf(value)}`)
}

const isDirection = (value: unknown): boolean => value === 'inbound' || value === 'outbound'

export const readInbound = <S>(given: unknown): Inbound<S> => {
  if (!isObject(given)) {
    throw broken(`accept() takes an object with address and session, not ${kindOf(given)}`)
  }
  const { address, session } = given
  if (session === undefined && isFunction(given.close)) {
    throw broken('accept() takes an object with address and session, not the session itself')
  }
  return { address: address as Address, session: session as Session<S> }
}

/** Throws where the transport cannot read the address. */
export const describe = <S>(transport: Transport<S>, address: Address): Description => {
  checkAddress(address)
  let description: unknown
  try {
    description = transport.describe(address)
  } catch (cause) {
    throw toHubError('INVALID_ADDRESS', 'The transport cannot read this address', cause)
  }
  try {
    if (isThenable(description)) {
      // The error below says it all; the rejection must not surface on its own.
      description.then(undefined, () => {})
    } else if (isObject(description)) {
      const { key, kind } = description
      checkPart('key of what describe() returns', key, isOptionalString, 'a string')
      checkPart('kind of what describe() returns', kind, isOptionalString, 'a string')
      return { key, kind } as Description
    }
  } catch (cause) {
    throw toHubError('TRANSPORT_BROKEN', 'Reading what describe() returned threw', cause)
  }
  throw broken(`describe() must return an object, not ${kindOf(description)}`)
}

/** For a session that is open already: what its address says, if it says anything. */
export const describeLeniently = <S>(transport: Transport<S>, address: Address): Description => {
  try {
    return describe(transport, address)
  } catch {
    return {}
  }
}

/** Our own key. */
export const selfOf = <S>(transport: Transport<S>): PeerKey | undefined => {
  try {
    return transport.self
  } catch (cause) {
    throw toHubError('TRANSPORT_BROKEN', 'Reading self of the transport threw', cause)
  }
}

/** Whether a session has this method. One that was refused may throw when it is asked. */
export const can = (session: Partial<Session<unknown>>, method: 'close' | 'destroy'): boolean => {
  try {
    return isFunction(session[method])
  } catch {
    return false
  }
}

const isOptionalFunction = (value: unknown): boolean => value === undefined || isFunction(value)

const isOptionalString = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string'

export const broken = (rule: string): HubError =>
  new HubError('TRANSPORT_BROKEN', `The transport broke its port: ${rule}.`)
