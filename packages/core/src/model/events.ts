import type {
  Address,
  Connection,
  Direction,
  Initiator,
  Metadata,
  PeerKey,
  Session,
} from './connection.js'
import type { ErrorOrigin, HubError } from './errors.js'

/** `Symbol.dispose` where the app's `lib` knows it: a name that it does not know would not compile there. */
type DisposeKey = typeof Symbol extends { readonly dispose: infer Key } ? Key & symbol : never

/** Ends a subscription. May be called again, and by `using` where the runtime has `Symbol.dispose`. */
export interface Unsubscribe extends Record<DisposeKey, () => void> {
  (): void
}

interface EventBase {
  /** Counts the events of one hub: +1 each, so that a gap shows. */
  readonly seq: number
  /** When it happened, in ms since 1970. */
  readonly at: number
  /** The address whose entry changed. */
  readonly address: Address
  /** The key that the entry shows: proved by a session, or else the name that was given. */
  readonly key: PeerKey | undefined
}

/** A dial begins, and the entry comes into being. */
export interface ConnectingEvent extends EventBase {
  /** `connecting`: there was no entry before. */
  readonly type: 'connecting'
}

/** The dial failed, and the entry is gone. */
export interface ConnectingFailedEvent extends EventBase {
  /** `connecting-failed`: there is no entry after. */
  readonly type: 'connecting-failed'
  /** Why: `DIAL_FAILED`, `DIAL_TIMEOUT`, `WRONG_PEER`, `DIAL_SELF`, `SESSION_CLOSED` or `TRANSPORT_BROKEN`. */
  readonly error: HubError
}

/** The first session is open. */
export interface ConnectedEvent<S> extends EventBase {
  /** `connected`: after `connecting`, or alone where they opened the session. */
  readonly type: 'connected'
  /** The session that opened. */
  readonly session: Session<S>
  /** Who opened it. */
  readonly direction: Direction
}

/** We asked the sessions to close, or cancelled the dial. */
export interface DisconnectingEvent extends EventBase {
  /** `disconnecting`: after `connecting` or `connected`. */
  readonly type: 'disconnecting'
  /** Why, in the words given to `disconnect()` or `reset()`; `disconnect` where none were given, `hub-closed` or `aborted` by the hub. */
  readonly reason: string
  /** Always this side: nobody else can ask. */
  readonly initiator: 'local'
}

/** A session could not be closed: the entry is connected again. */
export interface DisconnectingFailedEvent extends EventBase {
  /** `disconnecting-failed`: after `disconnecting`. */
  readonly type: 'disconnecting-failed'
  /** Why: `CLOSE_FAILED` or `CLOSE_TIMEOUT`. */
  readonly error: HubError
}

/** The last session has closed, and the entry is gone. */
export interface DisconnectedEvent extends EventBase {
  /** `disconnected`: after `connected` or `disconnecting`. There is no entry after. */
  readonly type: 'disconnected'
  /**
   * Why. With `initiator` `local` the words of whoever asked on this side, `disconnect` where there were none. With `remote` the other side's
   * words, printable and at most 123 bytes long, never to be believed; `session-closed` where there were none.
   */
  readonly reason: string
  /** Who ended it: this side, or the other side or the network. */
  readonly initiator: Initiator
  /** What the transport said where the link broke; a `HubError` with `CLOSE_TIMEOUT` or `CLOSE_FAILED` where it had to be destroyed. */
  readonly error?: unknown
}

/**
 * What happened to a connection. The events of one entry spell the table of states.
 *
 * @example
 * hub.on('*', (event) => {
 *   if (event.type === 'disconnected') console.log(event.seq, event.address, event.reason)
 * })
 */
export type ConnectionEvent<S> =
  | ConnectingEvent
  | ConnectingFailedEvent
  | ConnectedEvent<S>
  | DisconnectingEvent
  | DisconnectingFailedEvent
  | DisconnectedEvent

/** The type of a connection event. */
export type EventType = ConnectionEvent<unknown>['type']

