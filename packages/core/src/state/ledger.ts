import type { Report } from '../edges/report.js'
import type { Signal } from '../edges/signal.js'
import type { Address, Connection, PeerKey } from '../model/connection.js'
import type { ErrorOrigin } from '../model/errors.js'
import type { HubEvents, Refusal, Unsubscribe } from '../model/events.js'
import { EventBus } from './event-bus.js'
import { Store } from './store.js'
import { type Input, type Step, transition } from './transition.js'

/** A step that is still to be told. */
interface Telling<S> {
  readonly address: Address
  readonly at: number
  readonly before: Connection<S> | undefined
  readonly step: Step<S>
  following: Item<S> | undefined
}

/** Anything else that is still to be done, in its turn. */
interface Task<S> {
  readonly run: () => void
  following: Item<S> | undefined
}

type Item<S> = Telling<S> | Task<S>

/** The one place where an entry changes, and the one loop that tells of it. */
export class Ledger<S> {
  readonly #store = new Store<S>()
  readonly #bus: EventBus<HubEvents<S>>
  readonly #onError: Report
  readonly #sessions = { inbound: 0, outbound: 0 }
  #first: Item<S> | undefined
  #last: Item<S> | undefined
  /** The item that was interrupted last. */
  #interrupted: Item<S> | undefined
  /** How much of the first item has been told. */
  #told = 0
  #delivering = false
  #seq = 0

  constructor(onError: Report) {
    this.#onError = onError
    this.#bus = new EventBus((error, call) => this.report(error, { origin: 'listener', call }))
  }

  get size(): number {
    return this.#store.size
  }

  /** How many sessions are open in the entries. */
  get sessions(): { readonly inbound: number; readonly outbound: number } {
    return this.#sessions
  }

  get(address: Address): Connection<S> | undefined {
    return this.#store.get(address)
  }

  byKey(key: PeerKey): readonly Connection<S>[] {
    return this.#store.byKey(key)
  }

  entries(): IterableIterator<Connection<S>> {
    return this.#store.entries()
  }

  snapshot(): readonly Connection<S>[] {
    return this.#store.snapshot()
  }

  on<T extends keyof HubEvents<S>>(
    type: T,
    listener: (event: HubEvents<S>[T]) => unknown,
    signal?: Signal,
  ): Unsubscribe {
    return this.#bus.on(type, listener, signal)
  }

  /** Takes effect at once; `deliver()` tells of it. Whoever calls foreign code in between finds everything as it is now. */
  commit(address: Address, input: Input<S>): Step<S> {
    const before = this.#store.get(address)
    const at = Date.now()
    const step = transition(before, input, { address, seq: this.#seq + 1, at })
    if (step.next === before) return step
    if (step.event) this.#seq++
    this.#store.set(address, before, step.next)
    if (step.opened) this.#sessions[step.opened.direction]++
    if (step.ended) this.#sessions[step.ended.session.direction]--
    this.#push({ address, at, before, step, following: undefined })
    return step
  }

  /** What `run` does comes after everything that is still to be told. */
  later(run: () => void): void {
    this.#push({ run, following: undefined })
  }

  refused(refusal: Refusal): void {
    if (!this.#bus.has('refused')) return
    this.later(() => this.#bus.emit('refused', refusal))
    this.deliver()
  }

  /** Tells an error that nobody waits for. */
  readonly report = (error: unknown, from: ErrorOrigin): void => {
    this.#onError(error, from)
    // An error of whoever listens to errors would come back to it for ever.
    const isItsOwn = from.origin === 'listener' && from.call === 'error'
    if (isItsOwn || !this.#bus.has('error')) return
    this.later(() => this.#bus.emit('error', { error, from }))
    this.deliver()
  }

  /** After what is still to be told comes `close`, and then nothing any more. */
  end(): void {
    this.later(() => this.#bus.emit('close', undefined))
    this.later(() => this.#bus.clear())
    this.deliver()
  }

  /** Called inside a delivery, it leaves the rest to the loop that is running: so all hear all in one order. */
  deliver(): void {
    if (this.#delivering) return
    this.#delivering = true
    try {
      for (let item = this.#first; item; item = this.#first) {
        if ('run' in item) item.run()
        else this.#tell(item)
        this.#done(item)
      }
    } catch (error) {
      // The stack has no room left. The rest is told from a fresh one, or with the next step, whichever comes first.
      this.#delivering = false
      this.#resume(error)
    } finally {
      this.#delivering = false
    }
  }

  #push(item: Item<S>): void {
    if (this.#last) this.#last.following = item
    else this.#first = item
    this.#last = item
  }

  #done(item: Item<S>): void {
    this.#told = 0
    this.#first = item.following
    if (!this.#first) this.#last = undefined
  }

  #resume(error: unknown): void {
    const item = this.#first
    if (item && item === this.#interrupted) {
      this.#done(item)
      this.report(error, { origin: 'listener', call: 'deliver' })
    }
    this.#interrupted = item
    Promise.resolve().then(() => this.deliver())
  }

  /** Counts what it has told: it may be interrupted between two calls, and goes on there. */
  #tell({ address, at, before, step }: Telling<S>): void {
    const bus = this.#bus
    const { event, ended, opened, next } = step
    const key = (next ?? before)?.key
    if (this.#told < 1) {
      if (ended && bus.has('session-closed')) {
        const { direction } = ended.session
        bus.emit('session-closed', {
          type: 'session-closed',
          at,
          address,
          key,
          direction,
          ...ended,
        })
      }
      this.#told = 1
    }
    if (this.#told < 2) {
      if (event) bus.emit(event.type, event as never)
      this.#told = 2
    }
    if (this.#told < 3) {
      if (event) bus.emit('*', event)
      this.#told = 3
    }
    if (this.#told < 4) {
      if (opened && bus.has('session')) {
        const { direction } = opened
        bus.emit('session', { type: 'session', at, address, key, session: opened, direction })
      }
      this.#told = 4
    }
    if (bus.has('change')) bus.emit('change', { before, after: next })
  }
}
