import type { Address, Direction, Metadata, PeerKey, Session } from '@conn-hub/core'
import { Deadlines } from '../parts/deadlines.js'
import { ignore, textOf } from '../parts/errors.js'
import { isThenable } from '../parts/options.js'
import type { Time } from '../parts/time.js'

/** What a gate is asked about. */
export interface GateQuestion<S> {
  readonly address: Address
  /** Of a session the key that it has proved; of a dial whom it expects, which is a name. */
  readonly key: PeerKey | undefined
  readonly direction: Direction
  /** The session, where there is one. */
  readonly session: Session<S> | undefined
  /** What `connect()` was given as `data`, of a dial. */
  readonly data: Metadata | undefined
  /** Aborts when the answer is not needed any more: out of time, cancelled, closed. Made when it is asked for. */
  readonly signal: AbortSignal
}

/** `true` lets it through; `false`, or a text that says why, refuses it. */
export type GateAnswer = boolean | string

/** Answers now, or by a promise. */
export type GateFunction<S> = (question: GateQuestion<S>) => GateAnswer | PromiseLike<GateAnswer>

/** What came of a question. */
export type Outcome =
  | { readonly allowed: true }
  | {
      readonly allowed: false
      readonly code: 'GATE_REFUSED' | 'GATE_TIMEOUT' | 'GATE_FAILED'
      readonly why: string
      readonly cause?: unknown
    }

export interface GateSettings {
  /** In ms. */
  readonly timeout: number
  readonly onFailure: 'refuse' | 'allow'
  readonly onError: (error: unknown) => void
}

const ALLOWED: Outcome = { allowed: true }

/** The questions that have no answer yet; each leaves by its answer, its deadline, or its end. */
export class Questions<S> {
  readonly #settings: GateSettings
  readonly #pending: Deadlines<Question<S>>

  constructor(settings: GateSettings, time: Time) {
    this.#settings = settings
    this.#pending = new Deadlines(time, settings.timeout, (question) => {
      const why = `no answer within ${settings.timeout} ms`
      question.end(this.#failure({ allowed: false, code: 'GATE_TIMEOUT', why }))
    })
  }

  get size(): number {
    return this.#pending.size
  }

  /** In ms since 1970. */
  untilOf(question: Question<S>): number | undefined {
    return this.#pending.until(question)
  }

  /** The outcome where the answer came at once; else the question ends with it, unless it is given up before. */
  ask(answer: GateFunction<S>, question: Question<S>): Outcome | undefined {
    let given: unknown
    try {
      given = answer(question)
      if (!isThenable(given)) return this.#judge(given)
    } catch (error) {
      return this.#failed(error)
    }
    // The function itself may have given it up: cancelled the dial, for one.
    if (!question.isOver) {
      question.onEnd = () => this.#pending.delete(question)
      this.#pending.add(question)
    }
    // A thenable of somebody's own making may answer twice: a promise of it does not.
    Promise.resolve(given).then(
      (value) => question.isOver || question.end(this.#judge(value)),
      (error) => question.isOver || question.end(this.#failed(error)),
    )
    return
  }

  #judge(given: unknown): Outcome {
    if (given === true) return ALLOWED
    if (given === false || typeof given === 'string') {
      const why = given ? given.slice(0, 200) : 'refused'
      return { allowed: false, code: 'GATE_REFUSED', why }
    }
    return this.#failed(
      new TypeError('A gate must answer true, false, or a text that says why not.'),
    )
  }

  #failed(error: unknown): Outcome {
    try {
      const telling: unknown = this.#settings.onError(error)
      if (isThenable(telling)) telling.then(undefined, ignore)
    } catch {
      // Whoever is told of errors may throw: nobody else is harmed.
    }
    return this.#failure({
      allowed: false,
      code: 'GATE_FAILED',
      why: `it failed: ${textOf(error)}`,
      cause: error,
    })
  }

  #failure(outcome: Outcome): Outcome {
    return this.#settings.onFailure === 'allow' ? ALLOWED : outcome
  }
}

/** One question, and what ends it. */
export class Question<S> implements GateQuestion<S> {
  readonly address: Address
  readonly key: PeerKey | undefined
  readonly direction: Direction
  readonly session: Session<S> | undefined
  readonly data: Metadata | undefined
  onEnd: ((outcome: Outcome | undefined) => void) | undefined
  #controller: AbortController | undefined
  #isOver = false

  constructor(about: Omit<GateQuestion<S>, 'signal'>) {
    this.address = about.address
    this.key = about.key
    this.direction = about.direction
    this.session = about.session
    this.data = about.data
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#isOver) this.#controller.abort()
    return this.#controller.signal
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Once. @param outcome None: it was given up. False: it has ended already. */
  end(outcome?: Outcome): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    this.onEnd?.(outcome)
    this.#controller?.abort()
    return true
  }
}
