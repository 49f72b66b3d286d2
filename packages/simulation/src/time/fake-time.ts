import { HubError } from '@conn-hub/core'
import { type Clock, type FakeMethod, install } from '@sinonjs/fake-timers'
import { worldOver } from '../errors.js'
import { syncNamedImports } from './builtin.js'
import { eachGeneration, GENERATIONS } from './generations.js'
import { areTimersReplaced } from './in-use.js'
import { describeTimer, type LeftTimer } from './left-timer.js'
import type { Life } from './life.js'
import { createLoop } from './macrotasks.js'
import { ownTimers, type Run, type SetTimer } from './own-timers.js'
import { Sleepers } from './sleepers.js'

/** Where time begins: far from 1970, where a time that is 0 would look like none. */
const BEGIN = Date.UTC(2026, 0, 1)

/** So many steps within one ms are no work any more. */
const STANDSTILL = 100_000

/** The engine's own: whatever replaced them could not keep their order. */
const REAL: FakeMethod[] = ['queueMicrotask', 'nextTick']

/** What a timer of the clock calls. It knows whose it is, and for whom it stands. */
type Fire = Run & { lifeThen?: () => Life | undefined; of?: Run; isOurs?: boolean }

/** The one clock of a world, in the place of the global one: it stands still, until `run()` makes it jump from timer to timer. */
export class FakeTime {
  /** Whose code is running. */
  current: Life | undefined
  readonly #clock: Clock
  readonly #loop = createLoop()
  readonly #onError: (error: unknown, life: Life | undefined) => void
  readonly #sleepers = new Sleepers()
  /** How often code has run as a process's own. */
  #entered = 0
  readonly #disown: () => void

  /** @param onError Gets what the callback of a timer throws. */
  constructor(onError: (error: unknown, life: Life | undefined) => void) {
    if (areTimersReplaced()) {
      throw new HubError(
        'TIME_IN_USE',
        'The timers are replaced already: by another simulation that still runs, or by the fake timers of a test tool. End those first.',
      )
    }
    this.#onError = onError
    this.#clock = install({ now: BEGIN, toNotFake: REAL, ignoreMissingTimers: true })
    this.#disown = ownTimers({
      set: (set, run, args) => {
        const life = this.current
        return this.#set(set, () => life, run, args)
      },
      cleared: (timer) => this.#sleepers.cleared(timer),
    })
    syncNamedImports()
  }

  /** The world is over: no timer of it will ever come. */
  isOver = false

  /** In ms since the world began. */
  get now(): number {
    return this.#clock.now - BEGIN
  }

  /** Runs code as the own of a process, and the microtasks that it leaves, and those that they leave. */
  within<T>(life: Life | undefined, run: () => T, generations = GENERATIONS): T {
    if (this.isOver) throw worldOver()
    this.#entered++
    const before = this.current
    const inside = () => {
      this.current = life
    }
    const outside = () => {
      this.current = before
    }
    inside()
    eachGeneration(inside, generations)
    try {
      return run()
    } finally {
      eachGeneration(outside, generations)
      outside()
    }
  }

  /** A timer of a process, or of the world. */
  after(life: Life | undefined, ms: number, run: () => void): void {
    this.arrive(() => life, ms, run)
  }

  /** The same for a process that is asked for only then: what is on its way does not know who will be there. */
  arrive(lifeThen: () => Life | undefined, ms: number, run: () => void): void {
    this.#set(this.#clock.setTimeout as SetTimer, lifeThen, run, [ms], true)
  }

  /**
   * Lets time pass. `isOver` is asked after each timer, when all its microtasks have run. Gives false where time stood still: timers of 0 ms
   * that set the next one, without end.
   */
  async run(ms: number, isOver: () => boolean): Promise<boolean> {
    let isDue = false
    let isAsked = false
    let [last, steps] = [this.now, 0]
    const end = this.#clock.setTimeout(() => {
      isDue = true
    }, ms)
    await this.#loop(() => {
      this.current = undefined
      const before = this.#entered
      if (!isAsked && (isOver() || isDue || steps > STANDSTILL)) return false
      // Whoever is asked may run code of a peer. Its microtasks come before the next timer, whose own would be taken for the peer's.
      isAsked = this.#entered > before
      if (isAsked) return true
      steps = this.now === last ? steps + 1 : 0
      last = this.now
      this.#next()
      return true
    })
    this.#clock.clearTimeout(end)
    return steps <= STANDSTILL
  }

  /** Not all that the clock calls is ours: what a frame of a page throws comes here. */
  #next(): void {
    try {
      this.#clock.next()
    } catch (error) {
      this.#onError(error, this.current)
    }
  }

  sleep(life: Life): void {
    if (life.state === 'awake') life.state = 'asleep'
  }

  /** What came due in the meantime runs in its order, before anything newer, unless what ran before it has cleared it. */
  wake(life: Life): void {
    this.#clock.setTimeout(() => {
      if (life.state !== 'asleep') return
      if (this.#sleepers.runNext(life)) return this.wake(life)
      life.state = 'awake'
    }, 0)
  }

  /** None of its code runs any more. */
  end(life: Life): void {
    life.state = 'over'
    this.#sleepers.end(life)
    for (const [id, { func, immediate }] of this.#clock.timers ?? []) {
      if ((func as Fire).lifeThen?.() !== life) continue
      if (immediate) this.#clock.clearImmediate(id as never)
      else this.#clock.clearTimeout(id)
    }
  }

  /** The timers that code of the scenario or of a peer has set, that have not run, and that somebody could have cleared. */
  left(): LeftTimer[] {
    const fires = [...(this.#clock.timers?.values() ?? [])].map((timer) => ({
      timer,
      fire: timer.func as Fire,
    }))
    return fires
      .filter(({ fire }) => !fire.isOurs && !fire.of?.isUnclearable)
      .map(({ timer, fire: { lifeThen, of } }) => ({
        life: lifeThen?.(),
        what: describeTimer({ ...timer, func: of ?? timer.func }, this.#clock.now),
      }))
  }

  /** Real time goes on. */
  restore(): void {
    this.isOver = true
    this.#disown()
    this.#clock.uninstall()
    syncNamedImports()
  }

  #set(
    set: SetTimer,
    lifeThen: () => Life | undefined,
    run: Run,
    args: unknown[],
    isOurs = false,
  ): unknown {
    const fire: Fire = (...given) => {
      const life = lifeThen()
      if (life?.state === 'asleep') {
        const again = isOurs ? () => this.arrive(lifeThen, 0, run) : undefined
        this.#sleepers.add(timer, { life, run: () => this.#call(life, run, given), again })
      } else if (life?.state !== 'over') this.#call(life, run, given)
    }
    fire.lifeThen = lifeThen
    fire.of = run
    fire.isOurs = isOurs
    const timer = set(fire, ...args)
    return timer
  }

  /** What it throws is told; the process stays the current one until the microtasks of this step have run. */
  #call(life: Life | undefined, run: Run, args: unknown[]): void {
    this.current = life
    try {
      run(...args)
    } catch (error) {
      this.#onError(error, life)
    }
  }
}
