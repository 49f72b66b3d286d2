import { printable } from '@conn-hub/core'
import { Calls } from './calls.js'
import { Invariants } from './checks/invariants.js'
import { Course } from './course.js'
import { worldOver } from './errors.js'
import type { Report } from './failure.js'
import { Faults } from './faults.js'
import { SimulatedNetwork } from './network/network.js'
import { expect, isFunction, isMs, MS, MS_ABOVE_0 } from './options.js'
import type { Deadlines, Peer, Setup } from './peer.js'
import { createRandom, type Random } from './random.js'
import type { Settings } from './settings.js'
import { SimulatedPeer } from './simulated-peer.js'
import { FakeTime } from './time/fake-time.js'
import { type Happening, Timeline } from './timeline.js'
import type { Scenario, World } from './world.js'

/** The world of one `simulate()`: what a scenario is given, and its course. */
export class LiveWorld implements World {
  readonly seed: number
  readonly duration: number
  readonly random: Random
  readonly network: SimulatedNetwork
  readonly #time: FakeTime
  readonly #timeline: Timeline
  readonly #calls: Calls
  readonly #peers = new Map<string, SimulatedPeer>()
  readonly #invariants: Invariants
  readonly #chanceOfPeers: Random
  readonly #faults: Faults
  readonly #course: Course
  #isOver = false

  constructor(settings: Settings, onHappening?: (happening: Happening) => void) {
    const { seed, duration } = settings
    this.seed = seed
    this.duration = duration
    this.random = createRandom(seed)
    this.#chanceOfPeers = createRandom(seed ^ 0x5eed)
    this.#timeline = new Timeline(onHappening)
    this.#time = new FakeTime((error, life) => this.#faults.threw(error, life?.name))
    this.#calls = new Calls(this.#time)
    this.#faults = new Faults((what) => this.note(what))
    this.#invariants = new Invariants(this.#faults.add)
    this.network = new SimulatedNetwork({
      time: this.#time,
      random: createRandom(seed ^ 0x7e7),
      note: (what) => this.note(what),
    })
    this.#course = new Course({
      settings,
      time: this.#time,
      network: this.network,
      calls: this.#calls,
      invariants: this.#invariants,
      faults: this.#faults,
      peers: this.#peers,
    })
  }

  get now(): number {
    return this.#time.now
  }

  get peers(): readonly Peer[] {
    return [...this.#peers.values()]
  }

  get report(): Report {
    const { last, hash, count } = this.#timeline
    return { seed: this.seed, hash, happenings: count, timeline: last, endedAt: this.now }
  }

  get faults(): Faults {
    return this.#faults
  }

  /** The whole course; it ends at the first fault. */
  play(scenario: Scenario, stillOpen: () => string[]): Promise<void> {
    return this.#course.play(() => this.#start(scenario), stillOpen)
  }

  /** Nothing of the world is left. */
  restore(): void {
    this.#isOver = true
    for (const peer of this.#peers.values()) peer.abandon()
    this.#time.restore()
  }

  // What nobody has caught; functions of their own, for they are handed on as listeners.

  readonly rejected = (reason: unknown): void =>
    this.#faults.rejected(reason, this.#time.current?.name)

  readonly threw = (error: unknown): void => this.#faults.threw(error, this.#time.current?.name)

  peer(name: string, setup?: Setup, deadlines?: Deadlines): Peer {
    this.#assertRuns()
    expect(!this.#peers.has(name), 'a name that no other peer has', 'name')
    const peer = new SimulatedPeer(
      name,
      {
        time: this.#time,
        network: this.network,
        calls: this.#calls,
        timeline: this.#timeline,
        random: this.#chanceOfPeers,
        fail: this.#faults.add,
      },
      setup,
      deadlines,
    )
    this.#peers.set(name, peer)
    return peer
  }

  at(ms: number, run: () => unknown): void {
    this.#assertRuns()
    expect(isMs(ms), MS, 'ms')
    expect(isFunction(run), 'a function', 'run')
    this.#time.after(undefined, Math.max(0, ms - this.now), () => this.#act(run))
  }

  every(ms: number, run: () => unknown): () => void {
    this.#assertRuns()
    expect(isMs(ms) && ms > 0, MS_ABOVE_0, 'ms')
    expect(isFunction(run), 'a function', 'run')
    let stopped = false
    const next = () => {
      if (stopped || this.#isQuiet) return
      this.#act(run)
      this.#time.after(undefined, ms, next)
    }
    this.#time.after(undefined, ms, next)
    return () => {
      stopped = true
    }
  }

  wait(ms: number): Promise<void> {
    this.#assertRuns()
    expect(isMs(ms), MS, 'ms')
    return new Promise((resolve) => {
      this.#time.after(undefined, ms, () => {
        if (!this.#isQuiet) resolve()
      })
    })
  }

  always(holds: () => boolean, what = codeOf(holds)): void {
    this.#assertRuns()
    expect(isFunction(holds), 'a function', 'holds')
    expect(typeof what === 'string', 'a string', 'what')
    this.#invariants.always({ holds, what })
  }

  eventually(holds: () => boolean, within: number, what = codeOf(holds)): Promise<void> {
    this.#assertRuns()
    expect(isFunction(holds), 'a function', 'holds')
    expect(isMs(within), MS, 'within')
    expect(typeof what === 'string', 'a string', 'what')
    return new Promise((resolve) => {
      const done = () => this.#time.after(undefined, 0, () => resolve())
      this.#invariants.eventually({ holds, what, within, deadline: this.now + within, done })
      // So that there is a step when it is due.
      this.#time.after(undefined, within, () => {})
    })
  }

  note(what: string): void {
    expect(typeof what === 'string', 'a string', 'what')
    this.#timeline.add(this.now, undefined, undefined, printable(what))
  }

  /** Gives whether it has ended. */
  #start(scenario: Scenario): () => boolean {
    let hasEnded = false
    const ended = () => {
      hasEnded = true
    }
    Promise.resolve()
      .then(() => scenario(this))
      .then(ended, (error) => {
        ended()
        if (!this.#isOver) this.#faults.threw(error, undefined)
      })
    return () => hasEnded
  }

  #act(run: () => unknown): void {
    if (this.#isQuiet) return
    // What an async one rejects with.
    Promise.resolve(run()).catch((error) => this.#faults.threw(error, undefined))
  }

  get #isQuiet(): boolean {
    return this.#course.isQuiet
  }

  #assertRuns(): void {
    if (this.#isOver) throw worldOver()
  }
}

const codeOf = (holds: unknown): string => printable(String(holds)).slice(0, 120)
