import { EventEmitter } from 'node:events'

export type Callback = (error?: unknown, rpc?: StubRpc) => void

/** An rpc in the shape of secret-stack. */
export class StubRpc extends EventEmitter {
  readonly id: string
  readonly stream: { readonly address: string }
  closed = false

  constructor(key: string, address: string) {
    super()
    this.id = `@${key}.ed25519`
    this.stream = { address }
  }

  /** Bound, as real ones are. */
  readonly close = (_error: unknown, callback?: (error?: unknown) => void): void => {
    if (!this.closed) {
      this.closed = true
      this.emit('closed')
    }
    callback?.()
  }
}

export interface StubSbot extends EventEmitter {
  readonly id: string
  readonly peers: Record<string, StubRpc[]>
  connect(address: string, callback: Callback): void
}

const OWN_KEY = `${'z'.repeat(43)}=`

/** Does at once what a real sbot does in the end, in the same order: peers, `rpc:connect`, callback. */
export const createStubSbot = (): StubSbot => {
  const emitter = new EventEmitter()
  const peers: Record<string, StubRpc[]> = {}
  // 1.2.1 calls it without `this`.
  const connect = (address: string, callback: Callback): void => {
    const rpc = new StubRpc(address.slice(address.lastIndexOf(':') + 1), address)
    peers[rpc.id] ??= []
    const same = peers[rpc.id] as StubRpc[]
    same.push(rpc)
    rpc.once('closed', () => same.splice(same.indexOf(rpc), 1))
    emitter.emit('rpc:connect', rpc, true)
    callback(null, rpc)
  }
  const id = `@${OWN_KEY}.ed25519`
  return Object.assign(emitter, { id, peers, connect })
}

/** What the stub alone costs: the same calls, and nobody who manages them. */
export const connectBare = (ssb: StubSbot, address: string): Promise<StubRpc> =>
  new Promise((resolve, reject) => {
    ssb.connect(address, (error, rpc) => (rpc ? resolve(rpc) : reject(error)))
  })

export const closeBare = (rpc: StubRpc): Promise<void> =>
  new Promise((resolve, reject) => {
    rpc.close(true, (error) => (error ? reject(error) : resolve()))
  })
