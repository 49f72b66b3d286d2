import type { Address, Session } from '@conn-hub/core'
import { assert, until } from './failure.js'
import { Probe } from './probe.js'
import type { Peer, Subject } from './subject.js'

/** What a case does; throws where the transport breaks the rule. */
export type Check = <S>(trial: Trial<S>) => void | Promise<void>

export const DEFAULT_PATIENCE = 5_000

export const CLOSES_AT_BOTH_ENDS = 'close() closes a link, and onClosed() tells it at both ends'

/** One end of a link, and how often its `onClosed` has told. */
export interface End<S> {
  readonly session: Session<S>
  readonly address: Address
  closed: number
}

/** One run of one case: `here` dials, `there` listens. No hub is between the case and the transports. */
export class Trial<S> {
  readonly subject: Subject<S>
  /** In ms. */
  readonly patience: number
  readonly here: Peer<S>
  readonly there: Peer<S>
  /** What `there` was handed over by `listen`. */
  readonly arrived: End<S>[] = []
  readonly #ends: End<S>[] = []
  readonly #atEnd: (() => unknown)[] = []

  constructor(subject: Subject<S>, patience: number) {
    this.subject = subject
    ;[this.here, this.there] = subject.peers
    this.patience = patience
  }

  until(holds: () => boolean, rule: string): Promise<void> {
    return until(holds, rule, this.patience)
  }

  /** Settles as `promise` does; fails where that takes too long. */
  async settled<T>(promise: Promise<T>, rule: string): Promise<T> {
    let pending = true
    const end = () => {
      pending = false
    }
    promise.then(end, end)
    await this.until(() => !pending, rule)
    return promise
  }

  /** Whatever the case has begun ends with it, however it went. */
  atEnd(ending: () => unknown): void {
    this.#atEnd.push(ending)
  }

  /** Has `there` listen. Gives what ends that. */
  listen(): () => void {
    const stop = this.there.transport.listen?.(({ address, session }) => {
      this.arrived.push(this.watch(address, session))
    })
    assert(typeof stop === 'function', 'listen() returns a function that ends it')
    this.atEnd(stop)
    return stop
  }

  dial(address = this.there.address): Probe<S> {
    const probe = new Probe<S>()
    this.atEnd(() => {
      probe.cancel()
      return Promise.all(probe.sessions.map(closeQuietly))
    })
    this.here.transport.dial(address, probe)
    return probe
  }

  /** Both ends of a new link; `there` must listen. */
  async open(): Promise<{ ours: End<S>; theirs: End<S> }> {
    const before = this.arrived.length
    const probe = this.dial()
    await this.until(() => probe.settled > 0, 'a dial to a peer that listens settles its attempt')
    const [session] = probe.sessions
    assert(!!session, `a dial to a peer that listens works, and not: ${String(probe.errors[0])}`)
    const ours = this.watch(this.there.address, session)
    await this.until(() => this.arrived.length > before, 'listen() hands over what others open')
    return { ours, theirs: this.arrived[before] as End<S> }
  }

  /** Closes a link from one end, and waits for both. */
  async close(closing: End<S>, other: End<S>): Promise<void> {
    await closing.session.close()
    await this.until(() => closing.closed > 0 && other.closed > 0, CLOSES_AT_BOTH_ENDS)
  }

  /** Closes a link whose other end nobody has. */
  async closeAlone(session: Session<S>): Promise<void> {
    const end = this.watch(this.there.address, session)
    await session.close()
    await this.until(() => end.closed > 0, CLOSES_AT_BOTH_ENDS)
  }

  /**
   * Opens and closes one more link. What was to come late or twice from an earlier one has come by then: something
   * to wait for, where there is no condition.
   */
  async roundTrip(): Promise<void> {
    const { ours, theirs } = await this.open()
    await this.close(ours, theirs)
  }

  watch(address: Address, session: Session<S>): End<S> {
    const end: End<S> = { address, session, closed: 0 }
    this.#ends.push(end)
    session.onClosed(() => {
      end.closed++
    })
    return end
  }

  async end(): Promise<void> {
    for (const { session, closed } of this.#ends) if (closed === 0) await closeQuietly(session)
    for (const ending of this.#atEnd.reverse()) await ending()
  }
}

const closeQuietly = async (session: Session<unknown>): Promise<void> => {
  try {
    await session.close()
  } catch {
    // It may have closed already, or be what the case complains of.
  }
}
