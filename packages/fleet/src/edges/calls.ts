import type { Engine } from '../model/engine.js'
import { FleetError } from '../model/errors.js'
import { toFleetError } from './failures.js'
import { startDeadline } from './timer.js'

/** How long the engine may take, in ms, whatever its client is set to. */
export const DEADLINE = 2_000

/** So many calls may be out of time and not settled: a client that is stuck must not gather more. */
const MAX_LATE = 32

/** Then only one is tried in so long, in ms: the first such rest, and the longest. An engine may have lost the others for good. */
const FIRST_REST = 10_000
const LONGEST_REST = 600_000

/** Each call of the engine: it settles in time, and what it rejects with has a code. */
export class Calls {
  readonly #engine: Engine
  readonly #late = new Set<object>()
  #rest = FIRST_REST
  #restsUntil = 0
  readonly #writes = new Set<Promise<unknown>>()
  /** A write has settled after its deadline: whether it has left something, and when, nobody knows. */
  onLateWrite = () => {}

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** @param wait How much longer it may take, in ms. */
  call<T>(run: (engine: Engine) => Promise<T>, wait = 0): Promise<T> {
    return this.#call(run, wait, () => {})
  }

  #call<T>(run: (engine: Engine) => Promise<T>, wait: number, onLate: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#mayCall()) return reject(slow())
      const id = {}
      const stopTimer = startDeadline(DEADLINE + wait, () => {
        isLate = true
        this.#late.add(id)
        reject(slow())
      })
      let isLate = false
      const settled = () => {
        stopTimer()
        this.#late.delete(id)
        if (isLate) onLate()
        else this.#answered()
      }
      // What it throws, it rejects with.
      const running = (async () => run(this.#engine))()
      running.finally(settled).then(resolve, (error) => reject(toFleetError(error)))
    })
  }

  #mayCall(): boolean {
    if (this.#late.size < MAX_LATE) return true
    const now = performance.now()
    if (now < this.#restsUntil) return false
    this.#restsUntil = now + this.#rest
    this.#rest = Math.min(LONGEST_REST, 2 * this.#rest)
    return true
  }

  /** In time: so it works, and those that are late by now are lost. */
  #answered(): void {
    if (this.#late.size >= MAX_LATE) this.#late.clear()
    else if (this.#late.size === 0) this.#rest = FIRST_REST
  }

  /** A call that leaves something of this machine at the engine. */
  write<T>(run: (engine: Engine) => Promise<T>): Promise<T> {
    const writing = this.#call(run, 0, () => this.onLateWrite())
    this.#writes.add(writing)
    const settled = () => void this.#writes.delete(writing)
    writing.then(settled, settled)
    return writing
  }

  /** Resolves when no write is on its way any more, but those that are late. */
  async written(): Promise<void> {
    await Promise.allSettled(this.#writes)
  }
}

const slow = () =>
  new FleetError(
    'ENGINE_SLOW',
    `The engine has not answered within ${DEADLINE} ms. The machine goes on alone until it does.`,
  )
