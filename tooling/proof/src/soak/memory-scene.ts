import type { Hub } from '@conn-hub/core'
import type { createMemoryNetwork, MemoryLink } from '@conn-hub/testkit'

export type Endpoint = ReturnType<ReturnType<typeof createMemoryNetwork>['endpoint']>

/** What one cycle plays with: a peer that nobody has met before, and will not meet again. */
export interface Scene {
  readonly hub: Hub<MemoryLink>
  readonly peer: Endpoint
  /** The one signal that all cycles share, and that never aborts: what is left at it piles up. */
  readonly signal: AbortSignal
  /** From now on dials wait; gives what answers those that wait. */
  hold(): () => void
  /** The peer opens a link to us. */
  comesIn(): void
}
