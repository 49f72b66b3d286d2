/** What is used of an rpc, secret-stack's live link to a peer. */
export interface Rpc {
  /** The key that the peer has proved: `@….ed25519`. */
  readonly id?: string | undefined
  readonly closed?: boolean | undefined
  /** What the transport says of the link; on the rpc itself in every version from 6.3 to 8.1. */
  readonly meta?: unknown
  readonly stream?: { readonly address?: unknown; readonly meta?: unknown } | undefined
  close(error: unknown, callback?: (error?: unknown) => void): unknown
  on(event: 'closed', listener: () => void): unknown
  removeListener?(event: 'closed', listener: () => void): unknown
  /** Asks the other side what it can do: every secret-stack answers. */
  manifest?(callback: (error?: unknown) => void): unknown
}

type OnRpcConnect<R> = (rpc: R, isClient?: boolean) => void

/** What is used of a running sbot, in secret-stack 6.3 to 8. `connect` is looked up at each dial, so it can be hooked later. */
export interface Ssb<R extends Rpc = Rpc> {
  /** Our own key. */
  readonly id?: string | undefined
  /** `true` means that it takes no sessions any more. */
  readonly closed?: boolean | undefined
  /** `false` means that sessions are refused for now. */
  readonly ready?: (() => boolean) | undefined
  connect(address: string, callback: (error?: unknown, rpc?: R) => void): unknown
  addListener(event: 'rpc:connect', listener: OnRpcConnect<R>): unknown
  removeListener?(event: 'rpc:connect', listener: OnRpcConnect<R>): unknown
}
