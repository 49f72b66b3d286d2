import type { FailureCode, Fault } from './failure.js'
import { textOf } from './words.js'

/** What went wrong in a world: its course ends at the first of it. */
export class Faults {
  readonly all: Fault[] = []
  readonly #note: (what: string) => void

  constructor(note: (what: string) => void) {
    this.#note = note
  }

  get any(): boolean {
    return this.all.length > 0
  }

  readonly add = (code: FailureCode, message: string, cause?: unknown): void => {
    this.all.push({ code, message, cause })
    this.#note(`FAULT ${code}: ${message}`)
  }

  /** @param peer Whose code it was; none: the scenario's. */
  threw(error: unknown, peer: string | undefined): void {
    this.add(codeOf(peer), `${peer ?? 'the scenario'} threw: ${textOf(error)}`, error)
  }

  /** A promise was rejected, and nobody waited for it. */
  rejected(reason: unknown, peer: string | undefined): void {
    const message = `${peer ?? 'the scenario'} left a rejected promise: ${textOf(reason)}`
    this.add(codeOf(peer), message, reason)
  }
}

const codeOf = (peer: string | undefined): FailureCode =>
  peer === undefined ? 'SCENARIO_FAILED' : 'PEER_FAILED'
