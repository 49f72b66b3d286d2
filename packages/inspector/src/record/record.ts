import type { Hub, Metadata } from '@conn-hub/core'
import { checkHub, expect } from './errors.js'
import { LiveRecorder, printRecord } from './live-recorder.js'
import type { Sink } from './outbox.js'
import { checkWords, createWords, type WordsOptions } from './words.js'

/** What `record()` is given. */
export interface RecordOptions extends WordsOptions {
  /** After how many characters the next part begins, not counting the entries that a part begins with: what a rotating sink puts into one file. Default 16 000 000. */
  readonly part?: number | undefined
  /** How many characters may wait for the sink, at least 65 536. Default 8 000 000: what comes then is lost, and told. */
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

/** In characters: the longest line fits in. */
const LEAST_WAITING = 65_536
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
  const { part = 16_000_000, waiting = 8_000_000, onError = printRecord } = options
  expect(Number.isFinite(part) && part > 0, 'part', 'a number above 0')
  const isEnough = Number.isFinite(waiting) && waiting >= LEAST_WAITING
  expect(isEnough, 'waiting', `a number from ${LEAST_WAITING}`)
  expect(typeof onError === 'function', 'onError', 'a function')
  // It is looked at from outside: no handle and no type of metadata is needed.
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
