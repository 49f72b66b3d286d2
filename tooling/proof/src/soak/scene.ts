import type { MemoryEndpoint, MemoryLink } from '@conn-hub/conformance'
import type { Hub } from '@conn-hub/core'

/** What one cycle plays with: a peer that nobody has met before, and will not meet again. */
export interface Scene {
  readonly hub: Hub<MemoryLink>
  readonly peer: MemoryEndpoint
  /** The one signal that all cycles share, and that never aborts: what is left at it piles up. */
  readonly signal: AbortSignal
  /** From now on dials wait; gives what answers those that wait. */
  hold(): () => void
  /** The peer opens a link to us. */
  comesIn(): void
}
