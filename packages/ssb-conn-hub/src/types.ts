import type { Rpc, Ssb } from '@conn-hub/secret-stack'

/** A multiserver-address: `net:HOST:PORT~shs:KEY`. */
export type Address = string

/** An entry as apps see it: the fields of the hub, and those of everybody else. */
export type ConnectionData = {
  /** `@….ed25519`: from the address, else from the data, else from the rpc. */
  key?: string
  state: 'connecting' | 'connected' | 'disconnecting'
  /** Only where there is no `type`. */
  inferredType?: 'bt' | 'dht' | 'internet' | 'lan' | 'tunnel'
  /** When the entry came into being, in ms since 1970. */
  hubBirth: number
  /** When the entry changed last, in ms since 1970. */
  hubUpdated: number
  disconnect?: (cb: (err?: unknown) => void) => void
  // biome-ignore lint/suspicious/noExplicitAny: whatever other modules keep there, as in ssb-conn-hub
  [name: string]: any
}

export type ListenEvent = {
  type: ConnectionData['state'] | 'connecting-failed' | 'disconnecting-failed' | 'disconnected'
  address: Address
  key?: string
  /** `{ rpc, isClient }` with `connected`, the original error with the two that failed. */
  // biome-ignore lint/suspicious/noExplicitAny: its shape depends on the type, as in ssb-conn-hub
  details?: any
}

/** What the hub needs of an sbot; `addListener` and `connect` are enough. */
export interface Sbot<R extends Rpc = Rpc> extends Ssb<R> {
  readonly peers?: Record<string, R[]> | undefined
}
