import type { Listeners } from '../edges/listeners.js'
import { FleetError } from '../model/errors.js'
import { looksLikeEntry } from '../wire/entry.js'
import { type MachineRecord, machineOf, readRecord } from '../wire/record.js'
import type { Leases } from './leases.js'

/** Tells ours from what others have put under our keys. */
export class Judge {
  readonly #listeners: Listeners
  /** Incarnations of another version, as long as they have a lease. */
  readonly #others = new Set<string>()

  constructor(listeners: Listeners) {
    this.#listeners = listeners
  }

  isOther(id: string): boolean {
    return this.#others.has(id)
  }

  /** Those that have no lease any more need not be known. */
  keep(leases: Leases): void {
    for (const id of this.#others) if (!leases.has(id)) this.#others.delete(id)
  }

  /** Undefined: it is left out, and told. */
  recordOf(id: string, text: string): MachineRecord | undefined {
    const record = readRecord(text)
    if (typeof record === 'object') return record
    if (record === 'foreign') {
      this.foreign(`the record of ${machineOf(id)}`, id)
      return undefined
    }
    this.#others.add(id)
    const what = `The machine ${machineOf(id)} publishes in a form that this version cannot read, and is left out.`
    this.#listeners.tell(new FleetError('OTHER_VERSION', what), id)
    return undefined
  }

  /** Whoever reads a value that is none of ours skips it. */
  check(id: string, values: Iterable<string>): void {
    for (const value of values) {
      if (looksLikeEntry(value)) continue
      this.foreign(`what ${machineOf(id)} has published`, id)
      return
    }
  }

  foreign(where: string, subject: string): void {
    const what = `In ${where} there is something that no fleet has written; it is left out.`
    this.#listeners.tell(new FleetError('FOREIGN_DATA', what), subject)
  }
}
