import type { PlainEvent } from '../../../src/protocol.js'
import { pushBounded } from './bounded.js'

export const TIMELINE_LIMIT = 5_000

/** One line of the timeline. `id` counts the lines of this page: `seq` starts anew with each hub. */
export type Line =
  | { readonly id: number; readonly event: PlainEvent }
  /** So many events that nobody remembers. */
  | { readonly id: number; readonly missed: number }
  /** From here on it is another hub: the app was restarted. */
  | { readonly id: number; readonly restarted: true }

type Content = { event: PlainEvent } | { missed: number } | { restarted: true }

/** What happened, oldest first: at most `TIMELINE_LIMIT` lines, and a tenth more for a while. */
export class Timeline {
  readonly lines: Line[] = []
  #lastId = 0

  add(contents: readonly Content[]): void {
    const lines = contents.map((content): Line => ({ id: ++this.#lastId, ...content }))
    pushBounded(this.lines, lines, TIMELINE_LIMIT)
  }
}
