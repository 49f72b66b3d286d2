import type { Address, Direction, EventType, Initiator, State } from '@conn-hub/core'

// What crosses the wire, as JSON. The server, the page and the terminal program share it.

/** An entry as plain data. Long texts are cut. */
export interface PlainEntry {
  readonly address: Address
  readonly key?: string
  readonly kind?: string
  readonly state: State
  /** None: no session is open. */
  readonly direction?: Direction | 'both'
  /** How many sessions are open. */
  readonly sessions: number
  /** In ms since 1970, as the two below. */
  readonly createdAt: number
  readonly since: number
  readonly updatedAt: number
  /** Why it disconnects. */
  readonly reason?: string
  /** The metadata as JSON text; none where there is no metadata. */
  readonly data?: string
  /** Something of it was too long, or could not be read as JSON. */
  readonly cut?: true
}

/** An event as plain data. Long texts are cut. */
export interface PlainEvent {
  readonly seq: number
  /** In ms since 1970. */
  readonly at: number
  readonly type: EventType
  readonly address: Address
  readonly key?: string
  readonly direction?: Direction
  readonly reason?: string
  readonly initiator?: Initiator
  readonly error?: PlainError
}

export interface PlainError {
  readonly code?: string
  readonly message: string
}

/** What the stream tells: the name of each message, and its data. */
export interface Messages {
  /** The first message of each stream. */
  hello: {
    /** Random, one for each hub and process: another one means that the app was started anew. */
    readonly hub: string
    /** Whether the page may connect, disconnect and reset. */
    readonly control: boolean
    /** The clock of the server, in ms since 1970. */
    readonly at: number
  }
  /** Forget all entries, and take these. The second message of each stream. */
  snapshot: {
    readonly seq: number
    readonly entries: readonly PlainEntry[]
    /** This is a part: the rest follows as `changes`, the last of which has no `more`. */
    readonly more?: true
  }
  changes: {
    /** The entries are those after the event with this `seq`, or later. */
    readonly seq: number
    /** Added, or changed. */
    readonly set: readonly PlainEntry[]
    readonly gone: readonly Address[]
    readonly more?: true
  }
  events: {
    readonly events: readonly PlainEvent[]
    /** How many events before these the reader does not get: they are too old. */
    readonly missed: number
  }
  /** The hub has closed: nothing more will come. The stream stays open. */
  closed: {
    readonly at: number
  }
}

/** What `POST control` takes. */
export type ControlRequest =
  | { readonly do: 'connect' | 'disconnect'; readonly address: Address }
  | { readonly do: 'reset' }

/** What `POST control` answers, once it is done; a dial may take its time. */
export type ControlAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string }
