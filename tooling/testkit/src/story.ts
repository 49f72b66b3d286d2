import { type ConnectionEvent, createHub, type ErrorOrigin, type Hub } from '@conn-hub/core'
import type { FaultSession } from './fault.js'
import { trackedSignal } from './signals.js'
import type { Place, Step } from './steps.js'
import { pick, StoryNetwork } from './story-network.js'
import { turns } from './turns.js'

/** In ms: short, so that stories reach it. */
export const HOLD_TIMEOUT = 10_000

/** The longest that any promise may take: a disconnect to its deadline, then a dial that is held for as long as can be. */
export const ALL_DEADLINES = 5_000 + HOLD_TIMEOUT + 30_000

/** Fake time, of whichever library. */
export interface Clock {
  tick(ms: number): unknown
  tickAsync(ms: number): Promise<unknown>
}

/** A call of the hub, and what it has come to; `pending` until then. */
export interface StoryCall {
  readonly call: 'connect' | 'disconnect' | 'disconnect session' | 'reset' | 'close'
  readonly address: string | undefined
  /** Where it was made, if inside code that the hub called. */
  readonly from: Place | undefined
  /** The call during which it was made. */
  readonly within: StoryCall | undefined
  outcome: unknown
}

/** Plays steps on a hub over the fault transport, and keeps what can be known from outside. */
export class Story {
  readonly network = new StoryNetwork((place) => this.#reached(place))
  readonly errors: { error: unknown; from: ErrorOrigin }[] = []
  readonly hub: Hub<FaultSession>
  readonly events: ConnectionEvent<FaultSession>[] = []
  readonly calls: StoryCall[] = []
  readonly signals: ReturnType<typeof trackedSignal>[] = []
  readonly #liveSignals: ReturnType<typeof trackedSignal>[] = []
  #reactions: Extract<Step, { do: 'react' }>[] = []
  readonly #clock: Clock
  #place: Place | undefined
  #running: StoryCall | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    const { transport, errors } = this
    this.hub = createHub({
      transport,
      holdTimeout: HOLD_TIMEOUT,
      onError: (error, from) => errors.push({ error, from }),
    })
    this.hub.on('*', (event) => {
      this.events.push(event)
      this.#reached('*')
    })
    for (const place of ['session', 'session-closed', 'refused', 'change'] as const) {
      this.hub.on(place, () => this.#reached(place))
    }
  }

  get transport() {
    return this.network.transport
  }

  get late() {
    return this.network.late
  }

  /** After each step, `look` may see whether all is well: at once, and when everything has come to rest. */
  async play(steps: readonly Step[], look: (atRest: boolean) => void = () => {}): Promise<void> {
    for (const step of steps) {
      this.#take(step)
      look(false)
      await turns()
      look(true)
    }
  }

  /** Lets every deadline pass. */
  async settle(): Promise<void> {
    this.#reactions = []
    await this.#clock.tickAsync(ALL_DEADLINES + 1)
  }

  #take(step: Step): void {
    const { hub, network } = this
    switch (step.do) {
      case 'connect': {
        const { address, key, timeout, data } = step
        const signal = this.#signal(step.signal)
        this.#watch(step.do, address, () => hub.connect(address, { key, signal, timeout, data }))
        break
      }
      case 'disconnect': {
        const { address, reason } = step
        const signal = this.#signal(step.signal)
        this.#watch(step.do, address, () => hub.disconnect(address, { signal, reason }))
        break
      }
      case 'disconnect session': {
        const { reason } = step
        const session = pick(network.sessions, step.session)
        if (!session) break
        const signal = this.#signal(step.signal)
        const { address } = session
        this.#watch(step.do, address, () => hub.disconnect(address, { signal, reason, session }))
        break
      }
      case 'update':
        if (!hub.closed) hub.update(step.address, { n: step.n })
        break
      case 'reset':
        this.#watch(step.do, undefined, () => hub.reset(step.reason))
        break
      case 'close':
        this.#watch(step.do, undefined, () => hub.close())
        break
      case 'abort':
        this.#liveSignals[step.signal]?.abort()
        delete this.#liveSignals[step.signal]
        break
      case 'wait':
        this.#clock.tick(step.ms)
        break
      case 'react':
        this.#reactions.push(step)
        break
      default:
        // A closed hub has told the transport to listen no more.
        if (step.do !== 'inbound' || !hub.closed) network.take(step)
    }
  }

  /** The hub calls code of others here: what was to happen at this place does. */
  #reached(place: Place): void {
    const index = this.#reactions.findIndex(({ at = '*' }) => at === place)
    const [reaction] = index < 0 ? [] : this.#reactions.splice(index, 1)
    if (!reaction) return
    const before = this.#place
    this.#place = place
    this.#take(reaction.step)
    this.#place = before
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

  #watch(call: StoryCall['call'], address: string | undefined, make: () => Promise<unknown>): void {
    const before = this.#running
    const from = this.#place
    const watched: StoryCall = { call, address, from, within: before, outcome: 'pending' }
    // Kept in the order in which they began: a call may happen inside another one.
    this.calls.push(watched)
    const settle = (outcome: unknown) => {
      watched.outcome = outcome
    }
    this.#running = watched
    make().then(settle, settle)
    this.#running = before
  }
}
