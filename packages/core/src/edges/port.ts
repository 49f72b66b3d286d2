import type { Address, PeerKey, Session } from '../model/connection.js'
import { HubError, toHubError } from '../model/errors.js'
import type { Description, Inbound, Transport } from '../model/transport.js'
import { attempt, isFunction, isObject, isThenable, kindOf } from './guards.js'

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

export const broken = (rule: string): HubError =>
  new HubError('TRANSPORT_BROKEN', `The transport broke its port: ${rule}.`)

/** Throws a `HubError` that names the part that is wrong, and what was given. */
export function check<T>(
  part: string,
  value: unknown,
  fits: (value: unknown) => value is T,
  what: string,
): asserts value is T {
  if (!fits(value)) throw broken(`${part} must be ${what}, not ${kindOf(value)}`)
}

const read = <T>(what: string, reading: () => T): T => {
  try {
    return reading()
  } catch (cause) {
    throw toHubError('TRANSPORT_BROKEN', `Reading ${what} threw`, cause)
  }
}

const METHODS = ['close', 'onClosed', 'destroy', 'probe', 'traffic'] as const

export const readSession = <S>(given: unknown): Opening<S> =>
  read('a session', () => {
    check('a session', given, isSettledObject, 'an object')
    METHODS.forEach((method, place) => {
      const fits = place < 2 ? isFunction : isOptionalFunction
      check(`${method}() of a session`, given[method], fits, 'a function')
    })
    const { direction, key, kind, handle } = given
    check('direction of a session', direction, isDirection, "'inbound' or 'outbound'")
    check('key of a session', key, isOptionalString, 'a string')
    check('kind of a session', kind, isOptionalString, 'a string')
    // `connect()` would wait for it.
    if (isThenable(handle)) throw broken('the handle of a session must have no then()')
    // Each of its parts was checked, but for the handle, whose type is the transport's word.
    return { session: given, handle, direction, key, kind } as unknown as Opening<S>
  })

export const readInbound = <S>(given: unknown): Inbound<S> => {
  check('what accept() takes', given, isInbound, 'an object with address and session')
  // Address and session are read, and checked, by whoever takes it.
  return given as unknown as Inbound<S>
}

/** Throws where the transport cannot read the address. */
export const describe = <S>(transport: Transport<S>, address: Address): Description => {
  let given: unknown
  try {
    given = transport.describe(address)
  } catch (cause) {
    throw toHubError('INVALID_ADDRESS', 'The transport cannot read this address', cause)
  }
  return read('what describe() returned', () => {
    // The error says it all: the rejection of a promise must not surface on its own.
    if (!isSettledObject(given)) attempt(() => given, ignore)
    check('what describe() returns', given, isSettledObject, 'an object')
    const { key, kind } = given
    check('key of what describe() returns', key, isOptionalString, 'a string')
    check('kind of what describe() returns', kind, isOptionalString, 'a string')
    return { key, kind }
  })
}

/** Whether this is our own key. */
export const isOurs = <S>(transport: Transport<S>, key: PeerKey | undefined): boolean =>
  key !== undefined && key === read('self of the transport', () => transport.self)

/** Whether a session has this method. One that was refused may throw when it is asked. */
export const can = (session: Partial<Session<unknown>>, method: 'close' | 'destroy'): boolean => {
  try {
    return isFunction(session[method])
  } catch {
    return false
  }
}

const ignore = (): void => {}

/** Written out: each `connect()` comes here. */
const isSettledObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { then?: unknown }).then !== 'function'

const isInbound = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && 'session' in value

const isDirection = (value: unknown): value is string => value === 'inbound' || value === 'outbound'

export const isOptionalFunction = (value: unknown): value is undefined =>
  value === undefined || isFunction(value)

const isOptionalString = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string'
