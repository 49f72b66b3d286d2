import type { PeerKey } from '@conn-hub/core'
import type { Calls } from './edges/calls.js'
import type { Listeners } from './edges/listeners.js'
import { expect } from './edges/options.js'
import type { Lease } from './lease.js'
import type { Found } from './model/engine.js'
import { FleetError } from './model/errors.js'
import type { FleetEntry, Machine } from './model/fleet.js'
import type { Shown, View } from './view/view.js'
import { readFound } from './wire/answers.js'
import { fieldOfKey, isField, isText, readEntry } from './wire/entry.js'
import { type MachineRecord, machineOf, RECORD_FIELD, readRecord } from './wire/record.js'

export interface FinderParts {
  readonly own: Shown
  readonly view: View
  readonly calls: Calls
  readonly lease: Lease
  readonly listeners: Listeners
  readonly follow: boolean
  /** Since when this machine is isolated, in ms since 1970; none: it is joined. */
  staleSince(): number | undefined
}

/** Answers: from the view where there is one, else by asking the engine. */
export class Finder<P> {
  readonly #parts: FinderParts

  constructor(parts: FinderParts) {
    this.#parts = parts
  }

  async find(key: PeerKey): Promise<FleetEntry<P>[]> {
    expect(typeof key === 'string' && key !== '', 'a string that is not empty', 'key')
    const { view, own, follow } = this.#parts
    const field = fieldOfKey(key)
    // It is not published: as bytes it would be another one, or it is too long.
    if (!isField(field) || !isText(key)) return []
    const entries: FleetEntry<P>[] = []
    const add = (incarnation: string, value = '', stale?: number) => {
      const entry = this.#read(incarnation, field, value, stale)
      if (entry) entries.push(entry)
    }
    const value = own.table.get(field)
    if (value !== undefined) add(own.incarnation, value)
    if (follow) {
      const stale = this.#parts.staleSince()
      for (const { incarnation, table } of view.holders(field)) {
        add(incarnation, table.get(field), stale)
      }
      return entries
    }
    for (const found of await this.#ask(field)) add(found.incarnation, found.value)
    return entries
  }

  *entries(): IterableIterator<FleetEntry<P>> {
    const { view, own } = this.#parts
    for (const { incarnation, table } of view.shown) {
      const stale = incarnation === own.incarnation ? undefined : this.#parts.staleSince()
      for (const [field, value] of table) {
        const entry = readEntry<P>(incarnation, field, value, stale)
        if (entry) yield entry
      }
    }
  }

  async machines(): Promise<Machine[]> {
    const { view, own, lease, follow } = this.#parts
    const self = this.#machine(own.incarnation, own.record, Math.max(0, lease.until - lease.now))
    const others = follow
      ? [...view.machines.values()].map((known) => ({ ...known, endsIn: known.until - lease.now }))
      : (await this.#ask(RECORD_FIELD)).flatMap(({ incarnation, value, until, now }) => {
          const record = readRecord(value)
          return typeof record === 'object' ? [{ incarnation, record, endsIn: until - now }] : []
        })
    return [
      self,
      ...others.map(({ incarnation, record, endsIn }) =>
        this.#machine(incarnation, record, Math.max(0, endsIn)),
      ),
    ]
  }

  #machine(incarnation: string, record: MachineRecord, endsIn: number): Machine {
    return {
      machine: machineOf(incarnation),
      incarnation,
      self: incarnation === this.#parts.own.incarnation,
      lease: record.lease,
      endsIn: Math.round(endsIn),
      sessions: record.sessions,
      draining: record.draining,
    }
  }

  /** What the others have of a field, by the engine. */
  async #ask(field: string): Promise<Found[]> {
    const { calls, own } = this.#parts
    try {
      const found = readFound(await calls.call((engine) => engine.find(field)))
      return found.filter(({ incarnation }) => incarnation !== own.incarnation)
    } catch (cause) {
      const what = `The engine cannot be asked: ${(cause as Error).message}`
      throw new FleetError('FLEET_UNREACHABLE', what, { cause })
    }
  }

  #read(
    incarnation: string,
    field: string,
    value: string,
    stale: number | undefined,
  ): FleetEntry<P> | undefined {
    const entry = readEntry<P>(incarnation, field, value, stale)
    if (entry) return entry
    const what = `In what ${machineOf(incarnation)} has published there is something that no fleet has written; it is left out.`
    this.#parts.listeners.tell(new FleetError('FOREIGN_DATA', what), incarnation)
    return undefined
  }
}
