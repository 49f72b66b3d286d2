import type { ConnectOptions, Hub } from '@conn-hub/core'
import { describeAddress } from '@conn-hub/secret-stack'
import { toMetadata } from './connection-data.js'
import type { Address, ConnectionData } from './types.js'

export const toConnectOptions = (
  address: Address,
  data: Partial<ConnectionData> | undefined,
): ConnectOptions => (data ? { data: toMetadata(data, namesKey(address)) } : {})

const namesKey = (address: Address): boolean => {
  try {
    return describeAddress(address).key !== undefined
  } catch {
    // The hub says so.
    return false
  }
}

/** Events tell how it goes. Where the disconnect fails, the entry is connected again, and nothing is to be dialed. */
export const dialAfterDisconnect = (
  hub: Hub<unknown>,
  address: Address,
  options: ConnectOptions | undefined,
): void => {
  if (hub.closed) return
  const dropped = new AbortController()
  const { signal } = dropped
  const stop = hub.on('disconnecting-failed', (event) => {
    if (event.address === address) dropped.abort()
  })
  hub
    .connect(address, { ...options, signal })
    .catch(() => {})
    .finally(stop)
}
