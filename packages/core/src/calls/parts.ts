import type { Address } from '../model/connection.js'
import type { Transport } from '../model/transport.js'
import type { Ledger } from '../state/ledger.js'

/** What all calls of one hub share. */
export interface Parts<S> {
  readonly ledger: Ledger<S>
  readonly transport: Transport<S>
  /** In ms. */
  readonly dialTimeout: number
  /** In ms. */
  readonly closeTimeout: number
  /** In ms. */
  readonly holdTimeout: number
  /** Entries that a `reset()` has still to end: whoever connects to one waits for its end. */
  readonly doomed: Set<Address>
  /** The hub is closed: whatever comes from now on is refused. */
  ended: boolean
}
