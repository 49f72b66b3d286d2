import type { Filter } from '../state/filter.js'
import type { Mirror } from '../state/mirror.js'

/** What shows the entries gets. */
export interface ViewProps {
  readonly mirror: Mirror
  readonly filter: Filter
  /** The address that the card is of. */
  readonly chosen: string | undefined
  readonly choose: (address: string) => void
  readonly now: number
}
