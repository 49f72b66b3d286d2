import type { Address, Direction, EventType, Initiator, State } from '@conn-hub/core'

// What messages and answers are made of.

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
