import type { ConnectRequest } from '../edges/options.js'
import type { PeerKey } from '../model/connection.js'
import { contradicts } from '../state/transition.js'
import { Caller } from './callers.js'
import { wrongPeer } from './errors.js'

/** A call of `connect()`. */
export class ConnectCaller<S> extends Caller<S> {
  readonly key: PeerKey | undefined
  /** How long the dial may take, or how long to wait for one that runs, in ms. */
  readonly timeout: number | undefined
  #data: ConnectRequest['data']

  constructor({ data, key, signal, timeout }: ConnectRequest) {
    super(signal)
    this.key = key
    this.timeout = timeout
    this.#data = data
  }

  /** Its metadata, once: it goes into the entry, and must not go there again. */
  takeData(): ConnectRequest['data'] {
    const data = this.#data
    this.#data = undefined
    return data
  }

  /** Gives it a session, unless that session proves another key than the one it asked for. */
  give(handle: S, key: PeerKey | undefined): void {
    if (contradicts(this.key, key)) this.reject(wrongPeer(this.key, key))
    else this.resolve(handle)
  }
}
