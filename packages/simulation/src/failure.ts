import { HubError } from '@conn-hub/core'
import type { Happening } from './timeline.js'

/**
 * What went wrong in a world.
 *
 * | code | what happened |
 * | --- | --- |
 * | `CONTRACT_BROKEN` | a hub broke a promise, by the watch of `@conn-hub/conformance` |
 * | `GHOST` | after quiet, a hub has a session that is not open, or that the other side does not have; or there is an open link in no entry |
 * | `CALL_PENDING` | a call of a hub has not settled |
 * | `NOT_ALWAYS` | what `world.always()` was given did not hold |
 * | `NOT_EVENTUALLY` | what `world.eventually()` was given did not come true in time |
 * | `TIMER_LEFT` | after all hubs have closed, there is a timer |
 * | `SCENARIO_FAILED` | the scenario threw or rejected; `cause` is its error |
 * | `SCENARIO_HANGS` | the scenario had not ended by the end of `duration` |
 * | `PEER_FAILED` | code of a peer threw in a timer, or left a rejected promise; `cause` is its error |
 * | `REAL_RESOURCE_LEFT` | something of the real world was opened, and is still open |
 */
export type FailureCode =
  | 'CONTRACT_BROKEN'
  | 'GHOST'
  | 'CALL_PENDING'
  | 'NOT_ALWAYS'
  | 'NOT_EVENTUALLY'
  | 'TIMER_LEFT'
  | 'SCENARIO_FAILED'
  | 'SCENARIO_HANGS'
  | 'PEER_FAILED'
  | 'REAL_RESOURCE_LEFT'

/** One thing that went wrong. */
export interface Fault {
  readonly code: FailureCode
  readonly message: string
  readonly cause?: unknown
}

/** What became of a world. */
export interface Report {
  readonly seed: number
  /** The same for the same seed, scenario and versions: a hash of all that happened. */
  readonly hash: string
  /** How many things happened. */
  readonly happenings: number
  /** The last of them, 5,000 at most. */
  readonly timeline: readonly Happening[]
  /** When it ended, in ms since the world began. */
  readonly endedAt: number
}

/** What `simulate()` rejects with: the first fault, what else was found at that moment, and the report. */
export class SimulationError extends HubError {
  declare readonly code: FailureCode
  readonly faults: readonly Fault[]
  readonly report: Report

  constructor(faults: readonly [Fault, ...Fault[]], report: Report) {
    const [{ code, cause }] = faults
    const found = faults.map(({ message }) => message).join('\n')
    const at = (report.endedAt / 1_000).toFixed(3)
    super(code, `Seed ${report.seed}, after ${at} s: ${found}`, { cause })
    this.faults = faults
    this.report = report
  }
}
