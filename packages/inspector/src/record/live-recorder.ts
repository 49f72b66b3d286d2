import type { Connection, Hub } from '@conn-hub/core'
import { print } from './errors.js'
import { type Line, VERSION } from './lines.js'
import { Outbox, type Sink, tooSlow, unref } from './outbox.js'
import { tellLines, toRecordedEntry } from './tell.js'
import { createToText } from './to-text.js'
import type { Words } from './words.js'

/** So many entries are told in one go when a part begins. */
const SLICE = 500
/** In ms: between a loss and the next part. */
const PAUSE = 1_000
/** In ms: between slices where the sink does not follow. */
const SLOWLY = 50
/** What begins a part, and what ends the record, begin no other one, however short a part is. */
const FRAME: ReadonlySet<Line['type']> = new Set(['begin', 'entry', 'ready', 'close'])
/** In ms. */
const STOP_TIMEOUT = 5_000

export interface Bounds {
  readonly part: number
  readonly waiting: number
  readonly onError: (error: unknown) => void
}

/** Makes lines of what a hub tells, and parts of lines. */
export class LiveRecorder {
  readonly outbox: Outbox
  lost = 0
  readonly #hub: Hub<unknown>
  readonly #words: Words
  readonly #toText = createToText()
  readonly #bounds: Bounds
  /** Told in each part: a reader must not take two starts of an app for one. */
  readonly #run = createRun()
  readonly #stopListening: () => void
  /** Entries that this part has still to tell. */
  #rest: Iterator<Connection<unknown>> | undefined
  /** Of this part, in characters. */
  #size = 0
  /** Lost since the last part began: nothing is written until one begins. */
  #missing = 0
  #stopping: Promise<void> | undefined
  #timer: unknown

  constructor(hub: Hub<unknown>, sink: Sink, words: Words, bounds: Bounds) {
    this.#hub = hub
    this.#words = words
    this.#bounds = bounds
    this.outbox = new Outbox(sink, bounds.waiting, (lines, error) => {
      this.#lose(lines)
      this.#tell(error)
    })
    this.#begin()
    this.#stopListening = tellLines(hub, words, (line) => {
      if (line.type === 'close') this.#close(line)
      else this.#write(line)
    })
  }

  stop(): Promise<void> {
    if (this.#stopping) return this.#stopping
    this.#stopListening()
    clearTimeout(this.#timer as number)
    this.#rest = undefined
    this.#stopping = new Promise((resolve) => {
      const timer = setTimeout(resolve, STOP_TIMEOUT)
      unref(timer)
      // Not inside the delivery of `close`.
      Promise.resolve()
        .then(() => this.outbox.flush())
        .then(() => {
          clearTimeout(timer)
          resolve()
        })
    })
    return this.#stopping
  }

  #begin(): void {
    const lost = this.#missing
    this.#missing = 0
    this.#size = 0
    this.outbox.begin()
    this.#write({ type: 'begin', version: VERSION, run: this.#run, at: Date.now(), lost })
    // It goes on with entries that come meanwhile; those tell of themselves, too, which harms nobody.
    this.#rest = this.#hub.entries()
    // A delivery may be running, and is over before any promise goes on: what listeners know is what is there then.
    Promise.resolve().then(() => this.#tellEntries())
  }

  /** After a loss the end is a part of its own, where there is room: what was known is gone. */
  #close(line: Line): void {
    if (this.#missing > 0 && !this.#isHalfFull()) {
      this.#begin()
      this.#write({ type: 'ready', at: line.at })
    }
    this.#write(line)
    this.stop()
  }

  #tellEntries(): void {
    const rest = this.#rest
    if (!rest) return
    for (let i = 0; i < SLICE && !this.#isHalfFull(); i++) {
      const { done, value } = rest.next()
      if (done) {
        this.#rest = undefined
        this.#write({ type: 'ready', at: Date.now() })
        // A hub of many entries would begin again and again.
        this.#size = 0
        return
      }
      const entry = toRecordedEntry(value, this.#words)
      if (!this.#write({ type: 'entry', at: Date.now(), entry })) return
    }
    // The hub and the sink come first: a large hub is told slice by slice, no faster than the sink takes it.
    this.#later(() => this.#tellEntries(), this.#isHalfFull() ? SLOWLY : 1)
  }

  #isHalfFull(): boolean {
    return this.outbox.size > this.#bounds.waiting / 2
  }

  #later(run: () => void, ms: number): void {
    clearTimeout(this.#timer as number)
    this.#timer = setTimeout(run, ms)
    unref(this.#timer)
  }

  /** When the sink has taken most of what waits. */
  #beginSoon(): void {
    this.#later(() => {
      if (this.#isHalfFull()) this.#beginSoon()
      else this.#begin()
    }, PAUSE)
  }

  #write(line: Line): boolean {
    if (this.#missing > 0) {
      this.#lose(1)
      return false
    }
    const text = `${this.#toText(line)}\n`
    if (!this.outbox.add(text)) {
      this.#lose(1)
      this.#tell(tooSlow(1))
      return false
    }
    this.#size += text.length
    if (this.#size > this.#bounds.part && !this.#rest && !FRAME.has(line.type)) this.#begin()
    return true
  }

  /** What comes after a gap makes no sense: a part begins anew when the sink has taken what waits. */
  #lose(lines: number): void {
    this.lost += lines
    const isFirst = this.#missing === 0
    this.#missing += lines
    if (!isFirst || this.#stopping) return
    this.#rest = undefined
    this.#beginSoon()
  }

  #tell(error: unknown): void {
    try {
      const result = this.#bounds.onError(error) as PromiseLike<unknown> | undefined
      if (typeof result?.then === 'function') result.then(undefined, printRecord)
    } catch (failure) {
      printRecord(failure)
    }
  }
}

const createRun = (): string =>
  `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`

export const printRecord = (error: unknown): void => print('the record', error)
