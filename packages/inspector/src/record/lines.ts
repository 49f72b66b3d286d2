import type { Address, Direction, EventType, Initiator, PeerKey, State } from '@conn-hub/core'

// The shape of a record, version 1: each line is one of these as JSON. Whoever reads one skips the types and fields that it does not know.

/** The version that this package writes. What is added does not change it. */
export const VERSION = 1

/** A record, or a part of one that can be read alone, begins. What is known from before is confirmed by the `entry` lines up to `ready`, or gone. */
export interface BeginLine {
  readonly type: 'begin'
  readonly version: number
  /** Which recorder wrote it: each start of an app is a run of its own, with a `seq` and numbers of sessions of its own. */
  readonly run?: string | undefined
  /** In ms since 1970, in all lines. */
  readonly at: number
  /** How many lines were lost right before. */
  readonly lost: number
}

/** An entry that was there when the record, or a part of it, began. */
export interface EntryLine {
  readonly type: 'entry'
  readonly at: number
  readonly entry: RecordedEntry
}

/** All entries have been told. */
export interface ReadyLine {
  readonly type: 'ready'
  readonly at: number
}

/** One step of one entry: its event, or `session`, `session-closed`, or a mere `change`. */
export interface StepLine {
  readonly type: EventType | 'session' | 'session-closed' | 'change'
  /** Counts the events of the hub; none where the step has no event. */
  readonly seq?: number | undefined
  readonly at: number
  readonly address: Address
  readonly key?: PeerKey | undefined
  /** The number of the session that opened or closed. */
  readonly session?: number | undefined
  /** Who opened that session. */
  readonly direction?: Direction | undefined
  readonly reason?: string | undefined
  readonly initiator?: Initiator | undefined
  readonly error?: RecordedError | undefined
  /** The entry after the step; none: it is gone. */
  readonly entry?: RecordedEntry | undefined
}

/** A session or a dial was turned away. */
export interface RefusedLine {
  readonly type: 'refused'
  readonly at: number
  readonly by: string
  readonly why: string
  readonly direction: Direction
  readonly address?: Address | undefined
  readonly key?: PeerKey | undefined
  readonly kind?: string | undefined
}

/** An error that nobody waited for. */
export interface ErrorLine {
  readonly type: 'error'
  readonly at: number
  readonly origin: string
  readonly call: string
  readonly address?: Address | undefined
  readonly error: RecordedError
}

/** The hub has closed: the run is over. */
export interface CloseLine {
  readonly type: 'close'
  readonly at: number
}

/** One line of a record. */
export type Line =
  | BeginLine
  | EntryLine
  | ReadyLine
  | StepLine
  | RefusedLine
  | ErrorLine
  | CloseLine

export interface RecordedEntry {
  readonly address: Address
  readonly key?: PeerKey | undefined
  readonly kind?: string | undefined
  readonly state: State
  /** Oldest first. */
  readonly sessions: readonly RecordedSession[]
  readonly createdAt: number
  readonly since: number
  readonly updatedAt: number
  /** Why it disconnects. */
  readonly reason?: string | undefined
  /** What holds its dial up. */
  readonly waits?: string | undefined
  /** What the option `data` made of the metadata. */
  readonly data?: unknown
}

export interface RecordedSession {
  /** Tells it from the other sessions of the record. */
  readonly id: number
  readonly direction: Direction
  readonly key?: PeerKey | undefined
  readonly kind?: string | undefined
}

export interface RecordedError {
  readonly code?: string | undefined
  /** None where addresses are hashed: it may hold them. */
  readonly message?: string | undefined
}
