import {
  type Address,
  type DialAttempt,
  type Inbound,
  type Session,
  type Transport,
  withOutcome,
} from '@conn-hub/core'
import type { Explanation } from '../model/policy.js'
import { type Asking, asAnswer, asArrival } from '../parts/asking.js'
import { dialRefused } from '../parts/errors.js'
import { dialLater } from '../parts/inner-dial.js'
import { isReadable } from '../parts/reading.js'
import type { Refuser } from '../parts/refuser.js'
import { type GateFunction, type Outcome, Question, type Questions } from './questions.js'

export interface GateFunctions<S> {
  readonly beforeDial: GateFunction<S> | undefined
  readonly beforeAccept: GateFunction<S> | undefined
  readonly beforeSession: GateFunction<S> | undefined
}

type Refused = Extract<Outcome, { allowed: false }>

const WHY = 'the answer of a gate'

/** Asks the gate, and does what it says. */
export class Gatekeeper<S> {
  readonly #beforeDial: GateFunction<S> | undefined
  /** Of sessions that others have opened. */
  readonly #inbound: readonly GateFunction<S>[]
  /** Of sessions that answer a dial. */
  readonly #answers: readonly GateFunction<S>[]
  readonly #questions: Questions<S>
  readonly #refuser: Refuser<S>
  /** Those that wait for an answer, and what ends the wait of a session where the hub stops to listen. */
  readonly #waiting = new Map<Question<S>, (() => void) | undefined>()

  #isListening = false

  constructor(functions: GateFunctions<S>, questions: Questions<S>, refuser: Refuser<S>) {
    const { beforeDial, beforeAccept, beforeSession } = functions
    this.#beforeDial = beforeDial
    this.#inbound = [beforeAccept, beforeSession].filter((each) => each !== undefined)
    this.#answers = beforeSession ? [beforeSession] : []
    this.#questions = questions
    this.#refuser = refuser
  }

  dial(address: Address, attempt: DialAttempt<S>, transport: Transport<S>): undefined {
    const inner = this.#answers.length
      ? withOutcome(attempt, { succeed: (session) => this.#answered(address, attempt, session) })
      : attempt
    if (!this.#beforeDial) return transport.dial(address, inner) as undefined
    const { key, data } = attempt
    const session = undefined
    const question = new Question<S>({ address, key, direction: 'outbound', session, data })
    let isOver = false
    attempt.ended(() => {
      isOver = true
      question.end()
    })
    const outcome = this.#questions.ask(this.#beforeDial, question)
    // The function of the gate may have ended it.
    if (isOver) return
    if (outcome?.allowed) return transport.dial(address, inner) as undefined
    if (outcome) return this.#refuseDial(address, attempt, outcome)
    let release = () => {}
    this.#wait(question, (later) => {
      release()
      // Whoever heard that it waits no more may have ended it, too.
      if (isOver) return
      if (later.allowed) dialLater(transport, address, inner)
      else this.#refuseDial(address, attempt, later)
    })
    release = attempt.hold(WHY)
  }

  inbound(inbound: Inbound<S>, accept: (inbound: Inbound<S>) => void): void {
    this.#ask(asArrival(inbound, accept), this.#inbound)
  }

  /** The hub listens. */
  start(): void {
    this.#isListening = true
  }

  /** The hub listens no more: no session waits any longer. */
  stop(): void {
    this.#isListening = false
    for (const end of [...this.#waiting.values()]) end?.()
  }

  explain(address: Address): Explanation[] {
    const said: Explanation[] = []
    for (const question of this.#waiting.keys()) {
      if (question.address !== address) continue
      const text = `${question.session ? 'a session' : 'the dial'} waits for the gate`
      said.push({ by: 'gate', text, until: this.#questions.untilOf(question) })
    }
    return said
  }

  #answered(address: Address, attempt: DialAttempt<S>, session: Session<S>): void {
    if (isReadable(session)) this.#ask(asAnswer(address, attempt, session), this.#answers)
    else attempt.succeed(session)
  }

  /** One function after the other; the session goes on once all have let it pass. */
  #ask(asking: Asking<S>, functions: readonly GateFunction<S>[], from = 0): void {
    const { address, session, attempt } = asking
    for (let i = from; i < functions.length; i++) {
      const { key, direction } = session
      const question = new Question<S>({ address, key, direction, session, data: attempt?.data })
      const outcome = this.#questions.ask(functions[i] as GateFunction<S>, question)
      if (outcome && !outcome.allowed) return void this.#refuse(asking, outcome)
      if (outcome) continue
      return void this.#hold(asking, question, (later) => {
        if (later.allowed) this.#ask(asking, functions, i + 1)
        else this.#refuse(asking, later)
      })
    }
    asking.goOn()
  }

  /** A session waits for its answer. One that closes meanwhile, or comes late, is the hub's business. */
  #hold(asking: Asking<S>, question: Question<S>, onOutcome: (outcome: Outcome) => void): void {
    const { session, attempt } = asking
    let release: (() => void) | undefined
    const end = () => {
      if (question.end()) this.#refuser.session({ ...asking, reason: 'hub-closed' })
    }
    this.#wait(
      question,
      (later) => {
        release?.()
        onOutcome(later)
      },
      attempt ? undefined : end,
    )
    // The function of the gate may have closed the hub.
    if (!attempt && !this.#isListening) return void end()
    const giveUp = () => {
      if (question.end()) asking.goOn()
    }
    try {
      session.onClosed(giveUp)
    } catch {
      return void giveUp()
    }
    attempt?.ended(giveUp)
    release = attempt?.hold(WHY)
  }

  #wait(question: Question<S>, onOutcome: (outcome: Outcome) => void, end?: () => void): void {
    this.#waiting.set(question, end)
    const { onEnd } = question
    question.onEnd = (outcome) => {
      this.#waiting.delete(question)
      onEnd?.(outcome)
      if (outcome) onOutcome(outcome)
    }
  }

  #refuse({ address, session, attempt }: Asking<S>, { code, why, cause }: Refused): void {
    this.#refuser.session({ address, session, reason: 'refused', why })
    attempt?.fail(dialRefused(code, why, cause))
  }

  #refuseDial(address: Address, attempt: DialAttempt<S>, { code, why, cause }: Refused): undefined {
    this.#refuser.dial(address, why)
    attempt.fail(dialRefused(code, why, cause))
  }
}
