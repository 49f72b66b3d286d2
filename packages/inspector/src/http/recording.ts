import type { Hub } from '@conn-hub/core'
import type { Journal } from '../journal.js'
import type { Moment } from '../protocol.js'

/** A record that is moved through time: what a server needs of it. */
export interface Recording {
  /** As it is at this moment; another one after it was moved back. */
  readonly hub: Hub<unknown>
  readonly journal: Journal
  readonly moment: Moment
  goTo(place: number): Promise<void>
  /** Calls back after each move. `isAnew`: the hub is another one. */
  onMoved(listener: (isAnew: boolean) => void): void
}
