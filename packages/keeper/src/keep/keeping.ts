import type { Address, Change, Hub } from '@conn-hub/core'
import type { KeepOptions, Kept } from '../model/keeper.js'
import { Dials } from './dials.js'
import { type End, errorOf, keeperClosed, noLink } from './ends.js'
import { Intent } from './intent.js'
import { Links, provedBy } from './links.js'
import { readKeepOptions, readTarget, type Settings } from './options.js'
import { type Verdict, verdictOf } from './pace.js'
import { Waits } from './waits.js'

/** The rules: what becomes of each intent, whatever happens to the hub. */
export class Keeping {
  readonly links: Links
  readonly waits: Waits
  isClosed = false
  readonly #hub: Hub<unknown, never>
  readonly #settings: Settings
  readonly #tell: (kept: Kept) => void
  readonly #dials: Dials
  readonly #begun: number

  constructor(hub: Hub<unknown, never>, settings: Settings, tell: (kept: Kept) => void) {
    this.#hub = hub
    this.#settings = settings
    this.#tell = tell
    this.#begun = settings.clock.now()
    this.links = new Links(hub)
    this.#dials = new Dials(hub, (intent, error) => this.#settled(intent, error))
    const onDue = (intent: Intent) => this.#dial(intent)
    this.waits = new Waits(settings, onDue, () => this.#back())
  }

  keep(what: unknown, options: KeepOptions): Kept {
    const target = readTarget(this.#hub, what)
    const { data, until } = readKeepOptions(options)
    if (this.isClosed || this.#hub.closed) throw keeperClosed()
    const seconds = Math.floor((this.#settings.clock.now() - this.#begun) / 1_000)
    const intent = new Intent(this, target, seconds)
    if (data) intent.extra.data = data
    this.links.add(intent)
    if (until) this.#heed(intent, until)
    if (intent.state !== 'released') this.#begin(intent)
    return intent
  }

  now(intent: Intent): void {
    if (intent.state === 'released' || intent.openedAt !== undefined || intent.rare?.dial) return
    if (intent.rare) intent.rare.isPaused = false
    // Whoever calls it at each change is told but once.
    const hasChanged = this.waits.now(intent)
    this.#show(intent, hasChanged)
  }

  release(intent: Intent): void {
    if (intent.state === 'released') return
    this.links.remove(intent)
    this.links.dropStandIn(intent)
    this.waits.remove(intent)
    intent.state = 'released'
    intent.rare?.unlisten?.()
    this.#dials.stop(intent)
    this.#tell(intent)
  }

  /** By now a connection may have become healthy. */
  attemptsOf(intent: Intent): number {
    return this.#isHealthy(intent) ? 0 : intent.failures
  }

  sinceOf({ sinceSecond }: Intent): number {
    return this.#begun + sinceSecond * 1_000
  }

  pause(why: string): void {
    const wasPaused = this.waits.pausedFor !== undefined
    this.waits.pausedFor = why
    if (wasPaused) return
    for (const intent of this.links.all())
      if (this.waits.pausedFor !== undefined) this.#dials.stop(intent)
    this.#back()
  }

  resume(): void {
    if (this.waits.pausedFor === undefined) return
    this.waits.pausedFor = undefined
    this.#back()
  }

  networkChanged(): void {
    this.waits.isOnline = this.#settings.online.get()
    this.#back()
  }

  /** Somebody dials: where it was paused, that is over, for the last wish counts. */
  dialBegan(address: Address): void {
    const intents = [...this.links.at(address)]
    if (intents.some(({ rare }) => rare?.dial?.address === address)) return
    for (const { rare } of intents) if (rare) rare.isPaused = false
  }

  /** A dial of somebody else has failed. Of our own we hear by its promise. */
  dialFailed(address: Address, error: unknown): void {
    for (const intent of [...this.links.at(address)]) {
      const isOpen = intent.openedAt !== undefined
      if (intent.key === undefined && !isOpen && !intent.rare?.dial) this.#failed(intent, error)
    }
  }

  /** An entry has changed. Looks at all whom it may concern. */
  changed({ before, after }: Change<unknown>, end: End | undefined): void {
    if (before?.state === after?.state && before?.sessions === after?.sessions) return
    const address = (after ?? before)?.address
    if (address === undefined || this.isClosed || this.#hub.closed) return
    if (!after && end?.key !== undefined && end.reason === 'duplicate')
      this.links.takeStandIns(address, end.key)
    for (const intent of [...this.links.at(address)]) this.#look(intent, end, address)
    for (const key of new Set([...provedBy(before), ...provedBy(after)]))
      for (const intent of [...this.links.of(key)]) this.#look(intent, end)
  }

  close(): void {
    this.isClosed = true
    for (const intent of this.links.all()) this.release(intent)
    this.waits.stop()
  }

  #heed(intent: Intent, until: AbortSignal): void {
    const onAbort = () => this.release(intent)
    intent.extra.unlisten = () => until.removeEventListener('abort', onAbort)
    until.addEventListener('abort', onAbort)
    if (until.aborted) this.release(intent)
  }

  #begin(intent: Intent): void {
    if (this.links.isSatisfied(intent)) return void this.#opened(intent)
    this.waits.first(intent)
    this.#show(intent, true)
  }

  /** @param address Of the entry that has changed, where it is one of the intent's. */
  #look(intent: Intent, end?: End, address?: Address): void {
    if (intent.state === 'released') return
    const isOpen = this.links.isSatisfied(intent)
    const wasOpen = intent.openedAt !== undefined
    if (isOpen && !wasOpen) this.#opened(intent)
    else if (!isOpen && wasOpen) this.#lost(intent, end)
    else if (!isOpen && end?.hadSession === false && address !== undefined)
      this.#cancelled(intent, end, address)
    else this.#wake(intent)
  }

  #opened(intent: Intent): void {
    intent.openedAt = this.#settings.clock.now()
    this.waits.remove(intent)
    // Where somebody else has come first, the dial that runs would lead to one link too many.
    this.#dials.stop(intent)
    this.#show(intent)
  }

  #lost(intent: Intent, end: End | undefined): void {
    if (this.#isHealthy(intent)) intent.failures = 0
    else this.#count(intent)
    intent.openedAt = undefined
    this.links.dropStandIn(intent)
    if (end) intent.lastError = errorOf(end)
    if (end && this.#pauses(end)) intent.extra.isPaused = true
    // What we ourselves have said is no word of theirs.
    const isTheirs = end?.initiator === 'remote'
    this.#waitAfter(intent, isTheirs ? verdictOf(end.error, end.reason) : 'failed')
  }

  /** A dial was cancelled on this side: nothing has failed. */
  #cancelled(intent: Intent, end: End, address: Address): void {
    const ours = intent.rare?.dial
    if (ours ? ours.address !== address : intent.key !== undefined) return
    this.#dials.stop(intent)
    const isPaused = this.#pauses(end)
    if (isPaused) intent.extra.isPaused = true
    if (ours || isPaused) this.#waitAfter(intent, 'failed')
    else this.#wake(intent)
  }

  /** Somebody else's dial has ended a pause, and is over: what waited for nothing has its turn again. */
  #wake(intent: Intent): void {
    const isForgotten = intent.nextAt === undefined && this.#stateOf(intent) === 'waiting'
    if (isForgotten && this.waits.isOnline) this.#waitAfter(intent, 'failed')
    else this.#show(intent)
  }

  #failed(intent: Intent, error: unknown): void {
    intent.lastError = error
    this.#count(intent)
    this.#waitAfter(intent, verdictOf(error))
  }

