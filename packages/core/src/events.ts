import type { Address, Connection, Direction, Initiator, PeerKey, Session } from './connection.js'
import type { HubError } from './errors.js'

interface EventBase {
  /** Counts the events of one hub: +1 each, so that a gap shows. */
  readonly seq: number
  /** When it happened, in ms since 1970. */
  readonly at: number
  readonly address: Address
  readonly key: PeerKey | undefined
}

/** What happened to a connection. */
export type ConnectionEvent<S> =
  | (EventBase & { readonly type: 'connecting' })
  | (EventBase & { readonly type: 'connecting-failed'; readonly error: HubError })
  | (EventBase & {
      readonly type: 'connected'
      readonly session: Session<S>
      readonly direction: Direction
    })
  | (EventBase & {
      readonly type: 'disconnecting'
      readonly reason: string
      readonly initiator: 'local'
    })
  | (EventBase & { readonly type: 'disconnecting-failed'; readonly error: HubError })
  | (EventBase & {
      readonly type: 'disconnected'
      readonly reason: string
      readonly initiator: Initiator
      /** What the transport said, where the link broke. */
      readonly error?: unknown
    })

export type EventType = ConnectionEvent<unknown>['type']

/** One step of one entry, metadata included: no `before` means added, no `after` means removed. */
export interface Change<S> {
  readonly before: Connection<S> | undefined
  readonly after: Connection<S> | undefined
}

/** What can be listened to, and what each listener gets. */
export type HubEvents<S> = {
  [T in EventType]: Extract<ConnectionEvent<S>, { type: T }>
} & {
  /** Every connection event. */
  '*': ConnectionEvent<S>
  /** Every step of every entry, right after its event; a change of metadata has no event. */
  change: Change<S>
  /** The hub has closed: the last thing that any listener hears. */
  close: undefined
}
