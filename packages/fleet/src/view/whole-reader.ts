import type { Calls } from '../edges/calls.js'
import type { Lease } from '../lease.js'
import { readFields } from '../wire/answers.js'
import { isField } from '../wire/entry.js'
import { machineOf, RECORD_FIELD } from '../wire/record.js'
import type { Judge } from './judge.js'
import type { Leases } from './leases.js'
import type { Table, View } from './view.js'

/** So many machines are read at once. */
const READS = 4

export interface WholeReaderParts {
  readonly calls: Calls
  readonly lease: Lease
  readonly leases: Leases
  readonly judge: Judge
  readonly view: View
}

/** Reads all that a machine has published: of those that are new here, and of which something was missed. */
export class WholeReader {
  readonly #parts: WholeReaderParts
  readonly #wanted = new Set<string>()

  constructor(parts: WholeReaderParts) {
    this.#parts = parts
  }

  get isIdle(): boolean {
    return this.#wanted.size === 0
  }

  want(id: string): void {
    this.#wanted.add(id)
  }

  /** What it could not read it reads the next time. */
  async readAll(): Promise<void> {
    while (this.#wanted.size > 0) {
      const some = [...this.#wanted].slice(0, READS)
      for (const id of some) this.#wanted.delete(id)
      try {
        await Promise.all(some.map((id) => this.#read(id)))
      } catch (error) {
        for (const id of some) this.#wanted.add(id)
        throw error
      }
    }
  }

  async #read(id: string): Promise<void> {
    const { calls, view, lease, leases, judge } = this.#parts
    if (judge.isOther(id) || leases.hasLeft(id)) return
    const fields = readFields(await calls.call((engine) => engine.read(id)))
    const text = fields.get(RECORD_FIELD)
    // It has a lease and has published nothing yet, or what it had is lost: it will come.
    if (text === undefined) return
    const record = judge.recordOf(id, text)
    if (!record) return
    const table = this.#tableOf(id, fields)
    const known = view.machines.get(id)
    // What is older than what is known was lost, and will be published anew.
    if (known && record.number < known.record.number) return
    if (known) {
      view.load(known, record, table)
      return
    }
    const until = leases.endOf(id) ?? record.until
    if (until > lease.now) view.add(id, until, record, table)
  }

  #tableOf(id: string, fields: ReadonlyMap<string, string>): Table {
    const { judge } = this.#parts
    const table: Table = new Map()
    for (const [field, value] of fields) if (isField(field)) table.set(field, value)
    if (table.size !== fields.size - 1) judge.foreign(`what ${machineOf(id)} has published`, id)
    judge.check(id, table.values())
    return table
  }
}