  /** Offline, nothing can be known of the other side. */
  #count(intent: Intent): void {
    if (this.waits.isOnline) intent.failures++
    intent.turn()
  }

  #waitAfter(intent: Intent, verdict: Verdict): void {
    this.waits.after(intent, verdict)
    this.#show(intent, true)
  }

  /** All that are not open, and not being dialed, have their turns anew. */
  #back(): void {
    for (const intent of this.links.all()) {
      if (intent.openedAt !== undefined || intent.rare?.dial) continue
      this.waits.back(intent)
      this.#show(intent, true)
    }
  }

  #dial(intent: Intent): void {
    this.#dials.begin(intent)
    this.#show(intent)
  }

  #settled(intent: Intent, error: unknown): void {
    if (this.#hub.closed) return
    if (this.links.isSatisfied(intent)) this.#look(intent)
    else if (codeOf(error) === 'DIAL_CANCELLED') this.#waitAfter(intent, 'failed')
    else this.#failed(intent, error ?? noLink())
  }

  #isHealthy({ openedAt }: Intent): boolean {
    const { clock, healthy } = this.#settings
    return openedAt !== undefined && clock.now() - openedAt >= healthy
  }

  #pauses({ initiator, reason }: End): boolean {
    return initiator === 'local' && this.#settings.pausedBy.has(reason)
  }

  /** @param hasChanged Something else than the state has changed. */
  #show(intent: Intent, hasChanged = false): void {
    if (intent.state === 'released') return
    const state = this.#stateOf(intent)
    if (state === intent.state && !hasChanged) return
    intent.state = state
    this.#tell(intent)
  }

  #stateOf(intent: Intent): Kept['state'] {
    if (intent.openedAt !== undefined) return 'connected'
    if (intent.rare?.dial || this.links.isDialed(intent)) return 'connecting'
    return intent.rare?.isPaused || this.waits.pausedFor !== undefined ? 'paused' : 'waiting'
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code
