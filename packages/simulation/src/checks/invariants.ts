import type { FailureCode } from '../failure.js'
import { textOf } from '../words.js'

interface Always {
  readonly what: string
  readonly holds: () => boolean
}

interface Eventually extends Always {
  /** In ms since the world began. */
  readonly deadline: number
  readonly within: number
  readonly done: () => void
}

type Fail = (code: FailureCode, message: string, cause?: unknown) => void

/** What the app says that must hold. */
export class Invariants {
  readonly #always: Always[] = []
  readonly #eventually = new Set<Eventually>()
  readonly #fail: Fail

  constructor(fail: Fail) {
    this.#fail = fail
  }

  always(always: Always): void {
    this.#always.push(always)
  }

  eventually(eventually: Eventually): void {
    this.#eventually.add(eventually)
  }

  /** After each step of the world, when its microtasks have run. */
  check(now: number): void {
    for (const { what, holds } of this.#always) {
      if (this.#ask('NOT_ALWAYS', what, holds) === false) {
        this.#fail('NOT_ALWAYS', `it does not hold any more: ${what}`)
      }
    }
    for (const one of this.#eventually) {
      const { what, holds, deadline, within, done } = one
      const answer = this.#ask('NOT_EVENTUALLY', what, holds)
      if (answer === false && now < deadline) continue
      this.#eventually.delete(one)
      if (answer) done()
      else if (answer === false) {
        this.#fail('NOT_EVENTUALLY', `it did not come true within ${within} ms: ${what}`)
      }
    }
  }

  /** The world is over: nothing can come true any more. @param now Where it ends before its time, what had more time is not judged. */
  end(now: number): void {
    for (const { what, deadline } of this.#eventually) {
      if (deadline > now) continue
      this.#fail('NOT_EVENTUALLY', `it had not come true when the world ended: ${what}`)
    }
  }

  /** Gives undefined where it has failed already. */
  #ask(code: FailureCode, what: string, holds: () => unknown): boolean | undefined {
    try {
      const answer = holds()
      if (typeof answer === 'boolean') return answer
      // A promise, or braces without a return, would seem to hold for ever.
      this.#fail(code, `it must give true or false, and gave ${kindOf(answer)}: ${what}`)
    } catch (cause) {
      this.#fail(code, `it threw (${textOf(cause)}): ${what}`, cause)
    }
    return undefined
  }
}

const kindOf = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null ? 'an object' : textOf(answer)
