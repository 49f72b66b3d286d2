import type { Listeners } from './edges/listeners.js'
import { FleetError } from './model/errors.js'
import { machineOf } from './wire/record.js'

/** Finds out whether another live machine has our name: one that renews its lease, unlike our start before this one. */
export class Names {
  readonly #incarnation: string
  readonly #listeners: Listeners
  #namesakes = new Map<string, number>()

  constructor(incarnation: string, listeners: Listeners) {
    this.#incarnation = incarnation
    this.#listeners = listeners
  }

  look(leases: readonly (readonly [string, number])[]): void {
    const machine = machineOf(this.#incarnation)
    const now = new Map<string, number>()
    for (const [id, until] of leases) {
      if (id === this.#incarnation || machineOf(id) !== machine) continue
      now.set(id, until)
      if (until > (this.#namesakes.get(id) ?? until)) this.#tell(machine, id)
    }
    this.#namesakes = now
  }

  #tell(machine: string, subject: string): void {
    const what = `Another live machine is called "${machine}", too: both are shown. Give each a name of its own.`
    this.#listeners.tell(new FleetError('NAME_TAKEN', what), subject)
  }
}
