import type { Address, PeerKey, Transport } from '@conn-hub/core'

/** One reason why an address is as it is. */
export interface Explanation {
  /** Whose words these are: the name of a policy, of a source, or `hub`. */
  readonly by: string
  /** One sentence without a full stop: `waits behind 3 of 50`. */
  readonly text: string
  /** Until when it holds at most, in ms since 1970, where that is known. */
  readonly until?: number | undefined
  /** When it happened, in ms since 1970, where it is over. */
  readonly at?: number | undefined
  /** When it is dialed next, in ms since 1970, where somebody keeps it. */
  readonly nextAt?: number | undefined
}

/**
 * Says why an address is as it is; an empty list where there is nothing to say.
 *
 * @param key The key that the entry of this address shows, where there is one.
 */
export type ExplanationSource = (address: Address, key?: PeerKey) => readonly Explanation[]

/** What says so as an object: a policy, a keeper, `prune()`. */
export interface Explaining {
  readonly explain: ExplanationSource
}

/** A layer round a transport, for `compose()`. It serves one transport, and so one hub. */
export interface Policy {
  /** For errors, refusals and explanations. */
  readonly name: string
  /** The transport with this layer round it. */
  wrap<S>(transport: Transport<S>): Transport<S>
  /** Time passes in it between the opening of a session and the moment in which the next layer has it. Default false. */
  readonly delaysSessions?: boolean | undefined
  /** It counts on the hub's table having each session as soon as it has passed it on. Default false. */
  readonly needsTable?: boolean | undefined
  /** It chooses between two links with one peer, so two must be let in. Default false. */
  readonly needsTwoLinks?: boolean | undefined
  /** How many links with one peer it lets in. Default: it does not limit them. */
  readonly linksPerPeer?: number | undefined
  /** No other policy may be round it. Default false. */
  readonly outermost?: boolean | undefined
}
