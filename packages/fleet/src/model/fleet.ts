import type { Address, Direction, PeerKey } from '@conn-hub/core'
import type { FleetError } from './errors.js'

/** A peer that is connected to a machine. One key may be at several machines, and each of them has an entry. */
export interface FleetEntry<P = unknown> {
  /** The name of the machine. */
  readonly machine: string
  /** The machine, and which start of it: unlike the name, no two have the same. */
  readonly incarnation: string
  /** Who is there, as the entry of its hub shows it. */
  readonly key: PeerKey | undefined
  /** Where the peer is reached; only where it has no key. */
  readonly address?: Address | undefined
  /** The sort of link. */
  readonly kind: string | undefined
  /** Who opened the link. */
  readonly direction: Direction
  /** Since when it is connected, in ms since 1970 by the clock of the engine (where the machine's own is less than a second off, by that). */
  readonly since: number
  /** What its machine's `publish` gave. */
  readonly data: P | undefined
  /** This machine is isolated since then, in ms since 1970: the entry is what was known. */
  readonly stale?: number | undefined
}

/** A machine of the fleet. */
export interface Machine {
  /** Its name. */
  readonly machine: string
  /** The machine, and which start of it. */
  readonly incarnation: string
  /** Whether it is this one. */
  readonly self: boolean
  /** How long its lease is, in ms. */
  readonly lease: number
  /** In how many ms its lease ends, where it is not renewed. */
  readonly endsIn: number
  /** How many sessions are open there. */
  readonly sessions: number
  /** It is about to leave: send nobody there. */
  readonly draining: boolean
}

/** `isolated`: the lease of this machine has ended, or has not begun, and the others do not see it. */
export type FleetState = 'joined' | 'isolated'

/** What can be listened to. */
export interface FleetEvents {
  /** The state has changed, `since` then, in ms since 1970. */
  state: { readonly state: FleetState; readonly since: number }
  /** Something is wrong, and the fleet goes on. Each code is told once, and again where it was over and came back. */
  error: FleetError
}

/** What has changed since the reader came last; at first all there is, as `added`. */
export interface FleetChanges<P = unknown> {
  readonly added: readonly FleetEntry<P>[]
  /** As they are now. */
  readonly changed: readonly FleetEntry<P>[]
  /** As the reader knew them. */
  readonly removed: readonly FleetEntry<P>[]
}

/** `Symbol.asyncDispose` where the app's `lib` knows it: a name that it does not know would not compile there. */
type AsyncDisposeKey = typeof Symbol extends { readonly asyncDispose: infer Key }
  ? Key & symbol
  : never

/** What `for await` goes through. */
export interface FleetIterator<T>
  extends AsyncIterableIterator<T>,
    Record<AsyncDisposeKey, () => Promise<void>> {
  next(): Promise<IteratorResult<T, undefined>>
  return(): Promise<IteratorResult<T, undefined>>
  throw(error?: unknown): Promise<IteratorResult<T, undefined>>
  [Symbol.asyncIterator](): FleetIterator<T>
}

/** What `on()` and `changes()` can be given. */
export interface SignalOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The hubs of all machines as one view. None of its functions needs `this`.
 *
 * @typeParam P What `publish` gives.
 */
export interface Fleet<P = unknown> {
  /** The name of this machine. */
  readonly machine: string
  /** Whether the others see this machine. */
  readonly state: FleetState
  /** Since when the state is so, in ms since 1970. */
  readonly since: number
  /**
   * Resolves when the others see this machine, and it sees them, for the first time. Rejects with `FLEET_LEFT` where it is left before.
   * Nobody need wait for it.
   */
  readonly ready: Promise<void>
  /**
   * Where a peer is: an entry for each machine that has it, `[]` where nobody has. With `follow` it answers from memory: while isolated, by what
   * was known, with `stale`. Without, it asks the engine, and rejects with `FLEET_UNREACHABLE` where it cannot.
   *
   * @example
   * const [place] = await fleet.find('anna')
   * console.log(place?.machine)
   */
  find(key: PeerKey): Promise<readonly FleetEntry<P>[]>
  /** All that is known now. Throws `NOT_FOLLOWING`. */
  entries(): IterableIterator<FleetEntry<P>>
  /**
   * All entries as `added`, then what became of them since the reader came last: a slow reader costs a place for each entry that has
   * changed, and in the end it has all. Ends with the fleet. Throws `NOT_FOLLOWING` or `INVALID_OPTION`.
   *
   * @example
   * for await (const { added, removed } of fleet.changes()) console.log(added.length, removed.length)
   */
  changes(options?: SignalOptions): FleetIterator<FleetChanges<P>>
  /** The machines that have a lease, this one among them. Rejects with `FLEET_UNREACHABLE` as `find()` does. */
  machines(): Promise<readonly Machine[]>
  /**
   * Listens, until what it gives is called. Errors that nobody listens to go to `console.error`.
   *
   * @example
   * fleet.on('state', ({ state }) => console.log(state))
   */
  on<T extends keyof FleetEvents>(
    type: T,
    listener: (event: FleetEvents[T]) => unknown,
    options?: SignalOptions,
  ): () => void
  /** Tells the others that this machine is about to leave. Its entries stay. */
  drain(): void
  /** The end: the entries of this machine vanish at the others at once. The hub's own end does the same. Never rejects; may be called again. */
  leave(): Promise<void>
}
