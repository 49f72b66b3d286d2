import type { Direction, PeerKey, Session } from '@conn-hub/core'
import type { Rpc } from './ssb.js'

/** One rpc as a session of the hub. */
export class RpcSession<R extends Rpc = Rpc> implements Session<R> {
  readonly handle: R
  readonly direction: Direction
  /** What `rpc:connect` said; `undefined` where only the callback of `ssb.connect` gave the rpc. */
  readonly isClient: boolean | undefined
  #listener: (() => void) | undefined

  constructor(rpc: R, direction: Direction, isClient: boolean | undefined) {
    this.handle = rpc
    this.direction = direction
    this.isClient = isClient
  }

  get key(): PeerKey | undefined {
    const { id } = this.handle
    return typeof id === 'string' ? id : undefined
  }

  get kind(): 'dht' | undefined {
    const { meta, stream } = this.handle
    return meta === 'dht' || stream?.meta === 'dht' ? 'dht' : undefined
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.handle.close(true, (error) => {
        if (error) return reject(error)
        resolve()
        // A real rpc has told already; one without the flag tells by this callback alone.
        if (this.handle.closed !== false) this.#tellClosed()
      })
    })
  }

  onClosed(listener: () => void): void {
    if (this.handle.closed) return void listener()
    this.#listener = listener
    // Bound, because a closure of its own takes twice the memory, in every session.
    this.handle.on('closed', this.#tellClosed.bind(this))
  }

  /** Both the event and the callback of `close()` may tell. */
  #tellClosed(): void {
    const listener = this.#listener
    this.#listener = undefined
    listener?.()
  }
}
