import type { Address, HubSide, Inbound, Session } from '@conn-hub/core'
import { isFunction, isObject } from './options.js'

/** Whether a session that is handed over is to be judged: it can be, and the hub has not got it already. */
export const isNew = <S>(given: Inbound<S> | undefined, side: HubSide<S> | undefined): boolean => {
  try {
    const { address, session } = given ?? {}
    return isReadable(session) && !isKnown(address as Address, session, side)
  } catch {
    return false
  }
}

/** Whether the hub has this session: a transport may hand one over again. */
export const isKnown = <S>(
  address: Address,
  session: Session<S>,
  side: HubSide<S> | undefined,
): boolean => ((side?.get(address)?.sessions ?? []) as readonly Session<S>[]).includes(session)

/** Whether what is handed over has an address, and a session that can be judged. */
export const isInbound = <S>(given: Inbound<S> | undefined): given is Inbound<S> => {
  try {
    return typeof given?.address === 'string' && isReadable(given.session)
  } catch {
    return false
  }
}

/** Whether a session can be judged. What cannot goes on as it is: the hub refuses it, and says what it must be. */
export const isReadable = <S>(session: Session<S> | undefined): session is Session<S> => {
  try {
    if (!isObject(session)) return false
    const { direction, key, close, onClosed } = session as unknown as Session<S>
    const isKey = key === undefined || typeof key === 'string'
    const isDirection = direction === 'inbound' || direction === 'outbound'
    return isKey && isDirection && isFunction(close) && isFunction(onClosed)
  } catch {
    return false
  }
}
