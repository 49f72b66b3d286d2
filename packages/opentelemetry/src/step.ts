import type { Connection, ConnectionEvent } from '@conn-hub/core'

type Entry = Connection<unknown>

/** One step of one entry, with its event, where it has one. */
export interface Step {
  readonly before: Entry | undefined
  readonly after: Entry | undefined
  readonly event: ConnectionEvent<unknown> | undefined
  /** In ms since 1970. */
  readonly at: number
}

/** The clock of the system may have been turned back in between. */
export const secondsBetween = (from: number, to: number): number => Math.max(0, to - from) / 1_000
