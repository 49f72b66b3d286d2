import type { Address, Metadata, PeerKey } from '@conn-hub/core'
import type { Kept, KeptState } from '../model/keeper.js'
import type { Scheduled } from '../time/heap.js'

/** Where a peer that is known by its key is dialed, and which of it is next. */
export interface KeyedPeer {
  readonly key: PeerKey
  readonly addresses: readonly Address[]
  next: number
}

/** A dial of ours that runs. */
export interface Dial {
  readonly address: Address
  readonly controller: AbortController
}

/** What most intents do not have, most of the time. */
interface Rare {
  data?: Metadata | undefined
  /** Takes the listener from the signal. */
  unlisten?: (() => void) | undefined
  dial?: Dial | undefined
  /** Somebody disconnected it on this side. */
  isPaused?: boolean
  /** Its own link was closed as a duplicate: another link of this proved key is as good. */
  standIn?: PeerKey | undefined
}

interface Owner {
  now(intent: Intent): void
  release(intent: Intent): void
  attemptsOf(intent: Intent): number
  sinceOf(intent: Intent): number
}

/**
 * An intent, which is its own handle. There may be 100,000: so its fields are few, what is rare stands apart, and its two functions are made when
 * they are asked for.
 */
export class Intent implements Kept, Scheduled {
  readonly target: Address | KeyedPeer
  /** In whole seconds since the keeper was made: a small integer takes no memory of its own. */
  readonly sinceSecond: number
  state: KeptState = 'waiting'
  /** What has failed since the last healthy connection, as it was counted last. */
  failures = 0
  nextAt: number | undefined = undefined
  place = 0
  lastError: unknown = undefined
  /** Whether the last wait was of the longer half; none: it has not waited. */
  hasWaitedLong: boolean | undefined = undefined
  /** Since when there is a session, in ms since 1970. */
  openedAt: number | undefined = undefined
  rare: Rare | undefined = undefined
  readonly #owner: Owner

  constructor(owner: Owner, target: Address | KeyedPeer, sinceSecond: number) {
    this.#owner = owner
    this.target = target
    this.sinceSecond = sinceSecond
    // Proxies of frameworks wrap what can be extended, and a private field can not be reached through them.
    Object.preventExtensions(this)
  }

  get key(): PeerKey | undefined {
    return typeof this.target === 'string' ? undefined : this.target.key
  }

  get addresses(): readonly Address[] {
    return typeof this.target === 'string' ? [this.target] : this.target.addresses
  }

  get attempts(): number {
    return this.#owner.attemptsOf(this)
  }

  get since(): number {
    return this.#owner.sinceOf(this)
  }

  get now(): () => void {
    return () => this.#owner.now(this)
  }

  get release(): () => void {
    return () => this.#owner.release(this)
  }

  /** For logs and JSON. */
  toJSON() {
    const { key, addresses, state, nextAt, attempts, lastError, since } = this
    return { key, addresses, state, nextAt, attempts, lastError, since }
  }

  /** Where it is dialed next. */
  get address(): Address {
    const { target } = this
    return typeof target === 'string' ? target : (target.addresses[target.next] as Address)
  }

  /** What failed at one address is tried at another one. */
  turn(): void {
    const { target } = this
    if (typeof target !== 'string') target.next = (target.next + 1) % target.addresses.length
  }

  /** How often all its addresses have failed. */
  get rounds(): number {
    const { target, failures } = this
    return typeof target === 'string' ? failures : Math.floor(failures / target.addresses.length)
  }

  /** The rare fields, to be set. */
  get extra(): Rare {
    this.rare ??= {}
    return this.rare
  }
}
