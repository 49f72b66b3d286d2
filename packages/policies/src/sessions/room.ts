import type { Address, Connection, Direction, HubSide, PeerKey, Session } from '@conn-hub/core'
import { isProtected, type Protection } from '../above/protection.js'
import type { Asking } from '../parts/asking.js'
import { Heap, type Placed } from '../parts/heap.js'
import { isKnown } from '../parts/reading.js'

export interface Limits {
  readonly inbound: number
  readonly outbound: number
  readonly perKey: number
  readonly whenFull: 'refuse' | 'prune'
  readonly protect: Pick<Protection, 'isProtected'> | undefined
}

/** Which limit is reached. */
export type Full = Direction | 'perKey'

/** A session that waits until another one has closed. */
export interface Waiting<S> extends Asking<S> {
  /** The address of the one that is closing. */
  readonly until: string
}

/** A session that is to make room. */
export interface Leaving<S> {
  readonly address: Address
  readonly session: Session<S>
}

/** So many may be closing at once to make room; whoever comes then is refused: else each newcomer of a flood would be looked for a place among all of those. */
const MAX_LEAVING = 1_000

/** How much room there is: computed at each look from the hub's own count, and from what the table cannot show yet. */
export class Room<S> {
  readonly limits: Limits
  side: HubSide<S> | undefined
  /** Dials that have passed the limit and have not ended: each has a place. */
  readonly dialing = new Heap<Placed>(() => false)
  /** Sessions that wait for another one to close: each has a place, which is there once that one has closed. */
  readonly waiting = new Set<Waiting<S>>()
  /** Sessions that were let in, and are on their way into the table, one inside the other: whoever stands further out may run foreign code first. */
  readonly passing: Asking<S>[] = []
  /** Sessions that are being closed to make room. */
  readonly #leaving = new Set<Session<S>>()

  constructor(limits: Limits) {
    this.limits = limits
  }

  /** How many places are taken. */
  get inbound(): number {
    return this.#used('inbound')
  }

  /** The dials that run among them. */
  get outbound(): number {
    return this.#used('outbound') + this.dialing.size
  }

  /** For a dial that is to begin. */
  get mayDial(): boolean {
    return this.outbound < this.limits.outbound
  }

  /** The limit that stands against a session. @param isDialed It has the place of its dial. */
  fullFor({ direction, key }: Session<S>, isDialed: boolean): Full | undefined {
    if (key !== undefined && this.#usedBy(key) >= this.limits.perKey) return 'perKey'
    const dialing = direction === 'outbound' && !isDialed ? this.dialing.size : 0
    return this.#used(direction) + dialing >= this.limits[direction] ? direction : undefined
  }

  /** The oldest session that may be closed to make room. `undefined`: there is none. */
  choose(full: Full, key?: PeerKey): Leaving<S> | undefined {
    if (this.limits.whenFull !== 'prune' || !this.side) return
    if (this.#leaving.size >= MAX_LEAVING) return
    for (const { address, state, sessions } of this.#candidates(this.side, full, key)) {
      if (state !== 'connected') continue
      for (const session of sessions) {
        const counts = full === 'perKey' ? session.key === key : session.direction === full
        if (!counts || this.#leaving.has(session)) continue
        if (full !== 'perKey' && isProtected(this.limits.protect, session)) continue
        // Whoever was asked about it may have ended it, or let somebody in who has its place.
        const isTaken = this.#leaving.has(session) || !isKnown(address, session, this.side)
        if (!isTaken) return { address, session }
      }
    }
  }

  /** Whoever is to have its place has it before: to close is to call foreign code. Resolves with whether it has closed. */
  close({ address, session }: Leaving<S>): Promise<boolean> {
    if (!this.side) return Promise.resolve(false)
    this.#leaving.add(session)
    const over = (closed: boolean) => {
      this.#leaving.delete(session)
      return closed
    }
    return this.side.disconnect(address, { session, reason: 'limit' }).then(
      () => over(true),
      () => over(false),
    )
  }

  /** The oldest first. */
  #candidates(side: HubSide<S>, full: Full, key: PeerKey | undefined): Iterable<Connection<S>> {
    return full === 'perKey' && key !== undefined ? side.byKey(key) : side.entries()
  }

  #used(direction: Direction): number {
    let count = this.side?.sessions[direction] ?? 0
    for (const each of this.waiting) if (takes(each) === direction) count++
    for (const each of this.passing) if (takes(each) === direction && !this.#isIn(each)) count++
    return count
  }

  #usedBy(key: PeerKey): number {
    if (this.limits.perKey === Number.POSITIVE_INFINITY || !this.side) return 0
    let count = 0
    for (const { sessions } of this.side.byKey(key)) {
      for (const session of sessions) if (session.key === key) count++
    }
    for (const { session } of this.waiting) if (session.key === key) count++
    for (const each of this.passing) if (each.session.key === key && !this.#isIn(each)) count++
    return count
  }

  #isIn({ address, session }: Asking<S>): boolean {
    return isKnown(address, session, this.side)
  }
}

/** Whose place it has; none where it answers a dial of ours, which has one. */
const takes = <S>({ session: { direction }, attempt }: Asking<S>): Direction | undefined =>
  attempt && direction === 'outbound' ? undefined : direction
