/** Where a peer is reached: an opaque string that only the transport can read. At most 4096 characters. */
export type Address = string

/** Who a peer is, as its transport has proved it; for secret-stack the public key (`@….ed25519`). */
export type PeerKey = string

/** Who opened a session: they (`inbound`) or we (`outbound`). */
export type Direction = 'inbound' | 'outbound'

/** Who ended a connection: this side (`local`) or the other side or the network (`remote`). */
export type Initiator = 'local' | 'remote'

/** The caller's own data on a connection. The hub copies it, keeps it and never looks inside. */
export type Metadata = Readonly<Record<string, unknown>>

/**
 * One open link to a peer, as the transport made it. Sessions are told apart by identity.
 *
 * @typeParam S What an app works with: a socket, an rpc, a stream.
 */
export interface Session<S> {
  /** No promise, and nothing else with a `then()`: `connect()` gives it through a promise. */
  readonly handle: S
  readonly direction: Direction
  /** Who is at the other end, where the transport knows. */
  readonly key?: PeerKey | undefined
  /** The sort of link, where it shows only once the link is open. */
  readonly kind?: string | undefined
  /** Starts to close the link; may be called again. To throw or to reject means that it stays open. */
  close(): void | Promise<void>
  /** Calls `listener` once, when the link has closed, whoever closed it; at once where it has closed already. */
  onClosed(listener: (error?: unknown) => void): void
}

interface Entry {
  readonly address: Address
  readonly key: PeerKey | undefined
  /** The sort of link, in the words of the transport: `lan`, `internet`, `tunnel`, … */
  readonly kind: string | undefined
  readonly data: Metadata
  /** When the entry came into being, in ms since 1970. */
  readonly createdAt: number
  /** When the present state began, in ms since 1970. */
  readonly since: number
  /** When anything of the entry changed last, in ms since 1970. */
  readonly updatedAt: number
}

/** A dial is under way; there is no session yet. */
export interface Connecting extends Entry {
  readonly state: 'connecting'
  readonly sessions: readonly []
}

/** At least one session is open; more than one where an address is open in both directions. */
export interface Connected<S> extends Entry {
  readonly state: 'connected'
  readonly sessions: readonly [Session<S>, ...Session<S>[]]
}

/** We asked the sessions to close, and wait for the last of them. */
export interface Disconnecting<S> extends Entry {
  readonly state: 'disconnecting'
  readonly sessions: readonly Session<S>[]
  /** Why, in the words of the one who asked. */
  readonly reason: string
}

/** An entry of the hub. Immutable: every change makes a new one. No entry means disconnected. */
export type Connection<S> = Connecting | Connected<S> | Disconnecting<S>

export type State = Connection<unknown>['state']
