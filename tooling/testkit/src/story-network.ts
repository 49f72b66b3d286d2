import { createFaultTransport, type FaultDial } from './fault.js'
import type { Answer, Place, Step } from './steps.js'
import { StorySession } from './story-session.js'

type StepOf<D extends Step['do']> = Extract<Step, { do: D }>

/** The steps that happen below the hub. */
export type NetworkStep = StepOf<
  'inbound' | 'remote close' | 'answer' | 'fail' | 'hold' | 'release' | 'answer dials'
>

/** What a story does with dials and sessions, below the hub. */
export class StoryNetwork {
  readonly transport = createFaultTransport({ self: 'me' })
  /** Sessions that came after their attempt had ended. */
  readonly late = new Set<StorySession>()
  /** The first answer to each dial that was answered. */
  readonly #answers = new Map<FaultDial, StorySession | 'failed'>()
  readonly #releases: (() => void)[] = []
  readonly #reached: (place: Place) => void
  #answerDials: Answer = 'later'

  constructor(reached: (place: Place) => void) {
    const { transport } = this
    const { describe } = transport
    this.#reached = reached
    transport.onDial = (dial) => this.#onDial(dial)
    transport.describe = (address) => {
      reached('describe()')
      return describe(address)
    }
  }

  get sessions(): readonly StorySession[] {
    return this.transport.sessions as StorySession[]
  }

  take(step: NetworkStep): void {
    const { dials } = this.transport
    switch (step.do) {
      case 'inbound':
        return void this.#inbound(step)
      case 'remote close': {
        const { error, reason } = step
        return void pick(this.sessions, step.session)?.end(error && new Error(error), reason)
      }
      case 'answer':
        return void this.#answer(pick(dials, step.dial), step)
      case 'fail':
        return void this.#fail(pick(dials, step.dial))
      case 'hold':
        return void this.#hold(pick(dials, step.dial), step.why)
      case 'release':
        return void pick(this.#releases, step.hold)?.()
      case 'answer dials':
        this.#answerDials = step.how
    }
  }

  #onDial(dial: FaultDial): void {
    // Asked for now, so that `aborted` says later whether the attempt was alive.
    dial.attempt.signal.throwIfAborted()
    dial.attempt.signal.addEventListener('abort', () => this.#reached('abort'))
    dial.ended(() => this.#reached('ended()'))
    switch (this.#answerDials) {
      case 'at once':
        return void this.#answer(dial, { do: 'answer', dial: 0, again: false, closes: 'at-once' })
      case 'fails':
        return void this.#fail(dial)
      case 'throws':
        this.#answers.set(dial, 'failed')
        throw new Error('dial() threw')
      case 'held':
        this.#hold(dial, 'a queue')
    }
  }

  /** `again`: where a session was the answer already, that one once more. */
  #answer(dial: FaultDial | undefined, step: StepOf<'answer'>): void {
    if (!dial) return
    const before = this.#answers.get(dial)
    if (before instanceof StorySession && step.again) {
      dial.attempt.succeed(before)
      return
    }
    const given = new StorySession(dial.address, 'outbound', step, this.#reached)
    if (before || dial.attempt.signal.aborted) this.late.add(given)
    if (!before) this.#answers.set(dial, given)
    dial.succeed(given)
  }

  #inbound(step: StepOf<'inbound'>): void {
    const { address } = step
    this.transport.inbound(address, new StorySession(address, 'inbound', step, this.#reached))
  }

  #fail(dial: FaultDial | undefined): void {
    if (!dial) return
    if (!this.#answers.has(dial)) this.#answers.set(dial, 'failed')
    dial.fail()
  }

  #hold(dial: FaultDial | undefined, why: string): void {
    if (dial) this.#releases.push(dial.hold(why))
  }
}

/** 0 is the newest. */
export const pick = <T>(all: readonly T[], choice: number): T | undefined =>
  all.length === 0 ? undefined : all[all.length - 1 - (choice % all.length)]
