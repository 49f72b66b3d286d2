import type { Name } from './cuts.js'

export interface NetworkSettings {
  /** How long a packet is on its way at least, in ms. Default 20. */
  readonly latency?: number | undefined
  /** How much longer it may take, by chance, in ms. Packets of one link keep their order. Default 10. */
  readonly jitter?: number | undefined
  /** How many dials get no answer, 0 to 1. Default 0. */
  readonly lossOfDials?: number | undefined
}

/**
 * What can happen to the network of a world. Links are streams: a link that has lost something cannot go on, and its ends learn of it once
 * packets pass again.
 */
export interface Network {
  /**
   * Changes how the network is; what is left out stays.
   *
   * @example
   * world.network.set({ latency: 200, jitter: 100, lossOfDials: 0.2 })
   */
  set(settings: NetworkSettings): void
  /**
   * Nothing passes between the groups any more. Peers that are in no group reach all. Gives what heals it.
   *
   * @example
   * const heal = world.network.partition([anna, ben], [carla])
   * world.at(10_000, heal)
   */
  partition(...groups: readonly (readonly Name[])[]): () => void
  /** Nothing passes between two peers any more: what they send is swallowed, and nobody is told. Gives what ends it. */
  silence(a: Name, b: Name): () => void
  /** The same in one direction alone. Gives what ends it. */
  silenceOneWay(from: Name, to: Name): () => void
  /** What comes to this peer arrives so much later, in ms. 0 ends it. */
  slow(peer: Name, ms: number): void
  /** Breaks the links between two peers; both ends are told an error. */
  reset(a: Name, b: Name): void
  /** Ends all of it: partitions, silences, slow readers and losses of dials. */
  heal(): void
}
