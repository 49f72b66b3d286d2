import type { Address, Hub, Session } from '@conn-hub/core'
import type { WatchedLink } from '../model/liveness.js'
import { Schedule } from '../time/schedule.js'
import { Link, type Question } from './link.js'
import type { Settings } from './options.js'
import { ask, canProbe } from './signs.js'

/** So large a part of the silence is left to chance, so that links that opened together are not asked together. */
const SPREAD = 1 / 4

/** Links are asked at whole hundredths of the timeout: to wake up for each alone would cost more than to ask. */
const GRID = 1 / 100

/** When all are asked, their questions begin within this part of the timeout. */
const BURST = 1 / 5

/** A deadline that is seen so late, in ms, says nothing: the process stood still, and the answer may lie unread. */
const LATE = 1_000

/** The rules: when a link is asked, and what its silence means. */
export class Watching<S> {
  readonly links = new Map<Session<S>, Link<S>>()
  isClosed = false
  readonly #hub: Hub<S, never>
  readonly #settings: Settings
  readonly #tell: (link: WatchedLink<S>) => void
  readonly #onOver: () => void
  readonly #schedule: Schedule<Link<S>>

  /** @param onOver The hub has closed, and nobody has heard of it. */
  constructor(
    hub: Hub<S, never>,
    settings: Settings,
    tell: (link: WatchedLink<S>) => void,
    onOver: () => void,
  ) {
    this.#hub = hub
    this.#settings = settings
    this.#tell = tell
    this.#onOver = onOver
    const { clock, keepAlive } = settings
    this.#schedule = new Schedule<Link<S>>({
      clock,
      keepAlive,
      all: () => this.links.values(),
      hasRounds: () => this.links.size > 0,
      onDue: (link) => this.#due(link),
      onJump: () => this.askAll(),
      onRound: () => this.#lookRound(),
    })
  }

  add(address: Address, session: Session<S>): void {
    if (this.isClosed || this.links.has(session)) return
    const link = new Link(address, session)
    this.links.set(session, link)
    if (canProbe(session)) return void this.#rest(link, this.#now)
    link.state = 'unknown'
    this.#schedule.arm()
  }

  remove(session: Session<S>): void {
    const link = this.links.get(session)
    if (!link) return
    this.links.delete(session)
    this.#schedule.remove(link)
    link.stopAsking()
  }

  /** After a sleep, or a change of network: what was asked before says nothing any more. */
  askAll(): void {
    const { timeout, random } = this.#settings
    const now = this.#now
    for (const link of this.links.values()) {
      if (link.state === 'unknown') continue
      link.stopAsking()
      link.misses = 0
      link.beQuiet(now)
      link.deadline = now + timeout
      this.#set(link, now + random() * timeout * BURST)
    }
  }

  /** A sign of life, however it came. */
  heard(session: Session<S>, at = this.#now): void {
    const link = this.links.get(session)
    if (!link || link.state === 'unknown') return
    link.stopAsking()
    link.misses = 0
    const wasSilent = link.state === 'silent'
    link.state = 'alive'
    this.#rest(link, at)
    if (wasSilent) this.#tell(link)
  }

  close(): void {
    this.isClosed = true
    for (const session of this.links.keys()) this.remove(session)
    this.#schedule.stop()
  }

  /** Where the stack was full when a session came or went, nobody has heard of it. */
  #lookRound(): void {
    if (this.#hub.closed) return void this.#onOver()
    const open = new Set<Session<S>>()
    for (const { address, sessions } of this.#hub.entries()) {
      for (const session of sessions) {
        open.add(session)
        this.add(address, session)
      }
    }
    for (const session of this.links.keys()) if (!open.has(session)) this.remove(session)
  }

  get #now(): number {
    return this.#settings.clock.now()
  }

  /** To stop a question runs foreign code, which may have closed the link. */
  #set(link: Link<S>, at: number): void {
    if (this.links.get(link.session) === link) this.#schedule.set(link, at)
  }

  #due(link: Link<S>): void {
    const now = this.#now
    const heardAt = link.heardSince(now)
    if (heardAt !== undefined) this.heard(link.session, heardAt)
    else if (!this.#settings.online.get()) this.#rest(link, now)
    else if (link.question) this.#unanswered(link, link.question, now)
    else this.#ask(link, now)
  }

  /** Nothing is asked as long as it may be silent; one that was silent already is asked sooner. */
  #rest(link: Link<S>, from: number): void {
    const { silence, timeout, random } = this.#settings
    link.stopAsking()
    link.beQuiet(from)
    link.deadline = undefined
    const patience = link.state === 'silent' ? timeout : silence * (1 - random() * SPREAD)
    const at = from + patience
    this.#set(link, at - (at % (timeout * GRID)))
  }

  #ask(link: Link<S>, now: number): void {
    const { timeout } = this.#settings
    link.stopAsking()
    const until = link.deadline ?? now + timeout
    const question: Question = { controller: new AbortController(), until }
    link.deadline = undefined
    link.question = question
    this.#set(link, until)
    ask(link.session, question.controller.signal, () => {
      if (link.question !== question) return
      // It is answered: to abort it would cost more than to ask.
      link.question = undefined
      this.heard(link.session)
    })
  }

  #unanswered(link: Link<S>, { until }: Question, now: number): void {
    if (now - until > LATE) return void this.#ask(link, now)
    link.misses++
    if (link.misses < this.#settings.misses) this.#ask(link, now)
    else this.#silent(link, now)
  }

  #silent(link: Link<S>, now: number): void {
    const wasSilent = link.state === 'silent'
    link.state = 'silent'
    this.#rest(link, now)
    if (!wasSilent) this.#tell(link)
    link.misses = 0
    if (this.#settings.onSilent === 'report' || !this.links.has(link.session)) return
    const { address, session } = link
    this.#hub.disconnect(address, { session, reason: 'unresponsive' }).catch(() => {})
  }
}
