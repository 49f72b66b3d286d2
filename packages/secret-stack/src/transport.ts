import {
  type Address,
  type Description,
  type DialAttempt,
  HubError,
  type HubSide,
  type Inbound,
  type PeerKey,
  type Refusal,
  type Transport,
} from '@conn-hub/core'
import { describeAddress } from './address.js'
import { call } from './call.js'
import { MAX_LENGTH, readKey } from './key.js'
import { type PendingDial, PendingDials } from './pending-dials.js'
import { RpcSession } from './session.js'
import type { Rpc, Ssb } from './ssb.js'

/**
 * A running sbot as a transport. Make the hub before the sbot has connections: those that are open already are not seen.
 *
 * @example
 * const hub = createHub({ transport: toTransport(ssb) })
 * const rpc = await hub.connect('net:example.com:8008~shs:KEY')
 */
export const toTransport = <R extends Rpc>(ssb: Ssb<R>): Transport<R> => {
  const { connect, addListener } = Object(ssb) as Partial<Ssb<R>>
  if (typeof connect === 'function' && typeof addListener === 'function')
    return new SbotTransport(ssb)
  throw new HubError(
    'INVALID_OPTION',
    'toTransport() takes a running sbot, with connect() and addListener(): what SecretStack()({ … }) gives.',
  )
}

type Accept<R extends Rpc> = (inbound: Inbound<R>) => void

class SbotTransport<R extends Rpc> implements Transport<R> {
  readonly #ssb: Ssb<R>
  readonly #pending = new PendingDials<R>()
  /** The rpcs that the hub has got, each as the same session always. */
  readonly #sessions = new WeakMap<R, RpcSession<R>>()
  readonly #seenAsClient = new WeakSet<R>()
  readonly #refused = new WeakSet<R>()
  /** The hubs that listen, one as a rule; a transport that wraps this one may keep their sides to itself. */
  readonly #accepts = new Map<Accept<R>, HubSide<R> | undefined>()
  /** What was described last: nearly always what is dialed next. */
  #described: { readonly address: Address; readonly key: PeerKey | undefined } | undefined

  constructor(ssb: Ssb<R>) {
    this.#ssb = ssb
  }

  get self(): PeerKey | undefined {
    return this.#ssb.id
  }

  describe(address: Address): Description {
    const description = describeAddress(address)
    this.#described = { address, key: description.key }
    return description
  }

  dial(address: Address, attempt: DialAttempt<R>): void {
    const described = this.#described?.address === address ? this.#described : undefined
    const key = described ? described.key : readKey(address)
    // All fields at once, so that all dials have one shape.
    const dial: PendingDial<R> = {
      address,
      key,
      attempt,
      older: undefined,
      newer: undefined,
      isOut: false,
    }
    this.#pending.add(dial)
    const fail = (error: unknown) => {
      this.#pending.delete(dial)
      attempt.fail(error)
    }
    const connect = () =>
      this.#ssb.connect(address, (error, rpc) => {
        if (error || !isRpc(rpc)) return fail(error || new Error('ssb.connect gave no rpc'))
        this.#pending.delete(dial)
        this.#settle(dial, rpc, this.#seenAsClient.has(rpc))
      })
    call(connect, fail)
    dial.isOut = true
  }

  listen(accept: Accept<R>, side?: HubSide<R>): () => void {
    if (this.#accepts.size === 0) this.#ssb.addListener('rpc:connect', this.#onRpcConnect)
    this.#accepts.set(accept, side)
    return () => {
      const isLast = this.#accepts.delete(accept) && this.#accepts.size === 0
      if (isLast) this.#ssb.removeListener?.('rpc:connect', this.#onRpcConnect)
    }
  }

  /** `rpc:connect` comes before the callback of the dial, in the same call stack, and does not say which dial it is. */
  readonly #onRpcConnect = (rpc: R, isClient?: boolean): void => {
    // An sbot that has no `removeListener` goes on telling.
    if (this.#accepts.size === 0) return
    if (rpc.id !== undefined && rpc.id === this.#ssb.id) return
    if (!this.#isReady()) {
      this.#refuse(rpc, !!isClient)
      return
    }
    const dial = isClient ? this.#pending.only(rpc.id) : undefined
    if (dial) this.#settle(dial, rpc, true)
    else if (!isClient || !this.#pending.any) this.#keep(rpc, !!isClient)
    else {
      // The callback tells whose it is, or nobody does: then somebody called `ssb.connect` without the hub.
      this.#seenAsClient.add(rpc)
      Promise.resolve().then(() => this.#sessions.has(rpc) || this.#keep(rpc, true))
    }
  }

  #keep(rpc: R, isClient: boolean): void {
    this.#handOver(addressOf(rpc), this.#sessionOf(rpc, isClient))
  }

  #settle({ address, attempt }: PendingDial<R>, rpc: R, isClient: boolean): void {
    if (this.#isReady()) {
      const session = this.#sessionOf(rpc, isClient || undefined)
      attempt.succeed(session)
      // The other hubs on this transport have not dialed it, and get it too. For the one that did it is nothing new.
      if (this.#accepts.size > 1) this.#handOver(address, session)
    } else {
      this.#refuse(rpc, true)
      attempt.fail(
        new HubError('NOT_READY', 'This sbot has closed, or is not ready for sessions yet.'),
      )
    }
  }

  #handOver(address: Address, session: RpcSession<R>): void {
    for (const accept of [...this.#accepts.keys()]) {
      // One hub may have closed it, and then it is not for the next any more.
      if (!session.handle.closed) accept({ address, session })
    }
  }

  /** The event and the callback may both come with it: it is told once, to all hubs that would have got it. */
  #refuse(rpc: R, isClient: boolean): void {
    if (typeof rpc.close === 'function') {
      call(
        () => rpc.close(true, () => {}),
        () => {},
      )
    }
    if (this.#refused.has(rpc)) return
    this.#refused.add(rpc)
    const direction = isClient ? 'outbound' : 'inbound'
    const { key } = new RpcSession(rpc, isClient)
    const refusal: Refusal = {
      by: 'secret-stack',
      why: 'not-ready',
      direction,
      address: addressOf(rpc),
      key,
    }
    for (const side of [...this.#accepts.values()]) side?.refused(refusal)
  }

  #sessionOf(rpc: R, isClient: boolean | undefined): RpcSession<R> {
    const known = this.#sessions.get(rpc)
    if (known) return known
    const session = new RpcSession(rpc, isClient)
    this.#sessions.set(rpc, session)
    return session
  }

  #isReady(): boolean {
    // An sbot that has closed opens what it was dialing all the same, and closes it no more.
    if (this.#ssb.closed === true) return false
    return typeof this.#ssb.ready !== 'function' || this.#ssb.ready() !== false
  }
}

const isRpc = <R>(value: R | undefined): value is R =>
  Boolean(value) && (typeof value === 'object' || typeof value === 'function')

/** As the sbot says it; where it says nothing, a made-up one that names the key. */
const addressOf = ({ stream, id }: Rpc): Address => {
  const address = stream?.address
  if (typeof address === 'string' && address !== '' && address.length <= MAX_LENGTH) return address
  const data = /^@(.+)\.ed25519$/.exec(id ?? '')?.[1]
  return data ? `unknown~shs:${data}` : 'unknown~noauth'
}
