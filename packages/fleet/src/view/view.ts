import type { Batch } from '../model/engine.js'
import type { MachineRecord } from '../wire/record.js'

/** Field by value, as they were published: a string takes less room than an object, and most are never asked for. */
export type Table = Map<string, string>

/** One incarnation, and what it has published. */
export interface Shown {
  readonly incarnation: string
  readonly record: MachineRecord
  readonly table: Pick<ReadonlyMap<string, string>, 'get'> & Iterable<readonly [string, string]>
}

/** Another incarnation as this machine knows it. */
export interface Known extends Shown {
  /** The end of its lease by the engine's clock, in ms. */
  until: number
  record: MachineRecord
  table: Table
  /** While it publishes anew: what takes the place of `table` when it is whole. */
  next: Table | undefined
}

/** Hears of each field that changes: before and after. */
export type Watch = (
  incarnation: string,
  field: string,
  before: string | undefined,
  after: string | undefined,
) => void

/** What all machines have published, as far as it is known here. */
export class View {
  readonly #own: Shown
  /** The others. */
  readonly machines = new Map<string, Known>()
  /** Who has a field: mostly one, and to ask a hundred tables for it would take a hundred times as long. */
  readonly #holders = new Map<string, Known | Known[]>()
  readonly watches = new Set<Watch>()

  constructor(own: Shown) {
    this.#own = own
  }

  /** All of them, the own one first. */
  get shown(): readonly Shown[] {
    return [this.#own, ...this.machines.values()]
  }

  /** The other machines that have a field. */
  holders(field: string): readonly Known[] {
    const found = this.#holders.get(field)
    if (found === undefined) return []
    return Array.isArray(found) ? found : [found]
  }

  /** A machine that was not known: with what it had published. */
  add(incarnation: string, until: number, record: MachineRecord, table: Table): Known {
    const known = { incarnation, until, record, table: new Map(), next: undefined }
    this.machines.set(incarnation, known)
    this.#replace(known, table)
    return known
  }

  drop(incarnation: string): void {
    const known = this.machines.get(incarnation)
    if (!known) return
    this.machines.delete(incarnation)
    this.#replace(known, new Map())
  }

  /** A batch that comes right after what is known. */
  apply(
    known: Known,
    { first, set, remove }: Pick<Batch, 'first' | 'set' | 'remove'>,
    record: MachineRecord,
  ): void {
    known.record = record
    known.until = Math.max(known.until, record.until)
    if (first) known.next = new Map()
    const { next } = known
    for (let at = 0; at < set.length; at += 2) {
      this.#set(known, next, set[at] as string, set[at + 1] as string)
    }
    for (const field of remove) this.#set(known, next, field, undefined)
    if (next && record.whole) this.#replace(known, next)
  }

  /** What this machine itself shows of a field has changed. */
  tell(field: string, before: string | undefined, after: string | undefined): void {
    for (const watch of this.watches) watch(this.#own.incarnation, field, before, after)
  }

  /** What the machine's hash holds. */
  load(known: Known, record: MachineRecord, table: Table): void {
    known.record = record
    if (record.whole) this.#replace(known, table)
    else known.next = table
  }

  #set(known: Known, next: Table | undefined, field: string, value: string | undefined): void {
    const table = next ?? known.table
    const before = table.get(field)
    if (before === value) return
    if (value === undefined) table.delete(field)
    else table.set(field, value)
    if (!next) this.#changed(known, field, before, value)
  }

  #replace(known: Known, table: Table): void {
    const { table: old } = known
    known.table = table
    known.next = undefined
    for (const [field, before] of old) {
      if (!table.has(field)) this.#changed(known, field, before, undefined)
    }
    for (const [field, after] of table) {
      const before = old.get(field)
      if (before !== after) this.#changed(known, field, before, after)
    }
  }

  #changed(known: Known, field: string, before?: string, after?: string): void {
    if (before === undefined) this.#hold(field, known)
    else if (after === undefined) this.#letGo(field, known)
    for (const watch of this.watches) watch(known.incarnation, field, before, after)
  }

  #hold(field: string, known: Known): void {
    const found = this.#holders.get(field)
    if (Array.isArray(found)) found.push(known)
    else this.#holders.set(field, found === undefined ? known : [found, known])
  }

  #letGo(field: string, known: Known): void {
    const found = this.#holders.get(field)
    if (!Array.isArray(found)) {
      this.#holders.delete(field)
      return
    }
    const [first, ...more] = found.filter((each) => each !== known)
    if (first && more.length > 0) this.#holders.set(field, [first, ...more])
    else if (first) this.#holders.set(field, first)
  }
}
