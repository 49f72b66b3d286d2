import { type ContractWatch, type MemoryLink, watchContract } from '@conn-hub/conformance'
import { type Address, createHub, type Hub, HubError } from '@conn-hub/core'
import type { Calls } from './calls.js'
import { peerDown } from './errors.js'
import type { Host, SimulatedNetwork } from './network/network.js'
import { checkNames, expect, isFunction, isMs, MS } from './options.js'
import type { Deadlines, Peer, Setup, Start } from './peer.js'
import { createRandom, type Random } from './random.js'
import { record } from './record.js'
import { toRemote } from './remote-hub.js'
import type { FakeTime } from './time/fake-time.js'
import { Life } from './time/life.js'
import type { Timeline } from './timeline.js'

export interface PeerParts {
  readonly time: FakeTime
  readonly network: SimulatedNetwork
  readonly calls: Calls
  readonly timeline: Timeline
  readonly random: Random
  readonly fail: (code: 'CONTRACT_BROKEN' | 'PEER_FAILED', message: string, cause?: unknown) => void
}

const DEADLINES = ['dialTimeout', 'closeTimeout', 'holdTimeout'] as const

export class SimulatedPeer implements Peer {
  readonly name: string
  readonly #parts: PeerParts
  readonly #setup: Setup
  readonly #deadlines: Deadlines
  #running: Running

  constructor(name: string, parts: PeerParts, setup: Setup | undefined, deadlines: Deadlines = {}) {
    expect(setup === undefined || isFunction(setup), 'a function that gives a hub', 'setup')
    checkNames(deadlines, DEADLINES)
    for (const name of DEADLINES) {
      const ms = deadlines[name]
      expect(ms === undefined || isMs(ms), MS, name)
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

  crash(how: { readonly silent?: boolean } = {}): void {
    checkNames(how, ['silent'])
    const { silent = false } = how
    if (!this.isUp || this.#isQuiet) return
    const { time, network, calls } = this.#parts
    this.#note(silent ? 'crash, silent' : 'crash')
    this.#running.watch.stop()
    time.end(this.host.life)
    calls.lose(this.host.life)
    network.down(this.host, silent)
  }

  restart(): void {
    if (this.#isQuiet) return
    if (this.isUp) this.crash()
    this.#running = this.#start()
  }

  sleep(ms: number): void {
    expect(isMs(ms), MS, 'ms')
    const { life } = this.host
    if (life.state !== 'awake' || this.#isQuiet) return
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
    expect(isFunction(code), 'a function', 'code')
    if (!this.isUp) throw peerDown(this.name)
    return this.#parts.time.within(this.host.life, code)
  }

  get #isQuiet(): boolean {
    const { time, network } = this.#parts
    return network.isQuiet && !time.isOver
  }

  #start(): Running {
    const { time, network } = this.#parts
    const life = new Life(this.name)
    const host = network.host(life)
    this.#note('start')
    try {
      return time.within(life, () => this.#begin(host))
    } catch (error) {
      // A process that throws while it starts is none.
      time.end(life)
      network.down(host, false)
      throw error
    }
  }

  #begin(host: Host): Running {
    const { time, calls, random } = this.#parts
    const { life } = host
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
    record(hub, this.name, this.#parts)
    const watch = watchContract(hub, {
      ...this.#deadlines,
      openHandles: () => endpoint.links,
      onBroken: ({ message }) => this.#parts.fail('CONTRACT_BROKEN', `${this.name}: ${message}`),
    })
    return { host, hub, watch, remote: toRemote(hub, life, time, calls) }
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
