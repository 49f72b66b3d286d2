import { type ContractWatch, type MemoryLink, watchContract } from '@conn-hub/conformance'
import {
  type Address,
  createHub,
  type Hub,
  HubError,
  type HubOptions,
  type Transport,
} from '@conn-hub/core'
import { type Calls, peerDown } from './calls.js'
import type { Host, SimulatedNetwork } from './network/network.js'
import { expect, isFunction, isMs } from './options.js'
import { createRandom, type Random } from './random.js'
import { toRemote } from './remote-hub.js'
import type { FakeTime } from './time/fake-time.js'
import { Life } from './time/life.js'
import type { Timeline } from './timeline.js'

/** What a peer's own code begins with, at each start. */
export interface Start {
  readonly name: string
  /** Where the others dial it: `mem:NAME`. */
  readonly address: Address
  readonly transport: Transport<MemoryLink>
  /** Chance of this peer's own. */
  readonly random: Random
}

/** The code of a peer: makes its hub, and starts what runs on it. Called at each start. */
export type Setup = (start: Start) => Hub<MemoryLink>

/** The deadlines of the hub that `setup` makes, so that the watch knows them. Without a `setup` the hub gets them too. */
export type Deadlines = Pick<HubOptions<MemoryLink>, 'dialTimeout' | 'closeTimeout' | 'holdTimeout'>

/** A peer of a world: one process with a hub, or none while it is down. */
export interface Peer {
  readonly name: string
  /** Where the others dial it: `mem:NAME`. */
  readonly address: Address
  /**
   * Its hub, to be called from the scenario: what is called runs as the peer's own, and must settle. After a crash its calls reject
   * with `PEER_DOWN`, also those that were pending; while it sleeps, they wait.
   */
  readonly hub: Hub<MemoryLink>
  /** Whether its process is there. */
  readonly isUp: boolean
  /**
   * Its process dies: no code of it runs any more. The others learn of it at once; with `silent` they do not, as where the power fails,
   * until packets reach it again.
   */
  crash(how?: { readonly silent?: boolean }): void
  /** A new process starts under its name, by the same `setup`. */
  restart(): void
  /** Its process stands still, and the clock goes on: what came due or arrived comes all at once when it wakes. */
  sleep(ms: number): void
  /** Runs code as the peer's own: its timers end with a crash, and stand still while it sleeps. */
  run<T>(code: () => T): T
}

export interface PeerParts {
  readonly time: FakeTime
  readonly network: SimulatedNetwork
  readonly calls: Calls
  readonly timeline: Timeline
  readonly random: Random
  readonly fail: (code: 'CONTRACT_BROKEN' | 'PEER_FAILED', message: string, cause?: unknown) => void
}

export class SimulatedPeer implements Peer {
  readonly name: string
  readonly #parts: PeerParts
  readonly #setup: Setup
  readonly #deadlines: Deadlines
  #running: Running

  constructor(name: string, parts: PeerParts, setup: Setup | undefined, deadlines: Deadlines = {}) {
    expect(setup === undefined || isFunction(setup), 'a function that gives a hub', 'setup')
    for (const name of ['dialTimeout', 'closeTimeout', 'holdTimeout'] as const) {
      const ms = deadlines[name]
      expect(ms === undefined || isMs(ms), 'a number of ms', name)
    }
    this.name = name
    this.#parts = parts
    this.#deadlines = deadlines
    const onError = () => {}
    this.#setup = setup ?? (({ transport }) => createHub({ transport, ...deadlines, onError }))
    this.#running = this.#start()
  }

  get address(): Address {
    return this.host.endpoint.address
  }

  get hub(): Hub<MemoryLink> {
    return this.#running.remote
  }

  /** The hub as the peer has it. */
  get own(): Hub<MemoryLink> {
    return this.#running.hub
  }

  get host(): Host {
    return this.#running.host
  }

  get isUp(): boolean {
    return this.host.life.state !== 'over'
  }

  check(): void {
    this.#running.watch.check()
  }

  /** The world is over: no step of the watch may come after it. */
  abandon(): void {
    this.#running.watch.stop()
  }

  crash({ silent = false }: { readonly silent?: boolean } = {}): void {
    if (!this.isUp) return
    const { time, network, calls } = this.#parts
    this.#note(silent ? 'crash, silent' : 'crash')
    this.#running.watch.stop()
    time.end(this.host.life)
    calls.lose(this.host.life)
    network.down(this.host, silent)
  }

  restart(): void {
    if (this.isUp) this.crash()
    this.#running = this.#start()
  }

  sleep(ms: number): void {
    expect(isMs(ms), 'a number of ms', 'ms')
    const { life } = this.host
    if (life.state !== 'awake') return
    const { time } = this.#parts
    this.#note(`sleep, ${ms} ms`)
    time.sleep(life)
    time.after(undefined, ms, () => this.wake(life))
  }

  wake(life = this.host.life): void {
    if (life.state !== 'asleep') return
    this.#note('wake')
    this.#parts.time.wake(life)
  }

  run<T>(code: () => T): T {
    if (!this.isUp) throw peerDown(this.name)
    return this.#parts.time.within(this.host.life, code)
  }

  #start(): Running {
    const { time, network, calls, random } = this.#parts
    const life = new Life(this.name)
    const host = network.host(life)
    this.#note('start')
    return time.within(life, () => {
      const { endpoint } = host
      const start: Start = {
        name: this.name,
        address: endpoint.address,
        transport: endpoint,
        random: createRandom(random.int(0, 2 ** 31 - 1)),
      }
      const hub = this.#setup(start)
      if (!isFunction(hub?.on)) {
        throw new HubError(
          'INVALID_OPTION',
          `The setup of the peer "${this.name}" must return its hub, at once.`,
        )
      }
      this.#record(hub)
      const watch = watchContract(hub, {
        ...this.#deadlines,
        openHandles: () => endpoint.links,
        onBroken: ({ message }) => this.#parts.fail('CONTRACT_BROKEN', `${this.name}: ${message}`),
      })
      return { host, hub, watch, remote: toRemote(hub, life, time, calls) }
    })
  }

  #record(hub: Hub<MemoryLink>): void {
    const { time, timeline } = this.#parts
    const note = (what: string) => this.#note(what)
    hub.on('*', (event) => {
      const why = 'error' in event && event.error ? String((event.error as Error).message) : ''
      const how = 'initiator' in event ? `${event.initiator}, ${event.reason}` : ''
      const words = [
        event.type,
        event.address,
        'direction' in event ? event.direction : '',
        how,
        why,
      ]
      timeline.add(time.now, this.name, event.seq, words.filter((word) => word !== '').join(' '))
    })
    hub.on('session', ({ address, direction }) => {
      const { length } = hub.get(address)?.sessions ?? []
      if (length > 1) note(`session ${address} ${direction}, ${length} now`)
    })
    hub.on('session-closed', ({ address, direction, initiator, reason }) => {
      const { length } = hub.get(address)?.sessions ?? []
      if (length > 0)
        note(`session-closed ${address} ${direction} ${initiator}, ${reason}, ${length} left`)
    })
    hub.on('refused', ({ why, by, direction, address = '' }) => {
      note(`refused ${address} ${direction}: ${why}, by ${by}`)
    })
  }

  #note(what: string): void {
    const { time, timeline } = this.#parts
    timeline.add(time.now, this.name, undefined, what)
  }
}

interface Running {
  readonly host: Host
  readonly hub: Hub<MemoryLink>
  readonly watch: ContractWatch
  readonly remote: Hub<MemoryLink>
}
