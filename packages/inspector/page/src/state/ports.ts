import type { PlainEntry } from '../../../src/protocol.js'

/** A place in the panel. It goes dark when its entry leaves, and remembers who was there. Immutable. */
export interface Port {
  readonly kind: string
  /** Counts the ports of a kind, from 1. */
  readonly number: number
  readonly address: string
  /** None: the port is dark. */
  readonly entry?: PlainEntry
  /** When it went dark, in ms since 1970. */
  readonly darkSince?: number
}

/** Whose dark ports stay. */
type Kept = { has(address: string): boolean }

/** For how long a dark port at the end of its group stays, in ms. */
export const DARK_TIME = 30_000

/** The ports of one kind. An entry takes its former port if that is free, else the lowest that is dark, else a new one. */
class Group {
  readonly ports: Port[] = []
  readonly kind: string
  readonly #places = new Map<string, number>()
  // No port below it is free.
  #lowest = 0

  constructor(kind: string) {
    this.kind = kind
  }

  set(entry: PlainEntry, kept: Kept): void {
    const { address } = entry
    const place = this.#places.get(address) ?? this.#findDark(kept)
    const former = this.ports[place]
    if (former && former.address !== address) this.#places.delete(former.address)
    this.#places.set(address, place)
    this.ports[place] = { kind: this.kind, number: place + 1, address, entry }
  }

  darken(address: string, now: number): void {
    const place = this.#places.get(address)
    if (place === undefined) return
    const { kind, number } = this.ports[place] as Port
    this.ports[place] = { kind, number, address, darkSince: now }
    if (place < this.#lowest) this.#lowest = place
  }

  /** At the end, where it takes no port from anybody. */
  reserve(address: string, since: number): void {
    const number = this.ports.length + 1
    this.#places.set(address, number - 1)
    this.ports.push({ kind: this.kind, number, address, darkSince: since })
  }

  trim(now: number, kept: Kept): boolean {
    const before = this.ports.length
    for (let last = this.ports.at(-1); last; last = this.ports.at(-1)) {
      if (last.darkSince === undefined || now - last.darkSince < DARK_TIME) break
      if (kept.has(last.address)) break
      this.#places.delete(last.address)
      this.ports.pop()
    }
    return this.ports.length < before
  }

  find(address: string): Port | undefined {
    const place = this.#places.get(address)
    return place === undefined ? undefined : this.ports[place]
  }

  /** Looks for a free port from the first one on: some that were kept are free now. */
  look(): void {
    this.#lowest = 0
  }

  #findDark(kept: Kept): number {
    for (let port = this.ports[this.#lowest]; port; port = this.ports[this.#lowest]) {
      if (!port.entry && !kept.has(port.address)) break
      this.#lowest++
    }
    return this.#lowest
  }
}

export const NO_KIND = 'other'

/** All ports, grouped by kind. */
export class Ports {
  readonly #groups = new Map<string, Group>()
  #down: Kept = new Set<string>()
  #held: readonly string[] = []
  /** The dark ports of these are nobody else's. */
  readonly #kept: Kept = {
    has: (address) => this.#down.has(address) || this.#held.includes(address),
  }
  /** The kind under which an address was seen last. */
  readonly #kinds = new Map<string, string>()

  set(entry: PlainEntry, now: number): void {
    const kind = entry.kind ?? NO_KIND
    const former = this.#kinds.get(entry.address)
    if (former !== undefined && former !== kind)
      this.#groups.get(former)?.darken(entry.address, now)
    this.#kinds.set(entry.address, kind)
    this.#groupFor(kind).set(entry, this.#kept)
  }

  clear(): void {
    this.#groups.clear()
    this.#kinds.clear()
  }

  darken(address: string, now: number): void {
    this.#groupOf(address)?.darken(address, now)
    this.#kinds.delete(address)
  }

  /** From now on the dark ports of these stay. */
  keep(down: Kept): void {
    this.#down = down
    for (const group of this.#groups.values()) group.look()
  }

  /** These are pointed at: nobody else takes their ports, and until they are let go no port goes, for others would move. */
  hold(addresses: readonly string[]): void {
    const areFewer = this.#held.some((address) => !addresses.includes(address))
    this.#held = addresses
    if (areFewer) for (const group of this.#groups.values()) group.look()
  }

  /** A dark port for somebody who is not here, where there is none. */
  reserve({ address, kind = NO_KIND }: { address: string; kind?: string }, since: number): void {
    if (this.#groupFor(kind).find(address)) return
    this.#groupFor(kind).reserve(address, since)
  }

  /** Takes away what has been dark for long at the end of a group. True: something went. */
  trim(now: number): boolean {
    if (this.#held.length > 0) return false
    let trimmed = false
    for (const [kind, group] of this.#groups) {
      trimmed = group.trim(now, this.#kept) || trimmed
      if (group.ports.length === 0) this.#groups.delete(kind)
    }
    return trimmed
  }

  /** The port of a live entry. */
  find(address: string): Port | undefined {
    return this.#groupOf(address)?.find(address)
  }

  /** By name, those without a kind last. */
  groups(): { kind: string; ports: readonly Port[] }[] {
    return [...this.#groups.values()].sort(
      (a, b) =>
        Number(a.kind === NO_KIND) - Number(b.kind === NO_KIND) || (a.kind < b.kind ? -1 : 1),
    )
  }

  #groupFor(kind: string): Group {
    let group = this.#groups.get(kind)
    if (!group) {
      group = new Group(kind)
      this.#groups.set(kind, group)
    }
    return group
  }

  #groupOf(address: string): Group | undefined {
    const kind = this.#kinds.get(address)
    return kind === undefined ? undefined : this.#groups.get(kind)
  }
}
