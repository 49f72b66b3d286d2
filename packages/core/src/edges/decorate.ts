import type { Address, Metadata, PeerKey, Session } from '../model/connection.js'
import { HubError } from '../model/errors.js'
import type { DialAttempt, HubSide, Inbound, Transport } from '../model/transport.js'
import { isFunction, isObject } from './guards.js'
import { expect } from './options.js'
import { broken, isOptionalFunction } from './port.js'

/** What a decorator adds to a transport. Each is given the inner one, and calls it when it likes. */
export interface Decoration<S> {
  /** Stands before each dial. It settles `attempt`, or calls `inner` with it, or with one that `withOutcome()` made. */
  dial?(
    address: Address,
    attempt: DialAttempt<S>,
    inner: Transport<S>['dial'],
  ): ReturnType<Transport<S>['dial']>
  /** Also where the inner transport only dials: so a decorator gets its `side`. */
  listen?(
    accept: (inbound: Inbound<S>) => void,
    side: HubSide<S>,
    inner: (accept: (inbound: Inbound<S>) => void, side: HubSide<S>) => () => void,
  ): () => void
}

/**
 * A transport round a transport. Nothing is copied off the inner one, and the very sessions go on: they are told apart by
 * identity. It serves one hub: while that listens, another one that does throws `TRANSPORT_IN_USE`.
 *
 * @example
 * const counted = decorate(transport, {
 *   dial: (address, attempt, inner) => {
 *     count.dials++
 *     inner(address, attempt)
 *   },
 * })
 * await createHub({ transport: counted }).connect('mem:bob')
 */
export const decorate = <S>(transport: Transport<S>, decoration: Decoration<S>): Transport<S> =>
  new DecoratedTransport(transport, decoration)

class DecoratedTransport<S> implements Transport<S> {
  readonly #inner: Transport<S>
  readonly #decoration: Decoration<S>
  #inUse = false

  constructor(inner: Transport<S>, decoration: Decoration<S>) {
    expect(isObject(inner), 'an object with describe() and dial()', 'transport')
    const { dial, listen } = Object(decoration) as Decoration<S>
    const isDecoration = isObject(decoration) && isOptionalFunction(dial)
    expect(
      isDecoration && isOptionalFunction(listen),
      'an object with dial() or listen()',
      'decoration',
    )
    this.#inner = inner
    this.#decoration = decoration
  }

  get self(): PeerKey | undefined {
    return this.#inner.self
  }

  describe(address: Address) {
    return this.#inner.describe(address)
  }

  dial(address: Address, attempt: DialAttempt<S>): ReturnType<Transport<S>['dial']> {
    if (!this.#decoration.dial) return this.#inner.dial(address, attempt)
    return this.#decoration.dial(address, attempt, (a, b) => this.#inner.dial(a, b))
  }

  listen(accept: (inbound: Inbound<S>) => void, side: HubSide<S>): () => void {
    if (this.#inUse) {
      throw new HubError(
        'TRANSPORT_IN_USE',
        'A decorated transport serves one hub. Decorate the transport anew for another one.',
      )
    }
    const inner = (a: typeof accept, b: typeof side) => this.#inner.listen?.(a, b) ?? (() => {})
    const decoration = this.#decoration
    const stop = decoration.listen ? decoration.listen(accept, side, inner) : inner(accept, side)
    // Whoever forgets to return it leaves nothing that could end the inner one.
    if (stop === undefined) throw broken('listen() of a decoration must return what ends it')
    // The hub refuses what is no function, and says what it must be.
    if (!isFunction(stop)) return stop
    this.#inUse = true
    return () => {
      this.#inUse = false
      stop()
    }
  }
}

/** What becomes of an attempt, in the place of what its maker does. */
export interface Outcome<S> {
  /** Called in the place of `attempt.succeed`: pass the session on, or close it and fail the attempt. */
  succeed?(session: Session<S>): void
  /** Called in the place of `attempt.fail`. */
  fail?(error: unknown): void
}

/**
 * An attempt that is the same but for its outcome.
 *
 * @example
 * const timed = decorate(transport, {
 *   dial: (address, attempt, inner) => {
 *     const began = Date.now()
 *     inner(address, withOutcome(attempt, {
 *       succeed: (session) => {
 *         count.ms = Date.now() - began
 *         attempt.succeed(session)
 *       },
 *     }))
 *   },
 * })
 * await createHub({ transport: timed }).connect('mem:bob')
 */
export const withOutcome = <S>(attempt: DialAttempt<S>, outcome: Outcome<S>): DialAttempt<S> =>
  new OutcomeAttempt(attempt, outcome)

class OutcomeAttempt<S> implements DialAttempt<S> {
  readonly #attempt: DialAttempt<S>
  readonly succeed: (session: Session<S>) => void
  readonly fail: (error: unknown) => void

  constructor(attempt: DialAttempt<S>, { succeed, fail }: Outcome<S>) {
    this.#attempt = attempt
    this.succeed = succeed ?? ((session) => attempt.succeed(session))
    this.fail = fail ?? ((error) => attempt.fail(error))
  }

  get signal(): AbortSignal {
    return this.#attempt.signal
  }

  get data(): Metadata {
    return this.#attempt.data
  }

  get key(): PeerKey | undefined {
    return this.#attempt.key
  }

  get hold(): DialAttempt<S>['hold'] {
    return this.#attempt.hold
  }

  get ended(): DialAttempt<S>['ended'] {
    return this.#attempt.ended
  }
}
