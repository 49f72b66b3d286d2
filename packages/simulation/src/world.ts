import type { Name } from './network/cuts.js'
import type { Network } from './network/types.js'
import type { Deadlines, Peer, Setup } from './peer.js'
import type { Random } from './random.js'

export type { Name }

/** A scenario: makes peers, lets things happen to them, and says what must hold. It must end before the world's `duration`. */
export type Scenario = (world: World) => void | Promise<void>

/** Some peers, a network between them, a clock, and chance. */
export interface World {
  readonly seed: number
  /** In ms since the world began. */
  readonly now: number
  /** How long things happen, in ms. What comes after it is quiet, and the end. */
  readonly duration: number
  /** Chance that the seed decides. `Math.random()` is it, too. */
  readonly random: Random
  readonly network: Network
  /** In the order in which they were made. */
  readonly peers: readonly Peer[]
  /**
   * Starts a peer.
   *
   * @param name Letters, digits, ".", "_" and "-". No other peer may have it.
   * @param setup Its code; called again at each restart. Default: a hub and nothing else.
   * @param deadlines Those of the hub that `setup` makes, where they are not the hub's defaults.
   *
   * @example
   * const anna = world.peer('anna')
   * const ben = world.peer('ben', ({ transport }) => {
   *   const hub = createHub({ transport })
   *   keepConnected(hub, anna.address)
   *   return hub
   * })
   */
  peer(name: string, setup?: Setup, deadlines?: Deadlines): Peer
  /** Runs once, so many ms after the world began. What would come at the end of `duration`, or later, does not come. */
  at(ms: number, run: () => unknown): void
  /** Runs each so many ms until the end of `duration`. Gives what stops it. */
  every(ms: number, run: () => unknown): () => void
  /** Resolves so many ms later. */
  wait(ms: number): Promise<void>
  /**
   * Must be true at each moment from now on: it is asked after each step of the world, and should be quick.
   *
   * @param what In words. Default: the code of `holds`.
   */
  always(holds: () => boolean, what?: string): void
  /**
   * Must come true within so many ms, and before the world ends. Resolves when it does.
   *
   * @param what In words. Default: the code of `holds`.
   */
  eventually(holds: () => boolean, within: number, what?: string): Promise<void>
  /** Puts a line of your own into the timeline. */
  note(what: string): void
}
