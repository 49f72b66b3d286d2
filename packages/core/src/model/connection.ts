/** Where a peer is reached: an opaque string that only the transport can read. At most 4096 characters. */
export type Address = string

/**
 * Who a peer is: for secret-stack the public key (`@….ed25519`). A session's key is proved by its transport; what an
 * address or `connect({ key })` says is a name, and counts until a session has proved one.
 */
export type PeerKey = string

/** Who opened a session: they (`inbound`) or we (`outbound`). */
export type Direction = 'inbound' | 'outbound'

/** Who ended a connection: this side (`local`), or the other side or the network (`remote`). */
export type Initiator = 'local' | 'remote'

/** The caller's own data on a connection. The hub copies it, keeps it and never looks inside. */
export type Metadata = Readonly<Record<string, unknown>>

/** How much went over a session so far, as far as its transport counts it. Figures never go down. */
export interface Traffic {
  /** In bytes. */
  readonly bytesIn?: number | undefined
  /** In bytes. */
  readonly bytesOut?: number | undefined
  /** How many messages came, whatever the transport calls a message. */
  readonly messagesIn?: number | undefined
  /** How many messages went. */
  readonly messagesOut?: number | undefined
  /** When anything came from the other side last, in ms since 1970. */
  readonly heardAt?: number | undefined
}

/**
 * One open link to a peer, as the transport made it. Sessions are told apart by identity. The hub reads the fields once,
 * when it takes the session in.
 *
 * @typeParam S What an app works with: a socket, an rpc, a stream.
 *
 * @example
 * const session: Session<{ say(text: string): void }> = {
 *   handle: { say: (text) => lines.push(text) },
 *   direction: 'outbound',
 *   close: (reason) => link.end(reason),
 *   onClosed: (listener) => link.whenEnded(listener),
 * }
 */
export interface Session<S> {
  /** What `connect()` gives. No promise, and nothing else with a `then()`: it would be waited for. */
  readonly handle: S
  /** Who opened the session. */
  readonly direction: Direction
  /** Who is at the other end, where the transport has proved it. */
  readonly key?: PeerKey | undefined
  /** The sort of link, where it shows only once the link is open. It counts more than the kind of the address. */
  readonly kind?: string | undefined
  /**
   * Starts to close the link; may be called again. To throw or to reject means that it stays open.
   *
   * @param reason Why: the words given to `disconnect()` or `reset()`, or the hub's own (`hub-closed`, `aborted`, `late`,
   * `wrong-peer`, …).
   */
  close(reason: string): void | Promise<void>
  /**
   * Ends the link at once, unsent bytes and all. When it returns, the link counts as closed. The hub calls it at most once, for
   * a session that did not close within `closeTimeout`, or whose `close()` failed.
   */
  readonly destroy?: (() => void) | undefined
  /**
   * Tells each listener once when the link has closed, whoever closed it; at once where it has closed already. Any number of
   * listeners.
   *
   * @param listener Gets what broke the link, and the other side's words for why: the hub makes those printable, cuts them at 123 bytes, and
   * passes them on only where the other side ended the link.
   */
  onClosed(listener: (error?: unknown, reason?: string) => void): void
  /**
   * Asks the other side for an answer, and resolves when it has come. Rejects when `signal` aborts and when the link closes;
   * several may run. The hub never calls it.
   */
  readonly probe?: ((signal: AbortSignal) => Promise<void>) | undefined
  /** What went over the link so far. The hub never calls it. */
  readonly traffic?: (() => Traffic) | undefined
}

interface Entry<S, D extends Metadata> {
  /** Where the peer is reached: what tells one entry from another. */
  readonly address: Address
  /** Who the peer has proved to be; while no session has proved it, who it is said to be. */
  readonly key: PeerKey | undefined
  /** The sort of link, in the words of the transport: `lan`, `internet`, `tunnel`, … */
  readonly kind: string | undefined
  /** What the callers gave to `connect()` and `update()`. */
  readonly data: D
  /** The open sessions, oldest first; a frozen array. */
  readonly sessions: readonly Session<S>[]
  /** When the entry came into being, in ms since 1970. */
  readonly createdAt: number
  /** When the present state began, in ms since 1970. */
  readonly since: number
  /** When anything of the entry changed last, in ms since 1970. */
  readonly updatedAt: number
}

/** A dial is under way; there is no session yet. */
export interface Connecting<D extends Metadata = Metadata> extends Entry<never, D> {
  /** `connecting`. */
  readonly state: 'connecting'
  /** None yet. */
  readonly sessions: readonly []
  /** What holds the dial up before it can begin, in the words of whoever holds it (`DialAttempt.hold`). */
  readonly waits?: string | undefined
}

/** At least one session is open; more than one where an address is open in both directions. */
export interface Connected<S, D extends Metadata = Metadata> extends Entry<S, D> {
  /** `connected`. */
  readonly state: 'connected'
  /** The open sessions, oldest first; a frozen array of at least one. `connect()` gives the handle of the first that nobody is closing. */
  readonly sessions: readonly [Session<S>, ...Session<S>[]]
}

/** We asked the sessions to close, and wait for the last of them. */
export interface Disconnecting<S, D extends Metadata = Metadata> extends Entry<S, D> {
  /** `disconnecting`. */
  readonly state: 'disconnecting'
  /** Why, in the words of the one who asked. */
  readonly reason: string
}

/**
 * An entry of the hub. Immutable: every change makes a new one. No entry means disconnected.
 *
 * @example
 * const entry = hub.get('mem:bob')
 * if (entry?.state === 'connected') console.log(entry.key, entry.sessions[0].direction)
 */
export type Connection<S, D extends Metadata = Metadata> =
  | Connecting<D>
  | Connected<S, D>
  | Disconnecting<S, D>

/** The state of an entry. */
export type State = Connection<unknown>['state']

/** An entry without handles: what can go to a worker, another process, or a log. */
export interface PlainConnection<D extends Metadata = Metadata>
  extends Omit<Entry<never, D>, 'sessions'> {
  /** The state of the entry when the copy was made. */
  readonly state: State
  /** What is known of each session, oldest first. */
  readonly sessions: readonly {
    readonly direction: Direction
    readonly key: PeerKey | undefined
    readonly kind: string | undefined
  }[]
  /** Why it is `disconnecting`, in the words of the one who asked. */
  readonly reason?: string | undefined
  /** What holds the dial up, while it is `connecting`. */
  readonly waits?: string | undefined
}

/**
 * A copy of an entry without its handles. It can be cloned and stringified as far as the metadata can.
 *
 * @example
 * console.log(JSON.stringify(hub.snapshot().map(toPlain)))
 */
export const toPlain = <D extends Metadata>(entry: Connection<unknown, D>): PlainConnection<D> => ({
  ...entry,
  sessions: entry.sessions.map(({ direction, key, kind }) => ({ direction, key, kind })),
})