/**
 * A session opened: the first one of its entry, right after `connected`, or a further one.
 *
 * @example
 * hub.on('session', ({ session, direction }) => {
 *   if (direction === 'inbound') session.handle.send('welcome')
 * })
 */
export interface SessionOpened<S> {
  /** `session`. */
  readonly type: 'session'
  /** In ms since 1970. */
  readonly at: number
  /** The address whose entry has it now. */
  readonly address: Address
  /** The key that the entry shows now. */
  readonly key: PeerKey | undefined
  /** The session that opened. */
  readonly session: Session<S>
  /** Who opened it. */
  readonly direction: Direction
}

/**
 * A session closed: the last one of its entry, right before `disconnected`, or another one.
 *
 * @example
 * hub.on('session-closed', ({ address, reason, initiator }) => console.log(address, initiator, reason))
 */
export interface SessionClosed<S> {
  /** `session-closed`. */
  readonly type: 'session-closed'
  /** In ms since 1970. */
  readonly at: number
  /** The address whose entry had it. */
  readonly address: Address
  /** The key that the entry shows, or showed last. */
  readonly key: PeerKey | undefined
  /** The session that closed. */
  readonly session: Session<S>
  /** Who had opened it. */
  readonly direction: Direction
  /** Why, as in `disconnected`. */
  readonly reason: string
  /** Who ended it, as in `disconnected`. */
  readonly initiator: Initiator
  /** What broke it, as in `disconnected`. */
  readonly error?: unknown
}

/** One step of one entry, metadata included: no `before` means added, no `after` means removed. */
export interface Change<S, D extends Metadata = Metadata> {
  /** The entry before the step. */
  readonly before: Connection<S, D> | undefined
  /** The entry after the step. */
  readonly after: Connection<S, D> | undefined
}

/**
 * A session or a dial was turned away.
 *
 * @example
 * hub.on('refused', ({ by, why, address }) => console.log(by, why, address))
 */
export interface Refusal {
  /** Who refused: `hub`, or the name of a part of the transport. */
  readonly by: string
  /** Why: of the hub `late`, `wrong-peer`, `disconnecting`, `hub-closed`, `self` or `broken`; of others what they say. */
  readonly why: string
  /** Who had opened it, or wanted to. */
  readonly direction: Direction
  /** The address, where it is known; at most 4096 characters. */
  readonly address?: Address | undefined
  /** The key that was proved, where one was. */
  readonly key?: PeerKey | undefined
  /** The sort of link, where it is known. */
  readonly kind?: string | undefined
  /** What made it fail, where something did: as it was thrown or rejected with, and never to be believed. */
  readonly error?: unknown
}

/** An error that nobody waits for: what `onError` gets. */
export interface ErrorEvent {
  /** What was thrown or rejected with; anything. */
  readonly error: unknown
  /** Where it comes from. */
  readonly from: ErrorOrigin
}

/** What can be listened to, and what each listener gets. */
export interface HubEvents<S, D extends Metadata = Metadata> {
  /** A dial begins, and the entry comes into being. */
  connecting: ConnectingEvent
  /** The dial failed, and the entry is gone. */
  'connecting-failed': ConnectingFailedEvent
  /** The first session is open. */
  connected: ConnectedEvent<S>
  /** We asked the sessions to close, or cancelled the dial. */
  disconnecting: DisconnectingEvent
  /** A session could not be closed, and the entry is connected again. */
  'disconnecting-failed': DisconnectingFailedEvent
  /** The last session has closed, and the entry is gone. */
  disconnected: DisconnectedEvent
  /** Every connection event: the six above, in the order of `seq`. */
  '*': ConnectionEvent<S>
  /** Every session that opens: set up a protocol on each link here. */
  session: SessionOpened<S>
  /** Every session that closes. */
  'session-closed': SessionClosed<S>
  /** Every step of every entry, right after its event; a change of metadata has no event. */
  change: Change<S, D>
  /** Whatever was turned away. */
  refused: Refusal
  /** Every error that nobody waits for, as `onError` gets it. What a listener of this throws goes to `onError` alone. */
  error: ErrorEvent
  /** The hub has closed: the last thing that any listener hears. */
  close: undefined
}
