import type { Address, Transport } from '@conn-hub/core'

/** One side of the network under test. */
export interface Peer<S> {
  readonly transport: Transport<S>
  /** Where the other peer reaches this one. */
  readonly address: Address
}

/** What a case works on: a small network that is new, with nothing open in it. */
export interface Subject<S> {
  /** Both listen once their transport is told to, and each can dial the other. */
  readonly peers: readonly [Peer<S>, Peer<S>]
  /** An address that the transport can read, and where a dial fails: a port that is closed, a peer that is not there. */
  readonly deadAddress: Address
  /** What the transport cannot read. Leave it out where it reads every string. */
  readonly noAddress?: string
}
