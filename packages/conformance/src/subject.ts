import type { Address, Transport } from '@conn-hub/core'

/** One side of the network under test. */
export type Peer<S> = ListeningPeer<S> | DialingPeer<S>

export interface ListeningPeer<S> {
  readonly transport: Transport<S>
  /** Where the other peer reaches this one. */
  readonly address: Address
  readonly listens?: true | undefined
}

/** A peer that nobody can dial: a browser. */
export interface DialingPeer<S> {
  readonly transport: Transport<S>
  readonly address?: Address | undefined
  readonly listens: false
}

/** What a case works on: a small network that is new, with nothing open in it. */
export interface Subject<S> {
  /** Both listen once their transport is told to, and each can dial the other; one of them may be a peer that only dials. */
  readonly peers: readonly [Peer<S>, Peer<S>]
  /** An address that the transport can read, and where a dial fails: a port that is closed, a peer that is not there. */
  readonly deadAddress: Address
  /** What the transport cannot read. Leave it out where it reads every string. */
  readonly noAddress?: string
}

/** Who dials and who listens in the cases: where one of the two only dials, it dials. */
export const rolesOf = <S>([first, second]: Subject<S>['peers']): [Peer<S>, Peer<S>] =>
  second.listens === false ? [second, first] : [first, second]

export const isListening = <S>(peer: Peer<S>): peer is ListeningPeer<S> => peer.listens !== false

/** Whether `setup` gave what looks like one. */
export const isSubject = (value: unknown): boolean => {
  const { peers } = Object(value) as Partial<Subject<unknown>>
  return Array.isArray(peers) && peers.length === 2 && peers.every((peer) => peer?.transport)
}
