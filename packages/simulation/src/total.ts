import type { Report } from './failure.js'
import type { Print } from './print.js'
import { Hash } from './timeline.js'

/** What became of many worlds. */
export interface Exploration {
  readonly seeds: number
  /** A hash of all their hashes. */
  readonly hash: string
  /** How many things happened in all of them. */
  readonly happenings: number
}

/** In real ms, between two lines of progress. */
const PROGRESS = 5_000

/** Adds up what the worlds come to, and tells how far they are. */
export class Total {
  readonly #seeds: number
  readonly #from: number
  readonly #print: Print
  readonly #hashes: string[] = []
  readonly #begun = performance.now()
  #due = PROGRESS
  #done = 0
  #happenings = 0

  constructor(seeds: number, from: number, print: Print) {
    this.#seeds = seeds
    this.#from = from
    this.#print = print
  }

  *seeds(): IterableIterator<number> {
    for (let seed = this.#from; seed < this.#from + this.#seeds; seed++) yield seed
  }

  add(seed: number, { hash, happenings }: Pick<Report, 'hash' | 'happenings'>): void {
    this.#hashes[seed - this.#from] = hash
    this.#done++
    this.#happenings += happenings
    const took = performance.now() - this.#begun
    if (took < this.#due) return
    this.#due = took + PROGRESS
    this.#print(`${this.#done} of ${this.#seeds} seeds, ${this.#happenings} happenings`)
  }

  get exploration(): Exploration {
    const all = new Hash()
    for (const hash of this.#hashes) all.add(hash)
    return { seeds: this.#seeds, hash: all.toString(), happenings: this.#happenings }
  }
}
