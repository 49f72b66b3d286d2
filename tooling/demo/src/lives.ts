import { setTimeout as sleep } from 'node:timers/promises'
import { Peer } from './peers.js'

/** Us, as the peers see us. */
export interface Host {
  readonly address: string
  /** Dials a peer, and shows it by its name. */
  dial(address: string, name: string): void
}

/** In ms: how long a peer that comes and goes does nothing between two things that it does. */
const PAUSE = { least: 2_000, most: 6_000 }

type Act = (peer: Peer, host: Host) => unknown

const weDial: Act = (peer, host) => {
  if (peer.address) host.dial(peer.address, peer.name)
}
const theyDial: Act = (peer, host) => peer.dial(host.address)
const bothDial: Act = (peer, host) => {
  theyDial(peer, host)
  weDial(peer, host)
}
const come: Act = (peer) => peer.come()
const hangUp: Act = (peer) => peer.hangUp()
const crash: Act = (peer) => peer.crash()
const leave: Act = (peer) => peer.leave()

/** Met by us, meeting us, both at once, and lost in three ways. */
const COME_AND_GO = [weDial, hangUp, theyDial, crash, come, bothDial, leave, come]

/** What each peer does, over and over; or once, and then it stays. Each begins elsewhere, so that much is seen at once. */
const LIVES: Readonly<Record<string, { readonly acts: readonly Act[]; readonly stays?: true }>> = {
  ada: { acts: [weDial], stays: true },
  bob: { acts: [theyDial], stays: true },
  eve: { acts: COME_AND_GO },
  kim: { acts: [...COME_AND_GO.slice(2), ...COME_AND_GO.slice(0, 2)] },
  max: { acts: [...COME_AND_GO.slice(5), ...COME_AND_GO.slice(0, 5)] },
}

/** A handful of peers, each with a life of its own until `end()`. */
export class Lives {
  readonly peers: readonly Peer[]
  readonly #over = new AbortController()
  #lives: Promise<unknown> = Promise.resolve()

  constructor(tell: (what: string) => void) {
    this.peers = Object.keys(LIVES).map((name) => new Peer(name, tell))
  }

  begin(host: Host): void {
    this.#lives = Promise.all(this.peers.map((peer) => this.#live(peer, host)))
  }

  async end(): Promise<void> {
    this.#over.abort()
    await Promise.all(this.peers.map((peer) => peer.leave()))
    await this.#lives
  }

  async #live(peer: Peer, host: Host): Promise<void> {
    const { acts = [], stays = false } = LIVES[peer.name] ?? {}
    await peer.come()
    do {
      for (const act of acts) {
        if (this.#over.signal.aborted) return
        await act(peer, host)
        await this.#pause()
      }
    } while (!stays)
  }

  async #pause(): Promise<void> {
    const ms = PAUSE.least + Math.random() * (PAUSE.most - PAUSE.least)
    await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => {})
  }
}
