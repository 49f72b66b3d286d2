import { EventEmitter } from 'node:events'
import type { Rpc } from '@conn-hub/secret-stack'

/** The key of peer `a` is `@aaa…=.ed25519`. */
export const keyOf = (letter: string): string => `@${letter.repeat(43)}=.ed25519`
export const addressOf = (letter: string, host = '10.0.0.1:8008'): string =>
  `net:${host}~shs:${letter.repeat(43)}=`

export class StubRpc extends EventEmitter implements Rpc {
  readonly id: string | undefined
  stream: { address?: string; meta?: unknown } | undefined
  closed = false
  closeCalls = 0
  /** What `close()` says instead of closing. */
  closeError: Error | undefined
  /** Closing waits for `finish()`. */
  slow = false

  constructor(letter: string | undefined, address: string | undefined) {
    super()
    this.id = letter === undefined ? undefined : keyOf(letter)
    this.stream = { address }
  }

  close(_error: unknown, callback?: (error?: unknown) => void): void {
    this.closeCalls++
    if (this.closeError) {
      callback?.(this.closeError)
    } else if (this.slow) {
      this.once('closed', () => callback?.())
    } else {
      this.finish()
      callback?.()
    }
  }

  finish(): void {
    if (this.closed) return
    this.closed = true
    this.emit('closed')
  }
}

interface Call {
  readonly address: string
  readonly callback: (error?: unknown, rpc?: StubRpc) => void
}

/** An sbot whose dials wait for the test. It does things in the order of a real one. */
export class StubSbot extends EventEmitter {
  id: string | undefined = keyOf('z')
  peers: Record<string, StubRpc[]> | undefined = {}
  ready: (() => boolean) | undefined
  readonly calls: Call[] = []

  connect(address: string, callback: Call['callback']): void {
    this.calls.push({ address, callback })
  }

  get lastCall(): Call {
    return this.calls.at(-1) as Call
  }

  /** The dial works: peers, `rpc:connect`, callback. */
  answer(
    call: Call,
    letter = letterOf(call.address),
    address: string | undefined = call.address,
  ): StubRpc {
    const rpc = new StubRpc(letter, address)
    this.announce(rpc, true)
    call.callback(null, rpc)
    return rpc
  }

  /** A peer dials us. */
  incoming(letter: string, address: string | undefined): StubRpc {
    const rpc = new StubRpc(letter, address)
    this.announce(rpc, false)
    return rpc
  }

  announce(rpc: StubRpc, isClient?: boolean): void {
    if (this.peers && rpc.id) {
      this.peers[rpc.id] ??= []
      const same = this.peers[rpc.id] as StubRpc[]
      same.push(rpc)
      rpc.once('closed', () => same.splice(same.indexOf(rpc), 1))
    }
    this.emit('rpc:connect', rpc, isClient)
  }
}

const letterOf = (address: string): string | undefined => /~shs:(.)/.exec(address)?.[1]
