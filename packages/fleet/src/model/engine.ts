/** Something that was published: what changed at one machine since its batch before. */
export interface Batch {
  /** The machine, and which start of it: `NAME/START`. */
  readonly incarnation: string
  /** Counts the batches of one incarnation, +1 each. */
  readonly number: number
  /** What the machine says of itself, as text; the engine keeps it in the field `m` of the hash. */
  readonly record: string
  /** What the hash holds of this incarnation is forgotten first. */
  readonly first: boolean
  /** Fields and their values, by turns. */
  readonly set: readonly string[]
  /** Fields that are gone. */
  readonly remove: readonly string[]
}

/** What `renew()` gives. */
export interface Renewal {
  /** Another one than before: the engine has lost its data. */
  readonly epoch: string
  /** The engine's own clock, in ms. No other clock counts for a lease. */
  readonly now: number
  /** The lease was alive when it was renewed. */
  readonly held: boolean
  /** The field `m` of the own hash, as the engine has it. */
  readonly record: string | undefined
  /** The incarnations that have, or had, a lease, and its end by the engine's clock, in ms. */
  readonly leases: readonly (readonly [incarnation: string, until: number])[]
}

/** What one machine has of a field. */
export interface Found {
  readonly incarnation: string
  readonly value: string
  /** The end of its lease by the engine's clock, in ms. Exact for the field `m`; else it may have been renewed since. */
  readonly until: number
  /** The engine's clock, in ms. */
  readonly now: number
}

/** Which changes are asked for. */
export interface ChangesRequest {
  /** As the call before gave it. None: only the present end of the changes is asked for. */
  readonly after?: string | undefined
  /** How long to wait where there are none, in ms. 0: not at all. */
  readonly wait: number
  /** Ends the wait, and whatever the engine keeps for the waits of this signal. */
  readonly signal: AbortSignal
}

/** What has changed. */
export interface Changes {
  /** Where to go on. */
  readonly after: string
  /** Oldest first: a `Batch`, `{ incarnation, left: true }`, or what others have put there. */
  readonly batches: readonly unknown[]
  /** Something was dropped between `after` and these. */
  readonly lost: boolean
}

/**
 * What a fleet needs of a store that all its machines can reach: six functions. Each rejects where the store cannot be
 * reached; the fleet has a deadline of its own. `engineConformance()` of `@conn-hub/fleet/conformance` has the rules as tests.
 */
export interface Engine {
  /** Takes a lease of `ms`, or renews it, and tells who else has one. What the incarnation has published is kept for three times as long. */
  renew(incarnation: string, ms: number): Promise<Renewal>
  /** Writes the hash and appends to the changes, both or neither. Gives the record that was there before. The hash is kept for `keep` ms. */
  publish(batch: Batch, keep: number): Promise<string | undefined>
  /** All fields of an incarnation as they are now, `m` among them. */
  read(incarnation: string): Promise<ReadonlyMap<string, string>>
  /** One field of each incarnation whose lease is alive, where it has that field. */
  find(field: string): Promise<readonly Found[]>
  /** What has been published since, at most 1,000 at once, or the present end of it. */
  changes(request: ChangesRequest): Promise<Changes>
  /** Forgets an incarnation at once, and tells the others by `{ incarnation, left: true }`. */
  release(incarnation: string): Promise<void>
}
