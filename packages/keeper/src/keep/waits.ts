import { Schedule } from '../time/schedule.js'
import type { Intent } from './intent.js'
import type { Settings } from './options.js'
import { ceilingOf, type Verdict } from './pace.js'

/** First dials follow each other so fast, in ms; each is put off by chance, too. */
const FIRST_DIALS = 10

/** When the network is back, all are dialed within this, in ms, at random. */
const BACK = { from: 200, to: 2_000 }

/** Who waits, and what becomes of them. */
interface Waiting {
  readonly all: () => Iterable<Intent>
  readonly hasRounds: () => boolean
  readonly onDue: (intent: Intent) => void
  readonly onRound: () => void
  /** The process has slept, or the clock was set. */
  readonly onWake: () => void
}

/** When each intent is dialed. */
export class Waits {
  /** Why nothing is dialed; none: the keeper is not paused. */
  pausedFor: string | undefined
  isOnline: boolean
  readonly #settings: Settings
  readonly #schedule: Schedule<Intent>
  /** When the next first dial has its turn, in ms since 1970. */
  #firstTurn = 0

  constructor(settings: Settings, intents: Waiting) {
    this.#settings = settings
    this.isOnline = settings.online.get()
    const { clock, keepAlive } = settings
    // Twice in a row it was no sleep: a page whose timers are slowed down would put off its dials for ever.
    const onJump = (again: boolean) => again || intents.onWake()
    this.#schedule = new Schedule({ ...intents, clock, keepAlive, onJump })
  }

  /** One is dialed in the next turn. Many have their turns one after the other, put off at random, and within the longest wait. */
  first(intent: Intent): void {
    const { backoff, random, clock } = this.#settings
    const now = clock.now()
    const last = now + backoff.max / 2
    // What is further away was given by a clock that was set back since.
    if (this.#firstTurn > last + FIRST_DIALS) this.#firstTurn = now
    const turn = Math.max(now, Math.min(this.#firstTurn, last))
    this.#firstTurn = turn + FIRST_DIALS
    this.#set(intent, (turn - now) * (1 + random()))
  }

  /** Full jitter, after something has ended. While that goes on, a long wait follows a short one, and a short one a long one. */
  after(intent: Intent, verdict: Verdict): void {
    const { backoff, random } = this.#settings
    const chance = random()
    const { rounds, hasWaitedLong } = intent
    const isFirst = rounds === 0 || hasWaitedLong === undefined
    const share = isFirst ? chance : (chance + (hasWaitedLong ? 0 : 1)) / 2
    intent.hasWaitedLong = share >= 0.5
    this.#set(intent, share * ceilingOf(backoff, rounds, verdict))
  }

  /** The network, the process or the keeper is back. */
  back(intent: Intent): void {
    this.#set(intent, BACK.from + this.#settings.random() * (BACK.to - BACK.from))
  }

  /** In the next turn, whatever the network. Whether that changes anything. */
  now(intent: Intent): boolean {
    const now = this.#settings.clock.now()
    const isDue = intent.nextAt !== undefined && intent.nextAt <= now
    if (isDue || this.pausedFor !== undefined) return false
    this.#schedule.set(intent, now)
    return true
  }

  remove(intent: Intent): void {
    this.#schedule.remove(intent)
  }

  stop(): void {
    this.#schedule.stop()
  }

  #set(intent: Intent, delay: number): void {
    const isHeld = !this.isOnline || this.pausedFor !== undefined || intent.rare?.isPaused
    if (!isHeld && intent.state !== 'released')
      this.#schedule.set(intent, this.#settings.clock.now() + delay)
    else this.#schedule.remove(intent)
  }
}
