import type { Life } from './life.js'

/** What came due while its process slept. */
interface Slept {
  readonly life: Life
  readonly run: () => void
  /** Comes to whoever is there then, where it is not the process's own. */
  readonly again: (() => void) | undefined
}

/** The timers that came due while their processes slept, in their order. */
export class Sleepers {
  readonly #slept = new Map<unknown, Slept>()

  add(timer: unknown, slept: Slept): void {
    this.#slept.set(timer, slept)
  }

  cleared(timer: unknown): void {
    this.#slept.delete(timer)
  }

  /** Runs the first that waits for this process; gives whether there was one. */
  runNext(life: Life): boolean {
    for (const [timer, { life: whose, run }] of this.#slept) {
      if (whose !== life) continue
      this.#slept.delete(timer)
      run()
      return true
    }
    return false
  }

  /** Nothing of it will run any more. */
  end(life: Life): void {
    for (const [timer, { life: whose, again }] of this.#slept) {
      if (whose !== life) continue
      this.#slept.delete(timer)
      again?.()
    }
  }
}
