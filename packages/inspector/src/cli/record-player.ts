import type { Hub } from '@conn-hub/core'
import { readLine } from '../record/read-line.js'
import { type ReplayedHub, replay } from '../record/replay.js'
import type { Inspector } from '../serve.js'

/** Shows a hub at an address that stays the same. */
export type Serve = (hub: Hub<unknown>) => Promise<Inspector>

/** A record that is shown at one moment of it, and moved to another. */
export class RecordPlayer {
  readonly #lines: readonly string[]
  readonly #times: readonly number[]
  readonly #serve: Serve
  #hub: ReplayedHub = replay([])
  #inspector: Inspector | undefined
  #place = 0
  #moving: Promise<void> = Promise.resolve()

  /** Lines that are none are left out, and the end of the last run, too: a closed hub shows nothing. */
  constructor(text: string, serve: Serve) {
    const read = text
      .split('\n')
      .map((line) => [line, readLine(line)] as const)
      .filter(([, line]) => line)
    while (read.at(-1)?.[1]?.type === 'close') read.pop()
    this.#lines = read.map(([line]) => line)
    this.#times = read.map(([, line]) => line?.at ?? 0)
    this.#serve = serve
  }

  /** How many lines there are. */
  get length(): number {
    return this.#lines.length
  }

  /** How many of them have been told. */
  get place(): number {
    return this.#place
  }

  get url(): string {
    return this.#inspector?.url ?? ''
  }

  /** How many entries there are at this moment. */
  get size(): number {
    return this.#hub.size
  }

  /** In ms since 1970, of the line that was told last. */
  get at(): number {
    return this.#times[Math.max(0, this.#place - 1)] ?? 0
  }

  get from(): number {
    return this.#times[0] ?? 0
  }

  /** The place right after everything up to a moment. */
  placeAt(at: number): number {
    const later = this.#times.findIndex((time) => time > at)
    return later < 0 ? this.length : later
  }

  /** One move after another. A hub cannot go back: the record is told anew, and the page comes back by itself. */
  goTo(place: number): Promise<void> {
    this.#moving = this.#moving.then(() => this.#goTo(Math.min(this.length, Math.max(0, place))))
    return this.#moving
  }

  async close(): Promise<void> {
    await this.#inspector?.close()
  }

  async #goTo(place: number): Promise<void> {
    if (!this.#inspector || place < this.#place) {
      await this.#inspector?.close()
      this.#hub = replay(this.#lines)
      this.#place = 0
      // Served first: the page knows what is told from then on.
      this.#inspector = await this.#serve(this.#hub)
    }
    while (this.#place < place && this.#hub.next()) this.#place++
  }
}
