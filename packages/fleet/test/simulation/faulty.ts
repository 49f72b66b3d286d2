import type { Random } from '@conn-hub/simulation'
import { engineOn } from '../../src/engines/memory.js'
import { createMemory, type Memory } from '../../src/engines/memory-data.js'
import type { Engine } from '../../src/index.js'

/** What becomes of the calls of one machine. */
export type Fate = 'fine' | 'refused' | 'silent' | 'answers-lost'

/** A store that loses its data, and a way to it that fails, for each machine. */
export class FaultyStore {
  readonly store: { data: Memory }
  readonly #random: Random
  readonly #fates = new Map<string, Fate>()
  /** For all machines. */
  fate: Fate = 'fine'
  /** In ms, one way. */
  latency = 5
  #dump: Memory | undefined

  constructor(random: Random) {
    this.#random = random
    this.store = { data: createMemory(0) }
  }

  set(machine: string, fate: Fate): void {
    this.#fates.set(machine, fate)
  }

  heal(): void {
    this.#fates.clear()
    this.fate = 'fine'
    this.latency = 5
  }

  /** As a Redis that was restarted without its data. */
  empty(): void {
    this.store.data = createMemory(this.store.data.position)
  }

  dump(): void {
    this.#dump = structuredClone(this.store.data)
  }

  /** As a Redis that was restarted from an old dump, or a replica that was promoted before it had all. */
  restore(): void {
    if (!this.#dump) return
    // As in Redis, the next change comes after all that ever were: its number is a time.
    this.store.data = { ...structuredClone(this.#dump), position: this.store.data.position + 1 }
  }

  trim(): void {
    this.store.data.stream = []
  }

  /** The way of one machine. Its timers are the machine's own. */
  engineOf(machine: string): Engine {
    const engine = engineOn(this.store)
    const way =
      <A extends unknown[], R>(run: (...args: A) => Promise<R>) =>
      (...args: A): Promise<R> =>
        new Promise((resolve, reject) => {
          const fate = this.fate === 'fine' ? (this.#fates.get(machine) ?? 'fine') : this.fate
          const trip = () => this.latency * (1 + this.#random())
          const refuse = () => reject(new Error('connect ECONNREFUSED'))
          setTimeout(() => {
            if (fate === 'refused') return refuse()
            if (fate === 'silent') return
            run(...args).then(
              (reply) =>
                setTimeout(fate === 'answers-lost' ? refuse : () => resolve(reply), trip()),
              reject,
            )
          }, trip())
        })
    return {
      renew: way(engine.renew),
      publish: way(engine.publish),
      read: way(engine.read),
      find: way(engine.find),
      changes: way(engine.changes),
      release: way(engine.release),
    }
  }
}
