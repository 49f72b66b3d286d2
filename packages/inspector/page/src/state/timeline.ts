import type { PlainEvent } from '../../../src/protocol.js'
import { WEIGHT, weightOfEvent } from './weight.js'

export const TIMELINE_LIMIT = 5_000

/** One line of the timeline. `id` counts the lines of this page: `seq` starts anew with each hub. */
export type Line =
  | { readonly id: number; readonly event: PlainEvent }
  /** So many events that nobody remembers. */
  | { readonly id: number; readonly missed: number }
  /** From here on it is another hub: the app was restarted. */
  | { readonly id: number; readonly restarted: true }

type Content = { event: PlainEvent } | { missed: number } | { restarted: true }

/** What happened, oldest first: at most `TIMELINE_LIMIT` lines of a bounded weight, and a tenth more for a while. */
export class Timeline {
  readonly lines: Line[] = []
  #lastId = 0
  #weight = 0

  clear(): void {
    this.lines.length = 0
    this.#weight = 0
  }

  add(contents: readonly Content[]): void {
    for (const content of contents) {
      const line = { id: ++this.#lastId, ...content }
      this.lines.push(line)
      this.#weight += weightOf(line)
    }
    const { length } = this.lines
    if (length <= TIMELINE_LIMIT * 1.1 && this.#weight <= WEIGHT * 1.1) return
    let first = Math.max(0, length - TIMELINE_LIMIT)
    for (const line of this.lines.slice(0, first)) this.#weight -= weightOf(line)
    for (; this.#weight > WEIGHT; first++) this.#weight -= weightOf(this.lines[first] as Line)
    this.lines.splice(0, first)
  }
}

const weightOf = (line: Line): number => ('event' in line ? weightOfEvent(line.event) : 0)
