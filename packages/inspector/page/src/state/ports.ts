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

/** For how long a dark port at the end of its group stays, in ms. */
export const DARK_TIME = 30_000

/** The ports of one kind. An entry takes its former port if that is free, else the lowest that is dark, else a new one. */
class Group {
  readonly ports: Port[] = []
  readonly kind: string
  readonly #places = new Map<string, number>()
  // No port below it is dark.
  #lowest = 0

  constructor(kind: string) {
    this.kind = kind
  }

  set(entry: PlainEntry): void {
    const { address } = entry
    const place = this.#places.get(address) ?? this.#findDark()
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

  trim(now: number): boolean {
    const before = this.ports.length
    for (let last = this.ports.at(-1); last; last = this.ports.at(-1)) {
      if (last.darkSince === undefined || now - last.darkSince < DARK_TIME) break
      this.#places.delete(last.address)
      this.ports.pop()
    }
    return this.ports.length < before
  }

  find(address: string): Port | undefined {
    const place = this.#places.get(address)
    return place === undefined ? undefined : this.ports[place]
  }

  #findDark(): number {
    while (this.ports[this.#lowest]?.entry) this.#lowest++
    return this.#lowest
  }
}

export const NO_KIND = 'other'

/** All ports, grouped by kind. */
export class Ports {
  readonly #groups = new Map<string, Group>()
  /** The kind under which an address was seen last. */
  readonly #kinds = new Map<string, string>()

  set(entry: PlainEntry, now: number): void {
    const kind = entry.kind ?? NO_KIND
    const former = this.#kinds.get(entry.address)
    if (former !== undefined && former !== kind)
      this.#groups.get(former)?.darken(entry.address, now)
    this.#kinds.set(entry.address, kind)
    let group = this.#groups.get(kind)
    if (!group) {
      group = new Group(kind)
      this.#groups.set(kind, group)
    }
    group.set(entry)
  }

  darken(address: string, now: number): void {
    this.#groupOf(address)?.darken(address, now)
    this.#kinds.delete(address)
  }

  /** Takes away what has been dark for long at the end of a group. True: something went. */
  trim(now: number): boolean {
    let trimmed = false
    for (const [kind, group] of this.#groups) {
      trimmed = group.trim(now) || trimmed
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

  #groupOf(address: string): Group | undefined {
    const kind = this.#kinds.get(address)
    return kind === undefined ? undefined : this.#groups.get(kind)
  }
}
