import type { Address } from '@conn-hub/core'
import type {
  Moment,
  PlainDown,
  PlainEntry,
  PlainEvent,
  PlainRefusal,
  PlainTotals,
  PlainTraffic,
  Sample,
} from './things.js'

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
  /** Forget all entries, and take these. The second message of each stream, and again where the reader is too late for changes. */
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
