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
}
