import { HubError, printable } from '@conn-hub/core'
import { Calls } from './calls.js'
import { findGhosts } from './checks/ghosts.js'
import { Invariants } from './checks/invariants.js'
import type { FailureCode, Fault, Report } from './failure.js'
import { SimulatedNetwork } from './network/network.js'
import { expect, isFunction, isMs } from './options.js'
import { type Deadlines, type Peer, type Setup, SimulatedPeer } from './peer.js'
import { createRandom, type Random } from './random.js'
import type { Settings } from './settings.js'
import { FakeTime } from './time/fake-time.js'
import { type Happening, Timeline } from './timeline.js'
import type { Scenario, World } from './world.js'

/** In ms: no link is longer on its way from one state to the other. */
const GRACE = 30_000

/** In ms: how long hubs may take to close at the end. */
const CLOSING = 30_000

/** The world of one `simulate()`: what a scenario is given, and its course. */
export class LiveWorld implements World {
  readonly seed: number
  readonly duration: number
  readonly random: Random
  readonly network: SimulatedNetwork
  readonly #settings: Settings
  readonly #time: FakeTime
  readonly #timeline: Timeline
  readonly #calls: Calls
  readonly #peers = new Map<string, SimulatedPeer>()
  readonly #invariants: Invariants
  readonly #chanceOfPeers: Random
  readonly #faults: Fault[] = []
  /** What runs by `at()` and `every()` runs no more. */
  #isQuiet = false
  #hasEnded = false
  #isOver = false

