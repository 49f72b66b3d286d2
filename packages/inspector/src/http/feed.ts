import type { Connection, Listenable } from '@conn-hub/core'
import type { Journal } from '../journal.js'
import type { ChangeReader } from '../kept/changes.js'
import type { LabelOf } from '../plain/label.js'
import { createAside } from './aside.js'
import { nextPart, PART, toList, toMessage, toRawMessage } from './messages.js'
import type { Recording } from './recording.js'
import type { Shared } from './shared.js'
import type { EntryTexts } from './texts.js'

/** In characters: longer messages are made for each reader, part by part. */
const MOST_SHARED = 4 * PART

/** A new page gets at most this many past events. */
const TAIL = 2_000

export interface FeedSource {
  readonly hub: Pick<Listenable<unknown>, 'snapshot'>
  readonly journal: Journal
  readonly texts: EntryTexts
  readonly labelOf: LabelOf
  readonly recording: Recording | undefined
  readonly shared: Shared
}

/**
 * The messages for one reader. They are made one by one, when there is room for them. Entries come before
 * events: a reader that has an event has the entries after it.
 */
export class Feed {
  readonly #journal: Journal
  readonly #hub: FeedSource['hub']
  readonly #textOf: EntryTexts
  readonly #aside: ReturnType<typeof createAside>
  readonly #recording: Recording | undefined
  readonly #shared: Shared
  #changes: ChangeReader | undefined
  /** The reader knows the events up to this `seq`. */
  #sent: number
  /** Events before this `seq` are not for this reader. */
  readonly #from: number
  #toldSamples = false
  #toldPlace: number | undefined
  #toldClosed = false

  /** `after`: the `seq` that a reader got before it lost its link. */
  constructor(
    { hub, journal, texts, labelOf, recording, shared }: FeedSource,
    after: number | undefined,
  ) {
    this.#journal = journal
    this.#hub = hub
    this.#textOf = texts
    this.#recording = recording
    this.#shared = shared
    this.#toldPlace = recording?.moment.place
    this.#aside = createAside(journal.kept, labelOf)
    this.#sent = after ?? 0
    this.#from = after ?? journal.seq - TAIL
  }

  start(wake: () => void): void {
    this.#changes = this.#journal.kept.changes.read(wake)
  }

  stop(): void {
    this.#changes?.stop()
    this.#changes = undefined
  }

  /** All messages that are due now. */
  *now(): Generator<string | Buffer> {
    const { seq, closedAt } = this.#journal
    yield* this.#moment()
    if (this.#changes) yield* this.#news(this.#changes, seq)
    if (closedAt === undefined || this.#toldClosed) return
    this.#toldClosed = true
    yield toMessage('closed', { at: closedAt })
  }

  /** What is due now and then: once a second is enough. */
  *beside(): Generator<string> {
    if (!this.#toldSamples) {
      this.#toldSamples = true
      yield toMessage('samples', { samples: this.#journal.kept.samples.list() })
    }
    const aside = this.#aside()
    if (aside) yield toMessage('aside', aside)
  }

  /** Entries and events. What fits into some parts is made once for all that miss it. */
  *#news(changes: ChangeReader, seq: number): Generator<string | Buffer> {
    const { id, changes: count } = this.#journal
    const key = [id, changes.at, count, this.#sent, seq].join(' ')
    const known = this.#shared.find(key)
    if (known) {
      changes.pass()
      this.#sent = seq
      yield known
      return
    }
    let text = ''
    const taken = changes.take()
    let isWhole = taken !== undefined
    for (const message of this.#messages(seq, taken)) {
      text += message
      if (text.length < (isWhole ? MOST_SHARED : PART)) continue
      isWhole = false
      yield text
      text = ''
    }
    if (text !== '') yield isWhole ? this.#shared.keep(key, text) : text
  }

  *#messages(seq: number, taken: ReturnType<ChangeReader['take']>): Generator<string> {
    if (!taken) yield* this.#snapshot(seq)
    else if (taken.set.length + taken.gone.length > 0)
      yield* this.#parts(seq, this.#textsOf(taken.set), taken.gone)
    yield* this.#events(seq)
  }

  /** First of all: what follows is of this time. */
  *#moment(): Generator<string> {
    const moment = this.#recording?.moment
    if (!moment || moment.place === this.#toldPlace) return
    this.#toldPlace = moment.place
    // What lies between was not seen by the page.
    this.#toldSamples = false
    yield toMessage('moment', moment)
  }

  *#snapshot(seq: number): Generator<string> {
    const entries = this.#textsOf(this.#hub.snapshot())
    const { part, more } = nextPart(entries)
    const json = `{"seq":${seq},"entries":${toList(part)}${flag(more)}}`
    yield toRawMessage('snapshot', json, this.#place(seq))
    if (more) yield* this.#parts(seq, entries, [])
  }

  *#parts(seq: number, set: Iterator<string>, gone: readonly string[]): Generator<string> {
    const left = gone.map((address) => JSON.stringify(address)).values()
    for (let more = true; more; ) {
      const setPart = nextPart(set)
      const gonePart = nextPart(left)
      more = setPart.more || gonePart.more
      const lists = `"set":${toList(setPart.part)},"gone":${toList(gonePart.part)}`
      yield toRawMessage('changes', `{"seq":${seq},${lists}${flag(more)}}`, this.#place(seq))
    }
  }

  *#textsOf(entries: Iterable<Connection<unknown>>): Generator<string> {
    for (const entry of entries) yield this.#textOf(entry)
  }

  *#events(until: number): Generator<string> {
    while (this.#sent < until) {
      const first = this.#journal.oldestAfter(Math.max(this.#sent, this.#from))
      const { part } = nextPart(this.#journal.textsFrom(first))
      if (part.length === 0) return
      const missed = first - this.#sent - 1
      this.#sent = first + part.length - 1
      const json = `{"events":${toList(part)},"missed":${missed}}`
      yield toRawMessage('events', json, this.#place(this.#sent))
    }
  }

  /** The position of the reader once it has this message; none while earlier events are still to come. */
  #place(seq: number): string | undefined {
    return this.#sent < seq ? undefined : `${this.#journal.id}.${seq}`
  }
}

const flag = (more: boolean): string => (more ? ',"more":true' : '')
