import type { Address, Session } from '@conn-hub/core'
import { closeQuietly, End, REASON } from './end.js'
import { assert, pause, until } from './failure.js'
import { expect } from './options.js'
import { Probe } from './probe.js'
import { call } from './settle.js'
import { createSide } from './side.js'
import { isListening, type ListeningPeer, type Peer, rolesOf, type Subject } from './subject.js'
import { shown, textOf } from './words.js'

/** What a case does; throws where the transport breaks the rule. */
export type Check = <S>(trial: Trial<S>) => void | Promise<void>

export const DEFAULT_PATIENCE = 5_000

export const CLOSES_AT_BOTH_ENDS = 'close() closes a link, and onClosed() tells it at both ends'

/** What may come again, or too late, is waited for so long, in ms, where there is no condition to wait for. */
const QUIET = 60

/** One run of one case: `here` dials, `there` listens. No hub is between the case and the transports. */
export class Trial<S> {
  readonly subject: Subject<S>
  /** In ms. */
  readonly patience: number
  readonly here: Peer<S>
  readonly there: ListeningPeer<S>
  /** What `there` was handed over by `listen`. */
  readonly arrived: End<S>[] = []
  readonly #ends: End<S>[] = []
  readonly #atEnd: (() => unknown)[] = []

  constructor(subject: Subject<S>, patience: number) {
    const [here, there] = rolesOf(subject.peers)
    expect(isListening(there), 'peers of which one listens at least', 'setup')
    this.subject = subject
    this.patience = patience
    this.here = here
    this.there = there
  }

  until(holds: () => boolean, rule: string | (() => string)): Promise<void> {
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
    const { transport } = this.there
    const side = createSide<S>(() => this.arrived.filter(({ closed }) => closed === 0).length)
    const stop = transport.listen?.(({ address, session }) => {
      this.arrived.push(this.watch(address, session))
    }, side)
    assert(
      typeof stop === 'function',
      'listen() returns a function that ends it; a peer without listen() is one with `listens: false`',
    )
    this.atEnd(stop)
    return stop
  }

  dial(address = this.there.address): Probe<S> {
    const { transport } = this.here
    const probe = new Probe<S>(transport.describe(address).key)
    this.atEnd(() => {
      probe.cancel()
      return Promise.all(probe.sessions.map((session) => closeQuietly(session, this.patience)))
    })
    probe.take(() => transport.dial(address, probe))
    return probe
  }

  /** Both ends of a new link; `there` must listen. */
  async open(): Promise<{ ours: End<S>; theirs: End<S> }> {
    const before = this.arrived.length
    const probe = this.dial()
    await this.until(() => probe.settled > 0, 'a dial to a peer that listens settles its attempt')
    const [session] = probe.sessions
    assert(!!session, `a dial to a peer that listens works, and not: ${textOf(probe.errors[0])}`)
    const ours = this.watch(this.there.address, session)
    await this.until(() => this.arrived.length > before, 'listen() hands over what others open')
    return { ours, theirs: this.arrived[before] as End<S> }
  }

  /** Closes a link from one end, and waits for both. */
  close(closing: End<S>, other: End<S>, reason = REASON): Promise<void> {
    return this.#close(closing.session, [closing, other], reason)
  }

  /** Closes a link whose other end nobody has. */
  closeAlone(session: Session<S>): Promise<void> {
    return this.#close(session, [this.watch(this.there.address, session)], REASON)
  }

  /** The ends tell that it has worked; the promise of `close()` need not settle. */
  async #close(session: Session<S>, ends: End<S>[], reason: string): Promise<void> {
    const closing = call(() => session.close(reason))
    const isOver = () => ends.every(({ closed }) => closed > 0) || closing.failed !== undefined
    await this.until(isOver, CLOSES_AT_BOTH_ENDS)
    const { failed } = closing
    assert(
      !failed,
      `close() works where it is given ${shown(reason)}, and not: ${textOf(failed?.error)}`,
    )
  }

  /**
   * Opens and closes one more link. What was to come late or twice from an earlier one has come by then: something
   * to wait for, where there is no condition.
   */
  async roundTrip(): Promise<void> {
    const { ours, theirs } = await this.open()
    await this.close(ours, theirs)
  }

  quiet(): Promise<void> {
    return pause(QUIET)
  }

  watch(address: Address, session: Session<S>): End<S> {
    const end = new End(address, session)
    this.#ends.push(end)
    return end
  }

  async end(): Promise<void> {
    for (const { session, closed } of this.#ends)
      if (closed === 0) await closeQuietly(session, this.patience)
    for (const ending of this.#atEnd.reverse()) await ending()
  }
}
