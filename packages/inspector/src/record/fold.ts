import type { Address, Connection, Session } from '@conn-hub/core'
import type { RecordedEntry, RecordedSession } from './lines.js'

type Entry = Connection<undefined>

/** What a record comes to: the entries, by the lines so far. */
export class Fold {
  readonly #entries = new Map<Address, Entry>()
  /** Those that are in an entry, by their number. */
  readonly #sessions = new Map<number, Session<undefined>>()
  readonly #ids = new WeakMap<Session<undefined>, number>()
  /** Told since a part began. It is empty then: a walk at each beginning would cost as much as all entries. */
  #confirmed: Set<Address> | undefined
  #snapshot: readonly Entry[] | undefined

  get size(): number {
    return this.#entries.size
  }

  get(address: Address): Entry | undefined {
    return this.#entries.get(address)
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values()
  }

  snapshot(): readonly Entry[] {
    this.#snapshot ??= Object.freeze([...this.#entries.values()])
    return this.#snapshot
  }

  /** The session with this number: the one that an entry has. */
  session(id: number, direction: Session<undefined>['direction']): Session<undefined> {
    return this.#sessions.get(id) ?? toSession({ direction })
  }

  begin(): void {
    this.#confirmed = new Set()
  }

  /** What a part begins with comes in its order. */
  confirm(entry: RecordedEntry): void {
    const before = this.#entries.get(entry.address)
    if (before) this.#entries.delete(entry.address)
    this.set(entry.address, entry)
  }

  /** Gives those that the part did not tell: they are gone. */
  ready(): readonly Address[] {
    const confirmed = this.#confirmed
    this.#confirmed = undefined
    return confirmed ? [...this.#entries.keys()].filter((address) => !confirmed.has(address)) : []
  }

  set(address: Address, entry: RecordedEntry | undefined): Entry | undefined {
    this.#confirmed?.add(address)
    this.#snapshot = undefined
    const before = this.#entries.get(address)
    const after = entry && this.#toEntry(entry)
    if (after) this.#entries.set(address, after)
    else this.#entries.delete(address)
    const still: ReadonlySet<unknown> = new Set(after?.sessions)
    for (const session of before?.sessions ?? []) {
      if (!still.has(session)) this.#sessions.delete(this.#ids.get(session) ?? 0)
    }
    return after
  }

  /** Each field was checked when its line was read, and that the entry has what its state has. Of others nobody knows what is in them. */
  #toEntry(recorded: RecordedEntry): Entry {
    const { address, key, kind, state, sessions, reason, waits, data } = recorded
    const { createdAt, since, updatedAt } = recorded
    const isData = typeof data === 'object' && data !== null
    return Object.freeze({
      ...{ address, key, kind, state, createdAt, since, updatedAt },
      ...(reason !== undefined && { reason }),
      ...(waits !== undefined && { waits }),
      data: isData ? data : data === undefined ? {} : { data },
      sessions: Object.freeze(sessions.map((session) => this.#toSession(session))),
    }) as unknown as Entry
  }

  #toSession(recorded: RecordedSession): Session<undefined> {
    const known = this.#sessions.get(recorded.id)
    if (known) return known
    const session = toSession(recorded)
    this.#sessions.set(recorded.id, session)
    this.#ids.set(session, recorded.id)
    return session
  }
}

const toSession = ({ direction, key, kind }: Omit<RecordedSession, 'id'>): Session<undefined> =>
  Object.freeze({
    handle: undefined,
    direction,
    ...(key === undefined ? {} : { key }),
    ...(kind === undefined ? {} : { kind }),
    close: () => {},
    onClosed: () => {},
  })
