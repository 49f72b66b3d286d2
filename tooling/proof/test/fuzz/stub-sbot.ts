import type { Rpc, Ssb } from '@conn-hub/secret-stack'

type OnRpcConnect = (rpc: Rpc, isClient?: boolean) => void
type Callback = (error?: unknown, rpc?: Rpc) => void

const keyOf = (letter: string) => `${letter.repeat(43)}=`
const idOf = (letter: string) => `@${keyOf(letter)}.ed25519`

/** An sbot whose dials wait until they fail. */
export class StubSbot implements Ssb {
  readonly id = idOf('z')
  readonly peers = {}
  readonly #callbacks: Callback[] = []
  #onRpcConnect: OnRpcConnect = () => {}

  /** How many were made. */
  get dials(): number {
    return this.#callbacks.length
  }

  connect(_: string, callback: Callback): void {
    this.#callbacks.push(callback)
  }

  addListener(_: 'rpc:connect', listener: OnRpcConnect): void {
    this.#onRpcConnect = listener
  }

  removeListener(): void {}

  /** A peer dials us. */
  comesIn(): void {
    const listeners: (() => void)[] = []
    const rpc: Rpc = {
      id: idOf('b'),
      closed: false,
      stream: { address: OPEN },
      on: (_, listener) => listeners.push(listener),
      close: (_, callback) => {
        for (const listener of listeners.splice(0)) listener()
        callback?.()
      },
    }
    this.#onRpcConnect(rpc, false)
  }

  /** Tells of anything at all as an rpc. */
  hears(rpc: unknown): void {
    this.#onRpcConnect(rpc as Rpc, false)
  }

  /** The first dial ends with anything at all for an rpc. */
  answer(rpc: unknown): void {
    this.#callbacks.shift()?.(null, rpc as Rpc)
  }

  failAll(): void {
    for (const callback of this.#callbacks) callback(refused())
  }
}

export const DIALING = `net:127.0.0.1:1~shs:${keyOf('a')}`
export const OPEN = `net:127.0.0.1:2~shs:${keyOf('b')}`

const refused = () => Object.assign(new Error('nobody answers'), { code: 'ECONNREFUSED' })
