import type { Calls } from './calls.js'
import { findGhosts } from './checks/ghosts.js'
import type { Invariants } from './checks/invariants.js'
import type { Faults } from './faults.js'
import type { SimulatedNetwork } from './network/network.js'
import type { Settings } from './settings.js'
import type { SimulatedPeer } from './simulated-peer.js'
import type { FakeTime } from './time/fake-time.js'

/** In ms: no link is longer on its way from one state to the other. */
const GRACE = 30_000

/** In ms: how long hubs may take to close at the end. */
const CLOSING = 30_000

export interface Parts {
  readonly settings: Settings
  readonly time: FakeTime
  readonly network: SimulatedNetwork
  readonly calls: Calls
  readonly invariants: Invariants
  readonly faults: Faults
  readonly peers: ReadonlyMap<string, SimulatedPeer>
}

/** How a world passes: what happens, then quiet, then the end. It is over at the first fault. */
export class Course {
  /** What runs by `at()` and `every()` runs no more. */
  isQuiet = false
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * @param start Begins the scenario; what it gives says whether that has ended.
   * @param stillOpen What is open of the real world, by name.
   */
  async play(start: () => () => boolean, stillOpen: () => string[]): Promise<void> {
    const { settings, time, network, faults } = this.#parts
    const { until, duration, quiet } = settings
    let hasEnded = () => false
    time.after(undefined, 0, () => {
      hasEnded = start()
    })
    await this.#pass(until ?? duration)
    if (faults.any) return
    if (!hasEnded() && until === undefined) return this.#hangs(stillOpen())
    this.isQuiet = true
    for (const peer of this.#parts.peers.values()) peer.wake()
    network.heal()
    network.isQuiet = true
    await this.#pass(quiet / 2)
    if (faults.any) return
    // Once more: a link may have been on its way to one that had just crashed.
    network.sweep()
    await this.#pass(quiet / 2)
    if (!faults.any) await this.#checkQuiet()
    if (!faults.any) await this.#close()
  }

  async #pass(ms: number): Promise<void> {
    const { time, faults, invariants } = this.#parts
    const passed = await time.run(ms, () => {
      if (!faults.any) invariants.check(time.now)
      return faults.any
    })
    if (passed) return
    faults.add('SCENARIO_HANGS', 'time stands still: timers of 0 ms set the next one, without end')
  }

  #hangs(stillOpen: readonly string[]): void {
    const { calls, settings, faults } = this.#parts
    const pending = calls.pending.map((call) => `the call ${call}`)
    const waits = [...pending, ...stillOpen.map((name) => `${name} of the real world`)]
    const why = waits.length > 0 ? ` Still open: ${waits.join(', ')}.` : ''
    const { duration } = settings
    faults.add('SCENARIO_HANGS', `the scenario has not ended within ${duration} ms.${why}`)
  }

  async #checkQuiet(): Promise<void> {
    const { calls, settings, faults, invariants, time } = this.#parts
    const peers = [...this.#parts.peers.values()]
    for (const peer of peers) if (peer.isUp && !peer.own.closed) peer.check()
    const seen = findGhosts(peers)
    // Apps go on: what is just opening or closing looks the same, for a moment.
    if (seen.length > 0) await this.#pass(GRACE)
    const still = new Set(seen.length > 0 ? findGhosts(peers) : [])
    for (const ghost of seen) if (still.has(ghost)) faults.add('GHOST', ghost)
    for (const call of calls.pending) faults.add('CALL_PENDING', call)
    invariants.end(settings.until === undefined ? Number.POSITIVE_INFINITY : time.now)
  }

  async #close(): Promise<void> {
    const { time, faults } = this.#parts
    const closing = new Set<string>()
    for (const peer of this.#parts.peers.values()) {
      if (!peer.isUp) continue
      closing.add(peer.name)
      peer.run(() => peer.own.close()).then(() => closing.delete(peer.name))
    }
    await time.run(CLOSING, () => faults.any)
    for (const name of closing) faults.add('CALL_PENDING', `${name}: close(), at the end`)
    for (const { life, what } of time.left()) {
      faults.add('TIMER_LEFT', `${life?.name ?? 'the scenario'}: ${what}`)
    }
  }
}
