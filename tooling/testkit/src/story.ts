import { type ConnectionEvent, createHub, type ErrorOrigin, type Hub } from '@conn-hub/core'
import { createFaultTransport, type FaultDial, FaultSession } from './fault.js'
import { trackedSignal } from './signals.js'
import type { Answer, Step } from './stories.js'
import { turns } from './turns.js'

/** The longest that any promise may take: a disconnect to its deadline, then a dial to its own. */
export const ALL_DEADLINES = 5_000 + 30_000

/** Fake time, of whichever library. */
export interface Clock {
  tick(ms: number): unknown
  tickAsync(ms: number): Promise<unknown>
}

/** Plays steps on a hub over the fault transport, and keeps what can be known from outside. */
export class Story {
  readonly transport = createFaultTransport({ self: 'me' })
  readonly errors: { error: unknown; from: ErrorOrigin }[] = []
  readonly hub: Hub<FaultSession>
  readonly events: ConnectionEvent<FaultSession>[] = []
  /** What each call has come to; `pending` until then. */
  readonly calls: { call: string; outcome: unknown }[] = []
  readonly signals: ReturnType<typeof trackedSignal>[] = []
  /** Sessions that came after their attempt had ended. */
  readonly late = new Set<FaultSession>()
  readonly #liveSignals: ReturnType<typeof trackedSignal>[] = []
  /** The first answer to each dial that was answered. */
  readonly #answers = new Map<FaultDial, FaultSession | 'failed'>()
  readonly #reactions: Step[] = []
  readonly #clock: Clock
  #answerDials: Answer = 'later'

  constructor(clock: Clock) {
    this.#clock = clock
    const { transport, errors } = this
    transport.onDial = (dial) => this.#onDial(dial)
    this.hub = createHub({ transport, onError: (error, from) => errors.push({ error, from }) })
    this.hub.on('*', (event) => {
      this.events.push(event)
      const reaction = this.#reactions.shift()
      if (reaction) this.#take(reaction)
    })
  }

  /** After each step, `look` may see whether all is well. */
  async play(steps: readonly Step[], look: () => void = () => {}): Promise<void> {
    for (const step of steps) {
      this.#take(step)
      look()
      await turns()
      look()
    }
  }

  /** Lets every deadline pass. */
  async settle(): Promise<void> {
    this.#reactions.length = 0
    await this.#clock.tickAsync(ALL_DEADLINES + 1)
  }

  #take(step: Step): void {
    const { hub, transport } = this
    switch (step.do) {
      case 'connect': {
        const { address, timeout, data } = step
        const signal = this.#signal(step.signal)
        this.#watch('connect', hub.connect(address, { signal, timeout, data }))
        break
      }
      case 'disconnect': {
        const signal = this.#signal(step.signal)
        this.#watch('disconnect', hub.disconnect(step.address, { signal }))
        break
      }
      case 'update':
        if (!hub.closed) hub.update(step.address, { n: step.n })
        break
      case 'reset':
        this.#watch('reset', hub.reset())
        break
      case 'close':
        this.#watch('close', hub.close())
        break
      case 'inbound':
        // A closed hub has told the transport to listen no more.
        if (hub.closed) break
        transport.inbound(step.address, session('inbound', step.address, step.closes))
        break
      case 'remote close':
        pick(transport.sessions, step.session)?.end()
        break
      case 'answer':
        this.#answer(pick(transport.dials, step.dial), step.again, step.closes)
        break
      case 'fail':
        this.#fail(pick(transport.dials, step.dial))
        break
      case 'answer dials':
        this.#answerDials = step.how
        break
      case 'abort':
        this.#liveSignals[step.signal]?.abort()
        delete this.#liveSignals[step.signal]
        break
      case 'wait':
        this.#clock.tick(step.ms)
        break
      case 'react':
        this.#reactions.push(step.step)
    }
  }

  #onDial(dial: FaultDial): void {
    // Asked for now, so that `aborted` says later whether the attempt was alive.
    dial.attempt.signal.throwIfAborted()
    if (this.#answerDials === 'at once') this.#answer(dial, false, 'at-once')
    if (this.#answerDials === 'fails') this.#fail(dial)
    if (this.#answerDials === 'throws') {
      this.#answers.set(dial, 'failed')
      throw new Error('dial() threw')
    }
  }

  /** `again`: where a session was the answer already, that one once more. */
  #answer(dial: FaultDial | undefined, again: boolean, closes: FaultSession['onClose']): void {
    if (!dial) return
    const before = this.#answers.get(dial)
    if (before instanceof FaultSession && again) {
      dial.attempt.succeed(before)
      return
    }
    const given = session('outbound', dial.address, closes)
    if (before || dial.attempt.signal.aborted) this.late.add(given)
    if (!before) this.#answers.set(dial, given)
    dial.succeed(given)
  }

  #fail(dial: FaultDial | undefined): void {
    if (!dial) return
    if (!this.#answers.has(dial)) this.#answers.set(dial, 'failed')
    dial.fail()
  }

  #signal(slot: number | undefined): AbortSignal | undefined {
    if (slot === undefined) return undefined
    const known = this.#liveSignals[slot]
    if (known) return known.signal
    const tracked = trackedSignal()
    this.#liveSignals[slot] = tracked
    this.signals.push(tracked)
    return tracked.signal
  }

  #watch(call: string, promise: Promise<unknown>): void {
    const watched = { call, outcome: 'pending' as unknown }
    this.calls.push(watched)
    const settle = (outcome: unknown) => {
      watched.outcome = outcome
    }
    promise.then(settle, settle)
  }
}

const session = (
  direction: 'inbound' | 'outbound',
  address: string,
  closes: FaultSession['onClose'],
): FaultSession => {
  const name = address.slice('fault:'.length)
  const made = new FaultSession(direction, name === 'anonymous' ? undefined : name)
  made.onClose = closes
  return made
}

/** 0 is the newest. */
const pick = <T>(all: readonly T[], choice: number): T | undefined =>
  all.length === 0 ? undefined : all[all.length - 1 - (choice % all.length)]
