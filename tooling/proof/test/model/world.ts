import { deepStrictEqual } from 'node:assert/strict'
import { watchContract } from '@conn-hub/conformance'
import { ALL_DEADLINES, type FaultSession, type Step, Story, turns } from '@conn-hub/testkit'
import { type Clock, install } from '@sinonjs/fake-timers'
import { holdsAlways, holdsAtRest } from './contract.js'
import type { Oracle } from './oracle.js'
import type { Told } from './parts.js'
import { nameOf, see } from './seen.js'

const FAKED = [
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const),
  ...(['Date', 'performance'] as const),
]

/** A hub on the fault transport in fake time, whose contract is watched while a story goes on. */
export class World {
  readonly #clock: Clock
  readonly #story: Story
  readonly #seen: readonly Told[]
  /** How much of what was told has been compared. */
  #compared = 0
  readonly #watch: { check(): void; stop(): void }
  readonly #broken: Error[] = []
  #thrown = 0

  readonly #onStep: (step: Step) => void

  private constructor(onStep: (step: Step) => void) {
    this.#onStep = onStep
    this.#clock = install({ toFake: [...FAKED] })
    this.#story = new Story(this.#clock)
    const { hub, transport } = this.#story
    hub.on('*', () => {
      this.#thrown++
      throw new Error('a listener that always throws')
    })
    hub.on('*', () => this.#broken.push(new Error('promise 9: an ended listener was called')))()
    this.#seen = see(hub, transport.sessions)
    this.#watch = watchContract(hub, {
      onBroken: (error) => this.#broken.push(error),
      openHandles: () => this.#openSessions(),
    })
  }

  static async create(onStep: (step: Step) => void = () => {}): Promise<World> {
    const world = new World(onStep)
    // The watch begins to judge in the next microtask.
    await turns()
    return world
  }

  /** Takes one step, and looks whether all is well, and as foretold: right after it, and once everything has come to rest. */
  async take(step: Step, oracle: Oracle | undefined): Promise<void> {
    this.#onStep(step)
    oracle?.take(step)
    await this.#story.play([step], (atRest) => {
      this.#look()
      if (atRest) {
        holdsAtRest(this.#story, this.#seen)
        oracle?.rest()
      }
      if (oracle) this.#compare(oracle)
      if (oracle && atRest) this.#compareOutcomes(oracle)
    })
  }

  /** Lets every deadline pass, then ends the hub: nothing may be pending, and nothing may be left. */
  async finish(oracle: Oracle | undefined): Promise<void> {
    if (oracle) {
      await this.take({ do: 'wait', ms: ALL_DEADLINES }, oracle)
      await this.take({ do: 'close' }, oracle)
      await this.take({ do: 'wait', ms: 5_000 }, oracle)
    }
    const { hub, calls, signals, transport } = this.#story
    const pending = () => calls.filter(({ outcome }) => outcome === 'pending').length
    await this.#story.settle()
    this.#look()
    deepStrictEqual(pending(), 0, 'promise 4: calls are pending after all deadlines')
    await Promise.all([hub.close(), this.#clock.tickAsync(5_000)])
    const told = this.#seen.length
    for (const dial of transport.dials) dial.succeed()
    for (const session of transport.sessions) session.end()
    await this.#story.settle()
    this.#look()
    deepStrictEqual(this.#seen.length, told, 'promise 10: events after the end')
    deepStrictEqual(this.#clock.countTimers(), 0, 'promise 10: timers are left after the end')
    const held = signals.filter((signal) => signal.held.size > 0).length
    deepStrictEqual(held, 0, 'promise 10: abort listeners are left after the end')
  }

  end(): void {
    this.#watch.stop()
    this.#clock.uninstall()
  }

  /** Whether all is as the second description of the hub says. */
  #compare(oracle: Oracle): void {
    const { hub, transport, network } = this.#story
    const entries = [...hub.entries()].map((entry) => ({
      address: entry.address,
      key: entry.key,
      state: entry.state,
      data: entry.data,
      sessions: entry.sessions.map(({ handle }) => transport.sessions.indexOf(handle)),
      waits: entry.state === 'connecting' ? entry.waits : undefined,
      reason: entry.state === 'disconnecting' ? entry.reason : undefined,
    }))
    const expected = [...oracle.entries.values()].map((entry) => ({
      address: entry.address,
      key: entry.key,
      state: entry.state,
      data: entry.data,
      sessions: entry.links.map(({ index }) => index),
      waits: entry.waits,
      reason: entry.disconnect?.reason,
    }))
    deepStrictEqual(entries, expected)
    const told = oracle.told.slice(this.#compared).map(withoutGaps)
    deepStrictEqual(this.#seen.slice(this.#compared).map(withoutGaps), told)
    this.#compared = this.#seen.length
    deepStrictEqual(
      network.sessions.map(({ reasons, destroyCalls }) => ({ reasons, destroyCalls })),
      oracle.links.map(({ asked, destroyed }) => ({
        reasons: asked,
        destroyCalls: destroyed ? 1 : 0,
      })),
    )
  }

  #compareOutcomes(oracle: Oracle): void {
    const { calls, transport } = this.#story
    const outcomes = calls.map(({ outcome }) => {
      const index = transport.sessions.indexOf(outcome as FaultSession)
      return index < 0 ? nameOf(outcome) : `session ${index}`
    })
    deepStrictEqual(
      outcomes,
      oracle.calls.map(({ outcome }) => outcome),
    )
  }

  #look(): void {
    const { hub, errors } = this.#story
    if (!hub.closed) this.#watch.check()
    const [broken] = this.#broken
    if (broken) throw broken
    holdsAlways(this.#story)
    const reported = errors.filter(({ from }) => from.origin === 'listener').length
    deepStrictEqual(reported, this.#thrown, 'promise 7: errors of listeners are reported once each')
  }

  /** Those that are open, without those that were asked to close and stay open: nobody can close them. */
  #openSessions(): FaultSession[] {
    const { hub, transport } = this.#story
    const held = new Set(
      hub.snapshot().flatMap(({ sessions }) => sessions.map((one) => one.handle)),
    )
    return transport.sessions.filter(
      (session) => session.isOpen && (session.closeCalls === 0 || held.has(session)),
    )
  }
}

/** Without the fields that are `undefined`. */
const withoutGaps = (told: Told) =>
  Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
