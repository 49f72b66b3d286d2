// Apps are built with compilers as old as TypeScript 4.2. What is declared here leads to no other package for that.

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

/** A pull-stream source: a call asks for one item, or, where `abort` is truthy, ends the stream at once. */
export type Source<T> = (abort: End, cb: (end: End, item?: T) => void) => void

/** `true` is a normal end, an error a failure; `null` or `false` means that the stream goes on. */
export type End = Error | boolean | null

/** What the hub needs of an rpc, a live link to a peer. */
export interface Rpc {
  /** The key that the peer has proved: `@….ed25519`. */
  readonly id?: string | undefined
  readonly closed?: boolean | undefined
  readonly meta?: unknown
  readonly stream?: { readonly address?: unknown; readonly meta?: unknown } | undefined
  close(error: unknown, callback?: (error?: unknown) => void): unknown
  on(event: 'closed', listener: () => void): unknown
  removeListener?(event: 'closed', listener: () => void): unknown
  manifest?(callback: (error?: unknown) => void): unknown
}

type OnRpcConnect<R> = (rpc: R, isClient?: boolean) => void

/** What the hub needs of an sbot; `addListener` and `connect` are enough. */
export interface Sbot<R extends Rpc = Rpc> {
  readonly id?: string | undefined
  readonly closed?: boolean | undefined
  readonly ready?: (() => boolean) | undefined
  /** The open rpcs by key. */
  readonly peers?: Record<string, R[]> | undefined
  connect(address: string, callback: (error?: unknown, rpc?: R) => void): unknown
  addListener(event: 'rpc:connect', listener: OnRpcConnect<R>): unknown
  removeListener?(event: 'rpc:connect', listener: OnRpcConnect<R>): unknown
}
