import type { Kept, KeptState } from '../model/keeper.js'
import type { Dials } from './dials.js'
import { type End, errorOf } from './ends.js'
import type { Intent } from './intent.js'
import type { Links } from './links.js'
import type { Settings } from './options.js'
import { type Verdict, verdictOf } from './pace.js'
import type { Waits } from './waits.js'

interface Parts {
  readonly settings: Settings
  readonly links: Links
  readonly waits: Waits
  readonly dials: Dials
  readonly tell: (kept: Kept) => void
}

/** What becomes of an intent: the one place where it changes. */
export class Rules {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** It is wanted from now on. */
  begun(intent: Intent): void {
    const { links, waits } = this.#parts
    if (links.isSatisfied(intent)) return void this.#opened(intent)
    waits.first(intent)
    this.show(intent, true)
  }

  /**
   * Something has happened that may concern it. Looks at what is.
   *
   * @param end How a session, or a dial, has ended.
   * @param isDialed Whether what has ended was at the address of a dial that it wants.
   */
  look(intent: Intent, end?: End, isDialed = false): void {
    if (intent.state === 'released') return
    const isOpen = this.#parts.links.isSatisfied(intent)
    const wasOpen = intent.openedAt !== undefined
    // Also where it is known: what was cut short then, where the stack was full, is done now.
    if (isOpen) this.#opened(intent)
    else if (wasOpen) this.#lost(intent, end)
    else if (isDialed && end?.hadSession === false) this.#cancelled(intent, end)
    else this.#wake(intent)
  }

  failed(intent: Intent, error: unknown): void {
    intent.lastError = error
    this.#count(intent)
    this.waitAfter(intent, verdictOf(error))
  }

  waitAfter(intent: Intent, verdict: Verdict): void {
    this.#parts.waits.after(intent, verdict)
    this.show(intent, true)
  }

  /** By now a connection may have become healthy. */
  isHealthy({ openedAt }: Intent): boolean {
    const { clock, healthy } = this.#parts.settings
    return openedAt !== undefined && clock.now() - openedAt >= healthy
  }

  /** @param hasChanged Something else than the state has changed. */
  show(intent: Intent, hasChanged = false): void {
    if (intent.state === 'released') return
    const state = this.#stateOf(intent)
    if (state === intent.state && !hasChanged) return
    intent.state = state
    this.#parts.tell(intent)
  }

  #opened(intent: Intent): void {
    const { settings, waits, dials } = this.#parts
    intent.openedAt ??= settings.clock.now()
    waits.remove(intent)
    // Where somebody else has come first, the dial that runs would lead to one link too many.
    dials.stop(intent)
    this.show(intent)
  }

  #lost(intent: Intent, end: End | undefined): void {
    if (this.isHealthy(intent)) intent.failures = 0
    else this.#count(intent)
    intent.openedAt = undefined
    this.#parts.links.dropStandIn(intent)
    if (end) intent.lastError = errorOf(end)
    if (end && this.#pauses(end)) intent.extra.isPaused = true
    // What we ourselves have said is no word of theirs; but where no place was left, there are more wishes than places, and they take turns.
    const ours = end?.reason === 'limit' ? 'refused' : 'failed'
    const isTheirs = end?.initiator === 'remote'
    this.waitAfter(intent, isTheirs ? verdictOf(end.error, end.reason) : ours)
  }

  /** A dial was cancelled on this side: nothing has failed. */
  #cancelled(intent: Intent, end: End): void {
    const wasOurs = intent.rare?.dial !== undefined
    this.#parts.dials.stop(intent)
    const isPaused = this.#pauses(end)
    if (isPaused) intent.extra.isPaused = true
    if (wasOurs || isPaused) this.waitAfter(intent, 'failed')
    else this.#wake(intent)
  }

  /** Somebody else's dial has ended a pause, and is over: what waited for nothing has its turn again. */
  #wake(intent: Intent): void {
    const isForgotten = intent.nextAt === undefined && this.#stateOf(intent) === 'waiting'
    if (isForgotten && this.#parts.waits.isOnline) this.waitAfter(intent, 'failed')
    else this.show(intent)
  }

  /** Offline, nothing can be known of the other side. */
  #count(intent: Intent): void {
    if (this.#parts.waits.isOnline) intent.failures++
    intent.turn()
  }

  #pauses({ initiator, reason }: End): boolean {
    return initiator === 'local' && this.#parts.settings.pausedBy.has(reason)
  }

  #stateOf(intent: Intent): KeptState {
    const { links, waits } = this.#parts
    if (intent.openedAt !== undefined) return 'connected'
    if (intent.rare?.dial || links.isDialed(intent)) return 'connecting'
    return intent.rare?.isPaused || waits.pausedFor !== undefined ? 'paused' : 'waiting'
  }
}
