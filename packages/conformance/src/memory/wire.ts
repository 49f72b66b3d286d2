/** The time of a network: the global one, or that of a simulation. */
export interface Clock {
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
  /** In ms since 1970. */
  now(): number
}

/** What crosses the network between two peers. All that one side learns of the other comes in packets. */
export interface Packet {
  /**
   * `dial` asks for a link, `accept` or `refuse` answers; `message` is what `send()` was given; `close` asks for the
   * end and `closed` answers, `reset` is the end without a question; `ping` is a probe and `pong` its answer.
   */
  readonly kind: PacketKind
  /** The names of the peers. */
  readonly from: string
  readonly to: string
  /** All packets of one link, from its dial on, have the same number; no other link of the network has it. */
  readonly link: number
}

export type PacketKind =
  | 'dial'
  | 'accept'
  | 'refuse'
  | 'message'
  | 'close'
  | 'closed'
  | 'reset'
  | 'ping'
  | 'pong'

/** What all wires of one network have in common. */
export interface Ether {
  readonly clock: Clock
  readonly latency: (from: string, to: string) => number
  readonly onPacket: (packet: Packet, pass: () => void) => void
}

interface Carried {
  readonly deliver: () => void
  timer?: unknown
  isDue: boolean
}

/** One direction of one link: packets arrive in the order in which they were let pass, however their latencies differ. */
export class Wire {
  readonly #ether: Ether
  readonly #route: Omit<Packet, 'kind'>
  #carried: Carried[] = []

  constructor(ether: Ether, route: Omit<Packet, 'kind'>) {
    this.#ether = ether
    this.#route = route
  }

  send(kind: PacketKind, deliver: () => void): void {
    this.#ether.onPacket({ kind, ...this.#route }, () => this.#carry(deliver))
  }

  /** What is still on its way never arrives. */
  cut(): void {
    for (const { timer } of this.#carried.splice(0)) this.#ether.clock.clearTimeout(timer)
  }

  #carry(deliver: () => void): void {
    const { clock, latency } = this.#ether
    const ms = latency(this.#route.from, this.#route.to)
    if (ms <= 0 && this.#carried.length === 0) return void deliver()
    const carried: Carried = { deliver, isDue: false }
    this.#carried.push(carried)
    carried.timer = clock.setTimeout(() => {
      carried.isDue = true
      this.#deliverDue()
    }, ms)
  }

  #deliverDue(): void {
    while (this.#carried[0]?.isDue) this.#carried.shift()?.deliver()
  }
}
