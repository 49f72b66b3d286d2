import type { Address, Connection, Metadata, PeerKey, State } from './connection.js'
import { HubError, toHubError } from './errors.js'
import type { Unsubscribe } from './event-bus.js'
import type { HubEvents } from './events.js'
import { isFunction } from './guards.js'
import type { Hub } from './hub-api.js'
import { Ledger } from './ledger.js'
import {
  type ConnectOptions,
  checkAddress,
  copyData,
  type DisconnectOptions,
  type EventsOptions,
  type HubOptions,
  type ListenOptions,
  readConnectOptions,
  readDisconnectOptions,
  readHubOptions,
  readListener,
} from './options.js'
import { describe, selfOf } from './port.js'
import { createReport, type Report } from './report.js'
import { Switchboard } from './switchboard.js'
import type { Description, Transport } from './transport.js'
import type { View } from './view.js'
import { createView, type Views } from './views.js'
import { aborted } from './waiters.js'

type Wish = ReturnType<typeof readConnectOptions>

/**
 * Makes a hub over a transport, and starts to track the sessions that others open.
 *
 * @example
 * const hub = createHub({ transport })
 * hub.on('connected', ({ address, direction }) => console.log(address, direction))
 * const socket = await hub.connect('tcp:127.0.0.1:4000')
 */
export const createHub = <S>(options: HubOptions<S>): Hub<S> => new LiveHub(options)

/** The door of the hub: checks what comes in, and passes it on. */
class LiveHub<S> implements Hub<S> {
  readonly #transport: Transport<S>
  readonly #dialTimeout: number
  readonly #report: Report
  readonly #ledger: Ledger<S>
  readonly #switchboard: Switchboard<S>
  readonly #stopListening: (() => void) | undefined
  #ending: Promise<void> | undefined

  constructor(options: HubOptions<S>) {
    const { transport, dialTimeout, closeTimeout, onError } = readHubOptions(options)
    this.#transport = transport
    this.#dialTimeout = dialTimeout
    this.#report = createReport(onError)
    this.#ledger = new Ledger(this.#report)
    this.#switchboard = new Switchboard({
      ledger: this.#ledger,
      transport,
      closeTimeout,
      report: this.#report,
    })
    this.#stopListening = this.#listen()
  }

  get size(): number {
    return this.#ledger.store.size
  }

  get closed(): boolean {
    return this.#ending !== undefined
  }

  connect(address: Address, options?: ConnectOptions): Promise<S> {
    return promised(() => this.#connect(address, readConnectOptions(options)))
  }

  disconnect(address: Address, options?: DisconnectOptions): Promise<boolean> {
    return promised(() => {
      const { reason, signal } = readDisconnectOptions(options)
      this.#assertOpen()
      const entry = this.get(address)
      if (signal?.aborted) throw aborted(signal)
      return entry ? this.#switchboard.close(entry, reason).join({ signal }) : false
    })
  }

  update(address: Address, data: Metadata): boolean {
    this.#assertOpen()
    const copy = copyData(data)
    if (!this.get(address)) return false
    this.#switchboard.apply(address, { type: 'update', data: copy })
    return true
  }

  get(address: Address): Connection<S> | undefined {
    const entry = this.#ledger.store.get(address)
    if (!entry) checkAddress(address)
    return entry
  }

  getState(address: Address): State | undefined {
    return this.get(address)?.state
  }

  byKey(key: PeerKey): readonly Connection<S>[] {
    return this.#ledger.store.byKey(key)
  }

  entries(): IterableIterator<Connection<S>> {
    return this.#ledger.store.entries()
  }

  snapshot(): readonly Connection<S>[] {
    return this.#ledger.store.snapshot()
  }

  on<T extends keyof HubEvents<S>>(
    type: T,
    listener: (event: HubEvents<S>[T]) => unknown,
    options?: ListenOptions,
  ): Unsubscribe {
    const { signal } = readListener(type, listener, options)
    this.#assertOpen()
    return this.#ledger.bus.on(type, listener, signal)
  }

  view<V extends keyof Views<S>>(name: V, options?: EventsOptions): View<Views<S>[V]> {
    return createView(this, () => this.#ledger.track(), name, options)
  }

  async reset(reason = 'reset'): Promise<void> {
    readDisconnectOptions({ reason })
    this.#assertOpen()
    const all = this.snapshot().map(({ address }) => this.disconnect(address, { reason }))
    await Promise.allSettled(all)
  }

  close(): Promise<void> {
    if (!this.#ending) {
      let done = () => {}
      this.#ending = new Promise((resolve) => {
        done = resolve
      })
      this.#end().then(done)
    }
    return this.#ending
  }

  #end(): Promise<void> {
    try {
      this.#stopListening?.()
    } catch (error) {
      this.#report(error, { origin: 'transport', call: 'listen' })
    }
    const sessionsClosed = this.#switchboard.end()
    this.#ledger.end()
    return sessionsClosed
  }

  #connect(address: Address, wish: Wish): Promise<S> | S {
    this.#assertOpen()
    const entry = this.#ledger.store.get(address)
    const description = entry ? undefined : describe(this.#transport, address)
    if (wish.signal?.aborted) throw aborted(wish.signal)
    if (description) return this.#dial(address, description, wish)
    return this.#join(address, wish)
  }

  #dial(address: Address, { key, kind }: Description, wish: Wish): Promise<S> {
    const peer = key ?? wish.key
    if (peer !== undefined && peer === selfOf(this.#transport)) {
      throw new HubError('DIAL_SELF', 'This address is our own: nothing to connect to.')
    }
    const { data, signal, timeout = this.#dialTimeout } = wish
    return this.#switchboard.dial(address, { key: peer, kind, data, signal, timeout })
  }

  /** The address has an entry already. */
  #join(address: Address, wish: Wish): Promise<S> | S {
    const { data, signal, timeout } = wish
    if (this.getState(address) === 'disconnecting') {
      const over = this.#switchboard.closingOver(address, { signal })
      return over.then(() => this.#connect(address, wish))
    }
    if (data) {
      this.update(address, data)
      // Whoever heard of that may have disconnected the entry: look again.
      return this.#connect(address, { ...wish, data: undefined })
    }
    const session = this.get(address)?.sessions[0]
    return session ? session.handle : this.#switchboard.joinDial(address, { signal, timeout })
  }

  #listen(): (() => void) | undefined {
    let stop: unknown
    try {
      stop = this.#transport.listen?.((inbound) => this.#switchboard.accept(inbound))
    } catch (cause) {
      throw toHubError('TRANSPORT_BROKEN', 'listen() of the transport threw', cause)
    }
    if (stop === undefined || isFunction(stop)) return stop as (() => void) | undefined
    throw new HubError('TRANSPORT_BROKEN', 'listen() must return a function that ends it, at once.')
  }

  #assertOpen(): void {
    if (this.closed) throw new HubError('HUB_CLOSED', 'This hub is closed. Create a new one.')
  }
}

/** What a call throws or gives, as a promise. */
const promised = <T>(call: () => Promise<T> | T): Promise<T> => {
  try {
    return Promise.resolve(call())
  } catch (error) {
    return Promise.reject(error)
  }
}
