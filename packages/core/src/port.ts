import type { Address, PeerKey, Session } from './connection.js'
import { HubError, toHubError } from './errors.js'
import { isFunction, isObject, isThenable } from './guards.js'
import { checkAddress } from './options.js'
import type { Description, Inbound, Transport } from './transport.js'

// A transport is somebody else's code: what it hands over is checked here, what it throws ends here.

/** Closes a session that is not taken in: it must not stay open unseen. */
export type Refuse<S> = (session: Session<S>) => void

export const readSession = <S>(session: unknown, refuse: Refuse<S>): Session<S> => {
  try {
    if (isSession<S>(session)) return session
  } catch (cause) {
    refuse(session as Session<S>)
    throw toHubError('TRANSPORT_BROKEN', 'Reading a session threw', cause)
  }
  if (isObject(session) && isFunction(session.close)) refuse(session as never)
  throw broken(
    'a session must have handle, direction, close() and onClosed(), and no promise may be its handle',
  )
}

const isSession = <S>(value: unknown): value is Session<S> =>
  isObject(value) &&
  isFunction(value.close) &&
  isFunction(value.onClosed) &&
  (value.direction === 'inbound' || value.direction === 'outbound') &&
  isOptionalString(value.key) &&
  isOptionalString(value.kind) &&
  // `connect()` gives the handle through a promise, which would wait for it.
  !isThenable(value.handle)

export const readInbound = <S>(inbound: unknown, refuse: Refuse<S>): Inbound<S> => {
  if (!isObject(inbound)) throw broken('accept() takes an object with address and session')
  const session = readSession(inbound.session, refuse)
  try {
    checkAddress(inbound.address)
  } catch (error) {
    // Without an address it cannot have an entry.
    refuse(session)
    throw error
  }
  return { address: inbound.address, session }
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
      if (isOptionalString(key) && isOptionalString(kind)) return { key, kind }
    }
  } catch (cause) {
    throw toHubError('TRANSPORT_BROKEN', 'Reading what describe() returned threw', cause)
  }
  throw broken('describe() must return an object, with key and kind as strings where there are any')
}

/** Our own key. */
export const selfOf = <S>(transport: Transport<S>): PeerKey | undefined => {
  try {
    return transport.self
  } catch (cause) {
    throw toHubError('TRANSPORT_BROKEN', 'Reading self of the transport threw', cause)
  }
}

/** For a session that is open already: what its address says, if it says anything. */
export const describeLeniently = <S>(transport: Transport<S>, address: Address): Description => {
  try {
    return describe(transport, address)
  } catch {
    return {}
  }
}

export const askToClose = <S>(session: Session<S>, onFailed: (error: unknown) => void): void => {
  try {
    const closing: unknown = session.close()
    if (isThenable(closing)) closing.then(undefined, onFailed)
  } catch (error) {
    onFailed(error)
  }
}

/** A session whose close nobody can hear is refused. */
export const hearClosed = <S>(
  session: Session<S>,
  listener: (error?: unknown) => void,
  refuse: Refuse<S>,
): void => {
  try {
    const listening: unknown = session.onClosed(listener)
    if (isThenable(listening)) {
      listening.then(undefined, (cause) => listener(unheard(session, cause, refuse)))
    }
  } catch (cause) {
    throw unheard(session, cause, refuse)
  }
}

const unheard = <S>(session: Session<S>, cause: unknown, refuse: Refuse<S>): HubError => {
  refuse(session)
  return toHubError('TRANSPORT_BROKEN', 'onClosed() failed', cause)
}

const isOptionalString = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string'

const broken = (rule: string): HubError =>
  new HubError('TRANSPORT_BROKEN', `The transport broke its port: ${rule}.`)
