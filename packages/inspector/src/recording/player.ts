import { setImmediate } from 'node:timers/promises'
import type { Hub } from '@conn-hub/core'
import type { Recording } from '../http/recording.js'
import { Journal } from '../journal.js'
import type { Moment } from '../protocol.js'
import { readLine } from '../record/read-line.js'
import { type ReplayedHub, replay } from '../record/replay.js'

/** So many lines are told in one go: then whoever looks has his turn. */
const SLICE = 1_000
/** In ms: the chart goes back so far, a count a second. */
const SAMPLED = 3_600_000
const SECOND = 1_000

/** The record, told up to a place. */
interface Telling {
  readonly hub: ReplayedHub
  readonly journal: Journal
  readonly release: () => void
  place: number
}

type MovedListener = Parameters<Recording['onMoved']>[0]

/** A record that is shown at one moment of it, and moved to another. */
export class Player implements Recording {
  readonly #lines: readonly string[]
  readonly #times: readonly number[]
  readonly #listeners = new Set<MovedListener>()
  #telling: Telling
  #wanted = 0
  #moving: Promise<void> | undefined

  /** Lines that are none are left out, and the end of the last run, too: a closed hub shows nothing. Throws `UNKNOWN_VERSION`. */
  constructor(text: string) {
    const read = text
      .split('\n')
      .map((line) => [line, readLine(line)] as const)
      .filter(([, line]) => line)
    while (read.at(-1)?.[1]?.type === 'close') read.pop()
    this.#lines = read.map(([line]) => line)
    this.#times = read.map(([, line]) => line?.at ?? 0)
    this.#telling = this.#begin()
  }

  /** Another one after it was moved back: a hub does not go back. */
  get hub(): Hub<unknown> {
    return this.#telling.hub
  }

  get journal(): Journal {
    return this.#telling.journal
  }

  get moment(): Moment {
    const { place } = this.#telling
    const at = this.#times[Math.max(0, place - 1)] ?? 0
    const [from = 0] = this.#times
    return { place, length: this.#lines.length, at, from, to: this.#times.at(-1) ?? 0 }
  }

  /** Where it is, or is going to. */
  get wanted(): number {
    return this.#wanted
  }

  /** The place right after everything up to a moment. */
  placeAt(at: number): number {
    const later = this.#times.findIndex((time) => time > at)
    return later < 0 ? this.#lines.length : later
  }

  /** Resolves when it is there, or where it was wanted meanwhile: the last call counts. */
  goTo(place: number): Promise<void> {
    this.#wanted = Math.min(this.#lines.length, Math.max(0, place))
    this.#moving ??= this.#move()
    return this.#moving
  }

  onMoved(listener: MovedListener): void {
    this.#listeners.add(listener)
  }

  /** Nothing listens to the record any more. */
  close(): void {
    this.#wanted = this.#telling.place
    this.#listeners.clear()
    this.#telling.release()
  }

  async #move(): Promise<void> {
    // What is wanted in the same turn is one move.
    await undefined
    try {
      await this.#moveOn()
    } finally {
      this.#moving = undefined
    }
  }

  async #moveOn(): Promise<void> {
    while (this.#telling.place !== this.#wanted) {
      const isBack = this.#wanted < this.#telling.place
      // It is shown once it is where it shall be: whoever looks sees no run through the whole record.
      const telling = isBack ? this.#begin() : this.#telling
      while (telling.place < this.#wanted) {
        this.#tell(telling)
        if (!isBack) this.#moved(false)
        if (telling.place < this.#wanted) await setImmediate()
      }
      if (!isBack) continue
      this.#telling.release()
      this.#telling = telling
      this.#moved(true)
    }
  }

  #begin(): Telling {
    const hub = replay(this.#lines)
    const journal = new Journal(hub, () => hub.at ?? this.#times[0] ?? 0)
    return { hub, journal, release: journal.hold(), place: 0 }
  }

  #tell(telling: Telling): void {
    const { hub, journal } = telling
    const end = Math.min(this.#wanted, telling.place + SLICE)
    const from = (this.#times[this.#wanted - 1] ?? 0) - SAMPLED
    for (; telling.place < end; telling.place++) {
      const at = this.#times[telling.place] ?? 0
      if (at > from && at - (hub.at ?? at) >= SECOND) journal.kept.samples.settle()
      hub.next()
    }
  }

  #moved(isAnew: boolean): void {
    for (const listener of this.#listeners) listener(isAnew)
  }
}
