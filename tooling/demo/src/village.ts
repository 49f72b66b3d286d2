import { setTimeout as sleep } from 'node:timers/promises'
import { Peer } from './peers.js'

/** What the village needs of us. */
export interface Host {
  readonly address: string
  dial(address: string): void
}

const NAMES = ['ada', 'bob', 'eve', 'kim', 'max']
/** In ms: how long a peer does nothing between two things that it does. */
const PAUSE = { least: 800, most: 3_200 }

/** What each peer does, over and over: met by us, meeting us, both at once, and lost in two ways. */
const LIFE: ((peer: Peer, host: Host) => unknown)[] = [
  (peer, host) => dial(peer, host),
  (peer) => peer.hangUp(),
  (peer, host) => peer.dial(host.address),
  (peer) => peer.crash(),
  (peer) => peer.come(),
  (peer, host) => {
    peer.dial(host.address)
    dial(peer, host)
  },
  (peer) => peer.leave(),
  (peer) => peer.come(),
]

const dial = (peer: Peer, host: Host): void => {
  if (peer.address) host.dial(peer.address)
}

/** A handful of peers, each with a life of its own until `end()`. */
export class Village {
  readonly #peers: readonly Peer[]
  readonly #over = new AbortController()
  #lives: Promise<unknown> = Promise.resolve()

  constructor(tell: (what: string) => void) {
    this.#peers = NAMES.map((name) => new Peer(name, tell))
  }

  begin(host: Host): void {
    this.#lives = Promise.all(this.#peers.map((peer, index) => this.#live(peer, host, index)))
  }

  async end(): Promise<void> {
    this.#over.abort()
    await Promise.all(this.#peers.map((peer) => peer.leave()))
    await this.#lives
  }

  /** Each begins at another place, so that all sorts of things are seen at once. */
  async #live(peer: Peer, host: Host, index: number): Promise<void> {
    await peer.come()
    for (let step = index * 2; !this.#over.signal.aborted; step++) {
      await LIFE[step % LIFE.length]?.(peer, host)
      await this.#pause()
    }
  }

  async #pause(): Promise<void> {
    const ms = PAUSE.least + Math.random() * (PAUSE.most - PAUSE.least)
    await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => {})
  }
}
