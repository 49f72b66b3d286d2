import type { Hub } from '@conn-hub/core'
import type { KeepOptions, Kept } from '../model/keeper.js'
import { Dials } from './dials.js'
import { keeperClosed, noLink } from './ends.js'
import { Hearing } from './hearing.js'
import { Intent } from './intent.js'
import { Links } from './links.js'
import { readKeepOptions, readTarget, type Settings } from './options.js'
import { Rules } from './rules.js'
import { Waits } from './waits.js'

/** What the app wants, and what becomes of it. */
export class Keeping {
  readonly links: Links
  readonly waits: Waits
  readonly hearing: Hearing
  isClosed = false
  readonly #hub: Hub<unknown, never>
  readonly #settings: Settings
  readonly #tell: (kept: Kept) => void
  readonly #onOver: () => void
  readonly #dials: Dials
  readonly #rules: Rules
  readonly #begun: number

  /** @param onOver The hub has closed, and nobody has heard of it. */
  constructor(
    hub: Hub<unknown, never>,
    settings: Settings,
    tell: (kept: Kept) => void,
    onOver: () => void,
  ) {
    this.#hub = hub
    this.#settings = settings
    this.#tell = tell
    this.#onOver = onOver
    this.#begun = settings.clock.now()
    this.links = new Links(hub)
    this.#dials = new Dials(hub, (intent, error) => this.#settled(intent, error))
    const { links } = this
    this.waits = new Waits(settings, {
      all: () => links.all(),
      hasRounds: () => !links.isEmpty,
      onDue: (intent) => this.#dial(intent),
      onRound: () => this.#lookRound(),
      onWake: () => this.#back(),
    })
    this.#rules = new Rules({ settings, links, waits: this.waits, dials: this.#dials, tell })
    this.hearing = new Hearing(hub, links, this.#rules)
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
    if (intent.state !== 'released') this.#rules.begun(intent)
    return intent
  }

  now(intent: Intent): void {
    if (intent.state === 'released' || intent.openedAt !== undefined || intent.rare?.dial) return
    if (intent.rare) intent.rare.isPaused = false
    // Whoever calls it at each change is told but once.
    const hasChanged = this.waits.now(intent)
    this.#rules.show(intent, hasChanged)
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
    return this.#rules.isHealthy(intent) ? 0 : intent.failures
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

  /** All that are not open, and not being dialed, have their turns anew. */
  #back(): void {
    for (const intent of this.links.all()) {
      if (intent.openedAt !== undefined || intent.rare?.dial) continue
      this.waits.back(intent)
      this.#rules.show(intent, true)
    }
  }

  /** Where the stack was full when something happened, nobody has heard of it. */
  #lookRound(): void {
    if (this.#hub.closed) return void this.#onOver()
    for (const intent of this.links.all()) this.#rules.look(intent)
  }

  #dial(intent: Intent): void {
    this.#dials.begin(intent)
    this.#rules.show(intent)
  }

  #settled(intent: Intent, error: unknown): void {
    if (this.#hub.closed) return
    if (this.links.isSatisfied(intent)) this.#rules.look(intent)
    else if (codeOf(error) === 'DIAL_CANCELLED') this.#rules.waitAfter(intent, 'failed')
    else this.#rules.failed(intent, error ?? noLink())
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code
