import type { Direction, PeerKey, Session } from '@conn-hub/core'
import { call } from './call.js'
import { probe } from './probe.js'
import type { Rpc } from './ssb.js'

/** One rpc as a session of the hub; of several hubs, or of several entries, where they share the rpc. */
export class RpcSession<R extends Rpc = Rpc> implements Session<R> {
  readonly handle: R
  /** What `rpc:connect` said; `undefined` where only the callback of `ssb.connect` gave the rpc. */
  readonly isClient: boolean | undefined
  /** Nobody has asked yet; who has; or all have been told. Nearly always one, and an array costs memory. */
  #listeners: (() => void) | (() => void)[] | 'told' | undefined

  constructor(rpc: R, isClient: boolean | undefined) {
    this.handle = rpc
    this.isClient = isClient
  }

  /** Inbound where the sbot says that the peer has dialed. */
  get direction(): Direction {
    return this.isClient === false ? 'inbound' : 'outbound'
  }

  get key(): PeerKey | undefined {
    const { id } = this.handle
    return typeof id === 'string' ? id : undefined
  }

  get kind(): 'dht' | undefined {
    const { meta, stream } = this.handle
    return meta === 'dht' || stream?.meta === 'dht' ? 'dht' : undefined
  }

  /**
   * Resolves when the other side has answered, be it by an error; rejects when the signal aborts, and with the code
   * `SESSION_CLOSED` when the link closes. It is not there where the rpc has no `manifest()` to ask for.
   */
  get probe(): ((signal: AbortSignal) => Promise<void>) | undefined {
    const { handle } = this
    return typeof handle.manifest === 'function' ? (signal) => probe(handle, signal) : undefined
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { handle } = this
      if (!canClose(handle)) {
        this.#tellClosed()
        return resolve()
      }
      const onDone = (error?: unknown) => {
        if (error) return reject(error)
        resolve()
        // A real rpc has told already; one without the flag, or without events, tells by this callback alone.
        if (handle.closed !== false || !canBeHeard(handle)) this.#tellClosed()
      }
      call(() => handle.close(true, onDone), reject)
    })
  }

  /** Any number of listeners, each told once. */
  onClosed(listener: () => void): void {
    const { handle } = this
    const others = this.#listeners
    if (handle.closed || others === 'told') return void listener()
    if (others === undefined) {
      this.#listeners = listener
      // Bound, because a closure of its own takes twice the memory, in every session.
      if (canBeHeard(handle)) handle.on('closed', this.#tellClosed.bind(this))
    } else if (typeof others === 'function') this.#listeners = [others, listener]
    else others.push(listener)
  }

  /** Both the event and the callback of `close()` may tell. */
  #tellClosed(): void {
    const listeners = this.#listeners
    this.#listeners = 'told'
    if (typeof listeners === 'function') listeners()
    else if (Array.isArray(listeners)) callEach(listeners)
  }
}

/** All are called, also where one throws. */
const callEach = (listeners: readonly (() => void)[]): void => {
  const errors: unknown[] = []
  for (const listener of listeners) {
    try {
      listener()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}

// Some apps and their tests give `{}` for an rpc.
const canClose = ({ close }: Rpc): boolean => typeof close === 'function'
const canBeHeard = ({ on }: Rpc): boolean => typeof on === 'function'
