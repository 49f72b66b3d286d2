import type { Address, Session } from './connection.js'
import { HubError, toHubError } from './errors.js'
import { isFunction, isObject, isThenable } from './guards.js'
import { checkAddress } from './options.js'
import type { Description, Inbound, Transport } from './transport.js'

// A transport is somebody else's code: what it hands over is checked here, what it throws ends here.

export const readSession = <S>(session: unknown): Session<S> => {
  const complete =
    isObject(session) &&
    isFunction(session.close) &&
    isFunction(session.onClosed) &&
    (session.direction === 'inbound' || session.direction === 'outbound') &&
    isOptionalString(session.key) &&
    isOptionalString(session.kind)
  if (complete) return session as unknown as Session<S>
  // What is refused must not stay open unseen.
  if (isObject(session) && isFunction(session.close)) askToClose(session as never, () => {})
  throw broken('a session must have handle, direction, close() and onClosed()')
}

export const readInbound = <S>(inbound: unknown): Inbound<S> => {
  if (!isObject(inbound)) throw broken('accept() takes an object with address and session')
  const session = readSession<S>(inbound.session)
  try {
    checkAddress(inbound.address)
  } catch (error) {
    // Without an address it cannot have an entry, and no session may stay open unseen.
    askToClose(session, () => {})
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
  if (isObject(description) && !isThenable(description)) {
    const { key, kind } = description
    if (isOptionalString(key) && isOptionalString(kind)) return { key, kind }
  }
  // That error says it all; the rejection must not surface on its own.
  if (isThenable(description)) description.then(undefined, () => {})
  throw broken('describe() must return an object, with key and kind as strings where there are any')
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

/** Hears of the close once, however often the transport tells it. */
export const onceClosed = <S>(session: Session<S>, listener: (error?: unknown) => void): void => {
  let told = false
  try {
    session.onClosed((error) => {
      if (told) return
      told = true
      listener(error)
    })
  } catch (cause) {
    askToClose(session, () => {})
    throw toHubError('TRANSPORT_BROKEN', 'onClosed() threw', cause)
  }
}

const isOptionalString = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string'

const broken = (rule: string): HubError =>
  new HubError('TRANSPORT_BROKEN', `The transport broke its port: ${rule}.`)
