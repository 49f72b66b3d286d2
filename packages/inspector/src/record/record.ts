import type { Connection, Hub, Metadata } from '@conn-hub/core'
import { checkHub, expect } from './errors.js'
import { type Line, VERSION } from './lines.js'
import { Outbox, type Sink, tooSlow, unref } from './outbox.js'
import { tellLines, toRecordedEntry } from './tell.js'
import { checkWords, createWords, type Words, type WordsOptions } from './words.js'

/** What `record()` is given. */
export interface RecordOptions extends WordsOptions {
  /** After how many characters the next part begins, not counting the entries that a part begins with: what a rotating sink puts into one file. Default 16 000 000. */
  readonly part?: number | undefined
  /** How many characters may wait for the sink. Default 8 000 000: what comes then is lost, and told. */
  readonly waiting?: number | undefined
  /** Gets what the sink threw, and a `RECORD_LOST` where it was too slow. Default: it is printed by `console.error`. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** A record that is being written. */
export interface Recorder {
  /** How many lines the sink has taken. */
  readonly written: number
  /** How many were lost, for the sink was too slow, or threw. */
  readonly lost: number
  /** How many characters wait for the sink. */
  readonly waiting: number
  /** Hands over at once what waits, a sink that is not waited for gets it before this returns. Resolves when the sink has taken it. */
  flush(): Promise<void>
  /** The end. Resolves when the sink has taken the rest, or after 5 s. */
  stop(): Promise<void>
}

/** So many entries are told in one go when a part begins. */
const SLICE = 500
/** In ms: between a loss and the next try, and while the sink is slow. */
const PAUSE = 1_000
/** In ms. */
const STOP_TIMEOUT = 5_000

/**
 * Writes what a hub does as lines of JSON, until it closes. The hub waits for nothing: lines wait for the sink, and where it is too slow
 * they are lost, which is told, and a part begins that can be read alone. Throws `INVALID_OPTION`, or `HUB_CLOSED`.
 *
 * @example
 * const recorder = record(hub, (text) => lines.push(text))
 */
export const record = <S, D extends Metadata>(
  hub: Hub<S, D>,
  sink: Sink,
  options: RecordOptions = {},
): Recorder => {
  checkHub(hub)
  expect(typeof sink === 'function', 'sink', 'a function')
  checkWords(options, ['part', 'waiting', 'onError'])
  const { part = 16_000_000, waiting = 8_000_000, onError = print } = options
  expect(part > 0, 'part', 'a number above 0')
  expect(waiting > 0, 'waiting', 'a number above 0')
  expect(typeof onError === 'function', 'onError', 'a function')
  const live = new LiveRecorder(hub as unknown as Hub<unknown>, sink, createWords(options), {
    part,
    waiting,
    onError,
  })
  return Object.freeze({
    get written() {
      return live.outbox.written
    },
    get lost() {
      return live.lost
    },
    get waiting() {
      return live.outbox.size
    },
    flush: () => live.outbox.flush(),
    stop: () => live.stop(),
  })
}

interface Bounds {
  readonly part: number
  readonly waiting: number
  readonly onError: (error: unknown) => void
}

class LiveRecorder {
  readonly outbox: Outbox
  lost = 0
  readonly #hub: Hub<unknown>
  readonly #words: Words
  readonly #bounds: Bounds
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
      this.#write(line)
      if (line.type === 'close') this.stop()
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
    this.#write({ type: 'begin', version: VERSION, at: Date.now(), lost })
    // It goes on with entries that come meanwhile; those tell of themselves, too, which harms nobody.
    this.#rest = this.#hub.entries()
    // A delivery may be running, and is over before any promise goes on: what listeners know is what is there then.
    Promise.resolve().then(() => this.#tellEntries())
  }

  #tellEntries(): void {
    const rest = this.#rest
    if (!rest) return
    for (let i = 0; i < SLICE; i++) {
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
    this.#later(() => this.#tellEntries())
  }

  /** The hub and the sink come first: a large hub is told slice by slice, no faster than the sink takes it. */
  #later(run: () => void, ms = 1): void {
    clearTimeout(this.#timer as number)
    this.#timer = setTimeout(() => {
      const isFull = this.outbox.size > this.#bounds.waiting / 2
      if (isFull) this.#later(run, PAUSE)
      else run()
    }, ms)
    unref(this.#timer)
  }

  #write(line: Line): boolean {
    if (this.#missing > 0) {
      this.#lose(1)
      return false
    }
    const text = `${JSON.stringify(line)}\n`
    if (!this.outbox.add(text)) {
      this.#lose(1)
      this.#tell(tooSlow(1))
      return false
    }
    this.#size += text.length
    if (this.#size > this.#bounds.part && !this.#rest && line.type !== 'close') this.#begin()
    return true
  }

  /** What comes after a gap makes no sense: a part begins anew when the sink has taken what waits. */
  #lose(lines: number): void {
    this.lost += lines
    const isFirst = this.#missing === 0
    this.#missing += lines
    if (!isFirst || this.#stopping) return
    this.#rest = undefined
    this.#later(() => this.#begin(), PAUSE)
  }

  #tell(error: unknown): void {
    try {
      const result = this.#bounds.onError(error) as PromiseLike<unknown> | undefined
      if (typeof result?.then === 'function') result.then(undefined, print)
    } catch (failure) {
      print(failure)
    }
  }
}

const print = (error: unknown): void => {
  try {
    console.error('conn-hub: the record:', error)
  } catch {
    // A test set-up may have replaced the console by one that throws.
  }
}
