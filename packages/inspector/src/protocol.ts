import type { Address, Direction, EventType, Initiator, State } from '@conn-hub/core'

// What crosses the wire, as JSON. The server, the page and the terminal program share it.

/** An entry as plain data. Long texts are cut. */
export interface PlainEntry {
  readonly address: Address
  readonly key?: string
  readonly kind?: string
  /** The name that the app gives it. */
  readonly label?: string
  readonly state: State
  /** What the dial waits for before it can begin. */
  readonly waits?: string
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

/** A peer that is lost, or that cannot be reached. */
export interface PlainDown {
  readonly address: Address
  readonly key?: string
  readonly kind?: string
  readonly label?: string
  /** When it was lost, or first could not be reached, in ms since 1970. */
  readonly since: number
  /** When the last try ended, or the link broke. */
  readonly lastAt: number
  /** How many tries have failed since then. */
  readonly tries: number
  readonly isTrying: boolean
  readonly reason?: string
  readonly error?: PlainError
}

/** What was turned away. `number` counts from 1. */
export interface PlainRefusal {
  readonly number: number
  readonly at: number
  readonly by: string
  readonly why: string
  readonly direction: Direction
  readonly address?: string
  readonly key?: string
  readonly kind?: string
}

/** When, in ms since 1970, and how many were connected, connecting and disconnecting from then on. */
export type Sample = readonly [
  at: number,
  connected: number,
  connecting: number,
  disconnecting: number,
]

/** What went over all sessions, as far as the transport counts it. */
export interface PlainTraffic {
  readonly at: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly messagesIn: number
  readonly messagesOut: number
  /** How many open sessions count. */
  readonly sessions: number
}

/** What was counted from the first look on. */
export interface PlainTotals {
  /** When that was, in ms since 1970. */
  readonly from: number
  readonly dials: number
  /** Dials that failed, and links that broke, by code. */
  readonly failed: Readonly<Record<string, number>>
  readonly broken: Readonly<Record<string, number>>
  readonly refused: Readonly<Record<string, number>>
  /** How many dials took up to each of `DIAL_TIMES`, and how many longer. */
  readonly times: readonly number[]
}

/** Where in a record the hub is that is shown. */
export interface Moment {
  /** So many lines have been told, of so many. */
  readonly place: number
  readonly length: number
  /** The time of the line that was told last, of the first and of the last one, in ms since 1970. */
  readonly at: number
  readonly from: number
  readonly to: number
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
    /** The hub, as the app calls it. */
    readonly name?: string
    /** The hub's own key. */
    readonly key?: string
    /** The machine and the process; none where it is a record. */
    readonly host?: string
    /** When the process began, in ms since 1970. */
    readonly startedAt?: number
    /** It is a record that is shown: its time stands still between two moves. */
    readonly moment?: Moment
    /** Whether `explain` and `fleet` can be asked. */
    readonly explain: boolean
    readonly fleet: boolean
  }
  /** A record was moved. Where it was moved back, another `hello` begins the stream anew. */
  moment: Moment
  /** Each 15 s: the app is alive. */
  beat: {
    readonly at: number
  }
  /** The past of the counts. Once, after the snapshot. */
  samples: {
    readonly samples: readonly Sample[]
  }
  /** What goes on beside entries and events; once a second at most, and only what is new. */
  aside: {
    /** `all`: who is not in `set` is down no more. */
    readonly down?: {
      readonly set: readonly PlainDown[]
      readonly gone: readonly Address[]
      readonly all: boolean
    }
    readonly refused?: readonly PlainRefusal[]
    readonly totals?: PlainTotals
    readonly traffic?: PlainTraffic
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

/** What `GET summary` answers: enough for the title of a page that is not looked at. */
export interface Summary {
  readonly hub: string
  readonly at: number
  readonly seq: number
  readonly connected: number
  readonly down: number
  readonly closedAt?: number
  /** How many streams there may be, and are. */
  readonly places: number
  readonly taken: number
}

/** What `GET explain?address=` answers. */
export interface Explained {
  readonly lines: readonly string[]
  /** In ms since 1970: the next attempt, where it is known. */
  readonly nextAt?: number
}

/** What `GET fleet` and `GET fleet?find=` answer: rows of named values. */
export interface FleetAnswer {
  readonly rows: readonly Readonly<Record<string, string>>[]
  readonly error?: string
}

/** What `POST control` takes. */
export type ControlRequest =
  | { readonly do: 'connect' | 'disconnect'; readonly address: Address }
  | { readonly do: 'reset' }

/** What `POST seek` takes, where a record is shown: how many of its lines shall have been told. */
export interface SeekRequest {
  readonly place: number
}

/** What `POST control` and `POST seek` answer, once it is done; a dial may take its time. */
export type ControlAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string }
