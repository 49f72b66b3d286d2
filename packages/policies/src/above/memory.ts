import type { Address } from '@conn-hub/core'
import type { Explanation } from '../model/policy.js'
import type { Time } from '../parts/time.js'

const MAX_ADDRESSES = 1_000
/** In ms. */
const MAX_AGE = 600_000

/** What was told of an address last, by kind. */
export interface Remembered {
  readonly refused?: Explanation
  readonly ended?: Explanation
  readonly error?: Explanation
}

/** What was told of addresses: of 1,000 at most, for 10 minutes at most. */
export class Memory {
  readonly #time: Time
  /** Of whom something was told last is last. */
  readonly #addresses = new Map<Address, { readonly at: number; readonly told: Remembered }>()

  constructor(time: Time) {
    this.#time = time
  }

  get size(): number {
    return this.#addresses.size
  }

  add(address: Address, told: Remembered): void {
    const before = this.get(address)
    this.#addresses.delete(address)
    const at = this.#time.elapsed()
    this.#addresses.set(address, { at, told: { ...before, ...told } })
    for (const [oldest, kept] of this.#addresses) {
      if (this.#addresses.size <= MAX_ADDRESSES && at - kept.at <= MAX_AGE) return
      this.#addresses.delete(oldest)
    }
  }

  get(address: Address): Remembered | undefined {
    const kept = this.#addresses.get(address)
    return kept && this.#time.elapsed() - kept.at <= MAX_AGE ? kept.told : undefined
  }

  clear(): void {
    this.#addresses.clear()
  }
}
