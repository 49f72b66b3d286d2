import type { Hub } from '@conn-hub/core'
import { type ChangeSet, createView, type View } from '@conn-hub/core/view'
import type { Journal } from '../journal.js'
import { toPlainEntry } from '../plain/entry.js'
import type { PlainEntry } from '../protocol.js'
import { nextPart, toMessage } from './messages.js'

/** A new page gets at most this many past events. */
const TAIL = 2_000

/**
 * The messages for one reader. They are made one by one, when there is room for them. Entries come before
 * events: a reader that has an event has the entries after it.
 */
export class Feed {
  readonly #journal: Journal
  readonly #view: View<ChangeSet<unknown>>
  /** The reader knows the events up to this `seq`. */
  #sent: number
  /** Events before this `seq` are not for this reader. */
  readonly #from: number
  #isNew = true
  #toldClosed = false

  /** `after`: the `seq` that a reader got before it lost its link. */
  constructor(hub: Hub<unknown>, journal: Journal, after: number | undefined) {
    this.#journal = journal
    this.#view = createView(hub, 'changes')
    this.#sent = after ?? 0
    this.#from = after ?? journal.seq - TAIL
  }

  start(wake: () => void): void {
    this.#view.start(wake)
  }

  stop(): void {
    this.#view.stop()
  }

  /** All messages that are due now. */
  *now(): Generator<string> {
    const { seq, closedAt } = this.#journal
    yield* this.#entries(seq)
    yield* this.#events(seq)
    if (closedAt === undefined || this.#toldClosed) return
    this.#toldClosed = true
    yield toMessage('closed', { at: closedAt })
  }

  *#entries(seq: number): Generator<string> {
    const changes = this.#view.take()
    if (!changes && !this.#isNew) return
    const { added = [], changed = [], removed = [] } = changes ?? {}
    const set = toPlainEntries(added, changed)
    // What left and came back is set anew.
    const back = new Set(added.map(({ address }) => address))
    const gone = removed.map(({ address }) => address).filter((address) => !back.has(address))
    if (this.#isNew) {
      this.#isNew = false
      const { part, more } = nextPart(set)
      yield toMessage('snapshot', { seq, entries: part, ...flag(more) }, this.#place(seq))
      if (!more) return
    }
    const left = gone.values()
    for (let more = true; more; ) {
      const setPart = nextPart(set)
      const gonePart = nextPart(left)
      more = setPart.more || gonePart.more
      const data = { seq, set: setPart.part, gone: gonePart.part, ...flag(more) }
      yield toMessage('changes', data, this.#place(seq))
    }
  }

  *#events(until: number): Generator<string> {
    while (this.#sent < until) {
      const { part } = nextPart(this.#journal.after(Math.max(this.#sent, this.#from)))
      const [first] = part
      const last = part.at(-1)
      if (!first || !last) return
      const missed = first.seq - this.#sent - 1
      this.#sent = last.seq
      yield toMessage('events', { events: part, missed }, this.#place(last.seq))
    }
  }

  /** The position of the reader once it has this message; none while earlier events are still to come. */
  #place(seq: number): string | undefined {
    return this.#sent < seq ? undefined : `${this.#journal.id}.${seq}`
  }
}

function* toPlainEntries(
  ...lists: Iterable<Parameters<typeof toPlainEntry>[0]>[]
): Generator<PlainEntry> {
  for (const list of lists) for (const entry of list) yield toPlainEntry(entry)
}

const flag = (more: boolean): { more?: true } => (more ? { more } : {})