  constructor(settings: Settings, onHappening?: (happening: Happening) => void) {
    const { seed, duration } = settings
    this.seed = seed
    this.duration = duration
    this.#settings = settings
    this.random = createRandom(seed)
    this.#chanceOfPeers = createRandom(seed ^ 0x5eed)
    this.#timeline = new Timeline(onHappening)
    this.#time = new FakeTime((error, life) => this.#threw(error, life?.name))
    this.#calls = new Calls(this.#time)
    this.#invariants = new Invariants(this.fail)
    this.network = new SimulatedNetwork({
      time: this.#time,
      random: createRandom(seed ^ 0x7e7),
      note: (what) => this.note(what),
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

  get faults(): readonly Fault[] {
    return this.#faults
  }

  /** The whole course; it ends at the first fault. */
  async play(scenario: Scenario, stillOpen: () => string[]): Promise<void> {
    const { until, quiet } = this.#settings
    this.#time.after(undefined, 0, () => this.#start(scenario))
    await this.#pass(until ?? this.duration)
    if (this.#failed) return
    if (!this.#hasEnded && until === undefined) return this.#hangs(stillOpen())
    this.#isQuiet = true
    for (const peer of this.#peers.values()) peer.wake()
    this.network.heal()
    await this.#pass(quiet / 2)
    if (this.#failed) return
    // Once more: a link may have been on its way to one that had just crashed.
    this.network.sweep()
    await this.#pass(quiet / 2)
    if (!this.#failed) await this.#checkQuiet()
    if (!this.#failed) await this.#close()
  }

  /** Nothing of the world is left. */
  restore(): void {
    this.#isOver = true
    for (const peer of this.#peers.values()) peer.abandon()
    this.#time.restore()
  }

  readonly fail = (code: FailureCode, message: string, cause?: unknown): void => {
    this.#faults.push({ code, message, cause })
    this.note(`FAULT ${code}: ${message}`)
  }

  /** A promise was rejected, and nobody waited for it. */
  rejected(reason: unknown): void {
    const who = this.#time.current?.name ?? 'the scenario'
    const code = this.#time.current ? 'PEER_FAILED' : 'SCENARIO_FAILED'
    this.fail(code, `${who} left a rejected promise: ${String(reason)}`, reason)
  }

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
        fail: this.fail,
      },
      setup,
      deadlines,
    )
    this.#peers.set(name, peer)
    return peer
  }

  at(ms: number, run: () => unknown): void {
    this.#assertRuns()
    expect(isMs(ms), 'a number of ms', 'ms')
    expect(isFunction(run), 'a function', 'run')
    this.#time.after(undefined, Math.max(0, ms - this.now), () => this.#act(run))
  }

  every(ms: number, run: () => unknown): () => void {
    this.#assertRuns()
    expect(isMs(ms) && ms > 0, 'a number of ms above 0', 'ms')
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
    expect(isMs(ms), 'a number of ms', 'ms')
    return new Promise((resolve) => {
      this.#time.after(undefined, ms, () => {
        if (!this.#isQuiet) resolve()
      })
    })
  }

  always(holds: () => boolean, what = codeOf(holds)): void {
    this.#assertRuns()
    expect(isFunction(holds), 'a function', 'holds')
    this.#invariants.always({ holds, what })
  }

  eventually(holds: () => boolean, within: number, what = codeOf(holds)): Promise<void> {
    this.#assertRuns()
    expect(isFunction(holds), 'a function', 'holds')
    expect(isMs(within), 'a number of ms', 'within')
    return new Promise((resolve) => {
      const done = () => this.#time.after(undefined, 0, () => resolve())
      this.#invariants.eventually({ holds, what, within, deadline: this.now + within, done })
      // So that there is a step when it is due.
      this.#time.after(undefined, within, () => {})
    })
  }

  note(what: string): void {
    this.#timeline.add(this.now, undefined, undefined, printable(what))
  }

  get #failed(): boolean {
    return this.#faults.length > 0
  }

  async #pass(ms: number): Promise<void> {
    const passed = await this.#time.run(ms, () => {
      if (!this.#failed) this.#invariants.check(this.now)
      return this.#failed
    })
    if (!passed)
      this.fail('SCENARIO_HANGS', 'time stands still: timers of 0 ms set the next one, without end')
  }

  #start(scenario: Scenario): void {
    const ended = () => {
      this.#hasEnded = true
    }
    Promise.resolve()
      .then(() => scenario(this))
      .then(ended, (error) => {
        ended()
        if (!this.#isOver) this.#threw(error, undefined)
      })
  }

  #act(run: () => unknown): void {
    if (this.#isQuiet) return
    // What an async one rejects with.
    Promise.resolve(run()).catch((error) => this.#threw(error, undefined))
  }

  #threw(error: unknown, peer: string | undefined): void {
    const code = peer === undefined ? 'SCENARIO_FAILED' : 'PEER_FAILED'
    this.fail(code, `${peer ?? 'the scenario'} threw: ${String(error)}`, error)
  }

  #hangs(stillOpen: readonly string[]): void {
    const calls = this.#calls.pending.map((call) => `the call ${call}`)
    const waits = [...calls, ...stillOpen.map((name) => `${name} of the real world`)]
    const why = waits.length > 0 ? ` Still open: ${waits.join(', ')}.` : ''
    this.fail('SCENARIO_HANGS', `the scenario has not ended within ${this.duration} ms.${why}`)
  }

  async #checkQuiet(): Promise<void> {
    const peers = [...this.#peers.values()]
    for (const peer of peers) if (peer.isUp && !peer.own.closed) peer.check()
    const seen = findGhosts(peers)
    // Apps go on: what is just opening or closing looks the same, for a moment.
    if (seen.length > 0) await this.#pass(GRACE)
    const still = new Set(seen.length > 0 ? findGhosts(peers) : [])
    for (const ghost of seen) if (still.has(ghost)) this.fail('GHOST', ghost)
    for (const call of this.#calls.pending) this.fail('CALL_PENDING', call)
    this.#invariants.end(this.#settings.until === undefined ? Number.POSITIVE_INFINITY : this.now)
  }

  async #close(): Promise<void> {
    const closing = new Set<string>()
    for (const peer of this.#peers.values()) {
      if (!peer.isUp) continue
      closing.add(peer.name)
      peer.run(() => peer.own.close()).then(() => closing.delete(peer.name))
    }
    await this.#time.run(CLOSING, () => this.#failed)
    for (const name of closing) this.fail('CALL_PENDING', `${name}: close(), at the end`)
    for (const { life, what } of this.#time.left()) {
      this.fail('TIMER_LEFT', `${life?.name ?? 'the scenario'}: ${what}`)
    }
  }

  #assertRuns(): void {
    if (this.#isOver)
      throw new HubError('WORLD_OVER', 'This world is over. Await all that the scenario does.')
  }
}

const codeOf = (holds: unknown): string => printable(String(holds)).slice(0, 120)
