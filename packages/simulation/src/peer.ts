import type { MemoryLink } from '@conn-hub/conformance'
import type { Address, Hub, HubOptions, Transport } from '@conn-hub/core'
import type { Random } from './random.js'

/** What a peer's own code begins with, at each start. */
export interface Start {
  readonly name: string
  /** Where the others dial it: `mem:NAME`. */
  readonly address: Address
  readonly transport: Transport<MemoryLink>
  /** Chance of this peer's own. */
  readonly random: Random
}

/** The code of a peer: makes its hub, and starts what runs on it. Called at each start. */
export type Setup = (start: Start) => Hub<MemoryLink>

/** The deadlines of the hub that `setup` makes, so that the watch knows them. Without a `setup` the hub gets them too. */
export type Deadlines = Pick<HubOptions<MemoryLink>, 'dialTimeout' | 'closeTimeout' | 'holdTimeout'>

/** A peer of a world: one process with a hub, or none while it is down. */
export interface Peer {
  readonly name: string
  /** Where the others dial it: `mem:NAME`. */
  readonly address: Address
  /**
   * Its hub, to be called from the scenario: what is called runs as the peer's own, and must settle. After a crash its calls reject
   * with `PEER_DOWN`, also those that were pending; while it sleeps, they wait.
   */
  readonly hub: Hub<MemoryLink>
  /** Whether its process is there. */
  readonly isUp: boolean
  /**
   * Its process dies: no code of it runs any more. The others learn of it at once; with `silent` they do not, as where the power fails,
   * until packets reach it again.
   */
  crash(how?: { readonly silent?: boolean }): void
  /** A new process starts under its name, by the same `setup`. */
  restart(): void
  /** Its process stands still, and the clock goes on: what came due or arrived comes all at once when it wakes. */
  sleep(ms: number): void
  /** Runs code as the peer's own: its timers end with a crash, and stand still while it sleeps. */
  run<T>(code: () => T): T
}
