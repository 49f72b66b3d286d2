import { deepStrictEqual } from 'node:assert/strict'
import { watchContract } from '@conn-hub/conformance'
import { type FaultSession, type Step, Story, turns } from '@conn-hub/testkit'
import { type Clock, install } from '@sinonjs/fake-timers'
import type { Oracle } from './oracle.js'

const FAKED = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] as const

/** A hub on the fault transport in fake time, whose contract is watched while a story goes on. */
export class World {
  readonly #clock: Clock
  readonly #story: Story
  readonly #watch: { check(): void; stop(): void }
  readonly #broken: Error[] = []
  #thrown = 0

  readonly #onStep: (step: Step) => void

  private constructor(onStep: (step: Step) => void) {
    this.#onStep = onStep
    this.#clock = install({ toFake: [...FAKED] })
    this.#story = new Story(this.#clock)
    const { hub } = this.#story
    hub.on('*', () => {
      this.#thrown++
      throw new Error('a listener that always throws')
    })
    hub.on('*', () => this.#broken.push(new Error('promise 9: an ended listener was called')))()
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

  /** Takes one step, and looks whether all is well right after it and once everything has come to rest. */
  async take(step: Step): Promise<void> {
    this.#onStep(step)
    await this.#story.play([step], () => this.#look())
  }

  /** Whether all is as the second description of the hub says. */
  compare(oracle: Oracle): void {
    const { hub, transport, calls } = this.#story
    const entries = hub.snapshot().map(({ address, state, sessions, data }) => ({
      address,
      state,
      data,
      sessions: sessions.map(({ handle }) => transport.sessions.indexOf(handle)),
    }))
    const expected = [...oracle.entries.values()].map(({ address, state, links, data }) => ({
      address,
      state,
      data,
      sessions: links.map((link) => oracle.links.indexOf(link)),
    }))
    deepStrictEqual(entries, expected)
    deepStrictEqual(
      calls.map(({ outcome }) => nameOf(outcome)),
      oracle.calls.map(({ outcome }) => outcome),
    )
  }

  /** Lets every deadline pass, then ends the hub: nothing may be pending, and nothing may be left. */
  async finish(): Promise<void> {
    const { hub, calls, signals, transport } = this.#story
    const pending = () => calls.filter(({ outcome }) => outcome === 'pending').length
    await this.#story.settle()
    this.#look()
    deepStrictEqual(pending(), 0, 'promise 4: calls are pending after all deadlines')
    await Promise.all([hub.close(), this.#clock.tickAsync(5_000)])
    const events = this.#story.events.length
    for (const dial of transport.dials) dial.succeed()
    for (const session of transport.sessions) session.end()
    await this.#story.settle()
    this.#look()
    deepStrictEqual(this.#story.events.length, events, 'promise 10: events after the end')
    deepStrictEqual(this.#clock.countTimers(), 0, 'promise 10: timers are left after the end')
    const held = signals.filter((signal) => signal.held.size > 0).length
    deepStrictEqual(held, 0, 'promise 10: abort listeners are left after the end')
  }

  end(): void {
    this.#watch.stop()
    this.#clock.uninstall()
  }

  #look(): void {
    const { hub, late, errors, transport } = this.#story
    if (!hub.closed) this.#watch.check()
    const [broken] = this.#broken
    if (broken) throw broken
    const held = new Set(
      hub.snapshot().flatMap(({ sessions }) => sessions.map((one) => one.handle)),
    )
    for (const session of transport.sessions) {
      const unseen = session.isOpen && !held.has(session)
      deepStrictEqual(
        unseen && session.closeCalls === 0,
        false,
        'promise 6: a session is open unseen',
      )
    }
    for (const session of late) {
      deepStrictEqual(held.has(session), false, 'promise 5: a late session is in the entries')
    }
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

/** What a call came to, in one word. */
const nameOf = (outcome: unknown): string => {
  if (typeof outcome === 'string') return outcome
  if (typeof outcome === 'boolean') return String(outcome)
  if (outcome === undefined) return 'done'
  return outcome instanceof Error ? (outcome as Error & { code: string }).code : 'session'
}
