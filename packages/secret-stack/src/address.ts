import type { PeerKey } from '@conn-hub/core'
import { readKey } from './key.js'
import { type Kind, kindOf } from './kind.js'

/**
 * What a multiserver-address says of itself, without looking anything up. Throws a `HubError` with the code
 * `INVALID_ADDRESS` or `ADDRESS_TOO_LONG` where it is none.
 */
export const describeAddress = (address: string): { key?: PeerKey; kind?: Kind } => ({
  key: readKey(address),
  kind: kindOf(address),
})
