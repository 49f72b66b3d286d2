import { Recent } from '../edges/recent.js'
import type { Lease } from '../lease.js'
import type { Renewal } from '../model/engine.js'
import type { View } from './view.js'

/** So many that have left are remembered: a write that was on its way may come after that, and must not bring them back. */
const MAX_LEFT = 1_000

export interface LeasesParts {
  readonly incarnation: string
  readonly lease: Lease
  readonly view: View
}

/** The leases of the other machines: who is still believed in, and who has left. */
export class Leases {
  readonly #parts: LeasesParts
  /** The end of the lease of each that has one, by the engine's clock, as the last renewal gave it. */
  #ends: ReadonlyMap<string, number> = new Map()
  readonly #left = new Recent(MAX_LEFT)

  constructor(parts: LeasesParts) {
    this.#parts = parts
  }

  /** By the engine's clock, in ms. */
  endOf(id: string): number | undefined {
    return this.#ends.get(id)
  }

  has(id: string): boolean {
    return this.#ends.has(id)
  }

  leave(id: string): void {
    this.#left.add(id)
    this.#parts.view.drop(id)
  }

  hasLeft(id: string): boolean {
    return this.#left.has(id)
  }

  /** Gives those that have a lease, and are not known. */
  renewed({ now, leases }: Renewal): string[] {
    const { view, incarnation } = this.#parts
    const ends = new Map(leases)
    ends.delete(incarnation)
    this.#ends = ends
    const unknown: string[] = []
    for (const [id, until] of ends) {
      const known = view.machines.get(id)
      if (known) known.until = until
      else if (until > now) unknown.push(id)
    }
    this.#dropOver(now)
    return unknown
  }

  /** Whose lease is over by the engine's own word is gone. Looks again when the next one would be. */
  #dropOver(now: number): void {
    const { view, lease } = this.#parts
    let next = Number.POSITIVE_INFINITY
    for (const known of view.machines.values()) {
      // A clock that was turned back must not keep the dead.
      known.until = Math.min(known.until, now + known.record.lease)
      if (known.until <= now) view.drop(known.incarnation)
      else next = Math.min(next, known.until)
    }
    if (next < Number.POSITIVE_INFINITY) lease.lookAt(next + 1)
  }
}
