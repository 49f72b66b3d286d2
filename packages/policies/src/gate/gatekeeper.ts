import {
  type Address,
  type DialAttempt,
  type Inbound,
  type Session,
  type Transport,
  withOutcome,
} from '@conn-hub/core'
import type { Explanation } from '../model/policy.js'
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
  readonly #functions: GateFunctions<S>
  readonly #questions: Questions<S>
  readonly #refuser: Refuser<S>
  /** Those that wait for an answer, and what ends the wait of a session where the hub stops to listen. */
  readonly #waiting = new Map<Question<S>, (() => void) | undefined>()

  #isListening = false

  constructor(functions: GateFunctions<S>, questions: Questions<S>, refuser: Refuser<S>) {
    this.#functions = functions
    this.#questions = questions
    this.#refuser = refuser
  }

  dial(address: Address, attempt: DialAttempt<S>, transport: Transport<S>): undefined {
    const { beforeDial, beforeSession } = this.#functions
    const inner = beforeSession
      ? withOutcome(attempt, { succeed: (session) => this.#answered(address, attempt, session) })
      : attempt
    if (!beforeDial) return transport.dial(address, inner) as undefined
    const { key, data } = attempt
    const question = new Question<S>({
      address,
      key,
      direction: 'outbound',
      session: undefined,
      data,
    })
    let isOver = false
    let release = () => {}
    attempt.ended(() => {
      isOver = true
      question.end()
    })
    const outcome = this.#ask(beforeDial, question, (later) => {
      release()
      // Whoever heard that it waits no more may have ended it.
      if (isOver) return
      if (later.allowed) dialLater(transport, address, inner)
      else this.#refuseDial(address, attempt, later)
    })
    // The function of the gate may have ended it, too.
    if (isOver) return
    if (outcome?.allowed) return transport.dial(address, inner) as undefined
    if (outcome) return this.#refuseDial(address, attempt, outcome)
    release = attempt.hold(WHY)
  }

  inbound(inbound: Inbound<S>, accept: (inbound: Inbound<S>) => void): void {
    const { beforeAccept, beforeSession } = this.#functions
    const refuse = (outcome: Refused) => this.#refuse(inbound.address, inbound.session, outcome)
    const pass = () => accept(inbound)
    const next = () => this.#hold(inbound, beforeSession, { pass, refuse })
    this.#hold(inbound, beforeAccept, { pass: next, refuse, giveUp: pass })
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
    const pass = () => attempt.succeed(session)
    const refuse = (outcome: Refused) => {
      this.#refuse(address, session, outcome)
      attempt.fail(dialRefused(outcome.code, outcome.why, outcome.cause))
    }
    if (!isReadable(session)) return void pass()
    this.#hold({ address, session }, this.#functions.beforeSession, { pass, refuse, attempt })
  }

  /** A session goes on once the gate has answered. One that closes meanwhile, or comes late, is the hub's business. */
  #hold(
    { address, session }: Inbound<S>,
    answer: GateFunction<S> | undefined,
    how: {
      pass(): void
      refuse(outcome: Refused): void
      giveUp?: () => void
      attempt?: DialAttempt<S>
    },
  ): void {
    if (!answer) return void how.pass()
    const { key, direction } = session
    const data = how.attempt?.data
    const question = new Question<S>({ address, key, direction, session, data })
    let release: (() => void) | undefined
    const outcome = this.#ask(answer, question, (later) => {
      release?.()
      if (later.allowed) how.pass()
      else how.refuse(later)
    })
    if (outcome?.allowed) return void how.pass()
    if (outcome) return void how.refuse(outcome)
    const giveUp = () => {
      if (question.end()) (how.giveUp ?? how.pass)()
    }
    if (!how.attempt) {
      const end = () => {
        if (question.end()) this.#refuser.session({ address, session, reason: 'hub-closed' })
      }
      this.#waiting.set(question, end)
      // The function of the gate may have closed the hub.
      if (!this.#isListening) return void end()
    }
    try {
      session.onClosed(giveUp)
    } catch {
      return void giveUp()
    }
    how.attempt?.ended(giveUp)
    release = how.attempt?.hold(WHY)
  }

  #ask(
    answer: GateFunction<S>,
    question: Question<S>,
    onOutcome: (outcome: Outcome) => void,
  ): Outcome | undefined {
    const outcome = this.#questions.ask(answer, question, onOutcome)
    if (outcome || question.isOver) return outcome
    this.#waiting.set(question, undefined)
    const end = question.onEnd
    question.onEnd = (later) => {
      this.#waiting.delete(question)
      end?.(later)
    }
    return
  }

  #refuse(address: Address, session: Session<S>, { why }: Refused): void {
    this.#refuser.session({ address, session, reason: 'refused', why })
  }

  #refuseDial(address: Address, attempt: DialAttempt<S>, { code, why, cause }: Refused): undefined {
    this.#refuser.dial(address, why)
    attempt.fail(dialRefused(code, why, cause))
  }
}
