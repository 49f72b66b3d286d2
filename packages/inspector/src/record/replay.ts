import type { Hub, Metadata } from '@conn-hub/core'
import { hubError } from './errors.js'
import { Fold } from './fold.js'
import type { Line } from './lines.js'
import { Listeners } from './listeners.js'
import { readLine } from './read-line.js'
import { createRuns } from './runs.js'
import { tellTo } from './tell-to.js'

/**
 * A hub that does again what was recorded, as far as it was told to go on. It can be read and listened to as any other. It cannot be acted
 * on: `connect()`, `disconnect()`, `update()` and `reset()` fail with `READ_ONLY`. Sessions have no handle.
 */
export interface ReplayedHub<D extends Metadata = Metadata> extends Hub<undefined, D> {
  /** The moment at which it is, in ms since 1970; `undefined` before the first line. */
  readonly at: number | undefined
  /** How many lines could not be read. */
  readonly skipped: number
  /** Tells the next line. `false`: there is none, or the hub is closed: it closes with the last run of the record. Throws `UNKNOWN_VERSION`. */
  next(): boolean
  /** Tells all lines up to this moment, and all that are left where there is none. Throws `UNKNOWN_VERSION`. */
  play(until?: number): void
}

/**
 * Makes a hub of a record: nothing has happened in it yet, so that whoever listens first hears all. It goes on by `next()` and
 * `play()`.
 *
 * @param lines The text of a record, or its lines.
 *
 * @example
 * const hub = replay(text)
 * hub.on('*', ({ seq, type, address }) => console.log(seq, type, address))
 * hub.play()
 */
export const replay = <D extends Metadata = Metadata>(
  lines: string | Iterable<string>,
): ReplayedHub<D> => {
  const isText = typeof lines === 'string'
  if (!isText && typeof lines?.[Symbol.iterator] !== 'function') {
    throw hubError('INVALID_OPTION', 'The first argument must be a text, or lines of text.')
  }
  // What the metadata in a record is, is the caller's word: a file has no type.
  return new LiveReplay(isText ? lines.split('\n') : lines) as unknown as ReplayedHub<D>
}

const refuse = (): never => {
  throw hubError(
    'READ_ONLY',
    'This hub is replayed from a record: it can be read, and not be acted on.',
  )
}

class LiveReplay implements ReplayedHub {
  readonly connect: Hub<undefined>['connect']
  readonly disconnect: Hub<undefined>['disconnect']
  readonly reset: Hub<undefined>['reset']
  readonly update: Hub<undefined>['update']
  readonly get: Hub<undefined>['get']
  readonly getState: Hub<undefined>['getState']
  readonly byKey: Hub<undefined>['byKey']
  readonly entries: Hub<undefined>['entries']
  readonly snapshot: Hub<undefined>['snapshot']
  readonly on: Hub<undefined>['on']
  readonly subscribe: Hub<undefined>['subscribe']
  readonly close: Hub<undefined>['close']
  readonly next: ReplayedHub['next']
  readonly play: ReplayedHub['play']
  declare readonly size: number
  declare readonly closed: boolean
  declare readonly at: number | undefined
  declare readonly skipped: number

  constructor(lines: Iterable<string>) {
    const fold = new Fold()
    const listeners = new Listeners()
    const runs = createRuns()
    const rest = lines[Symbol.iterator]()
    let coming: Line | undefined
    let at: number | undefined
    let skipped = 0
    let isClosed = false
    let isTelling = false
    /** What follows a line of a newer shape must not be told either. */
    let unknown: unknown

    const read = (text: string) => {
      try {
        return readLine(text)
      } catch (error) {
        unknown = error
        throw error
      }
    }
    const peek = (): Line | undefined => {
      while (!coming && !isClosed) {
        if (unknown !== undefined) throw unknown
        const { done, value } = rest.next()
        if (done) return undefined
        coming = read(value)
        if (!coming && value.trim() !== '') skipped++
      }
      return coming
    }
    const close = () => {
      if (isClosed) return
      isClosed = true
      listeners.emit('close', undefined)
      listeners.clear()
    }
    const take = (line: Line) => {
      coming = undefined
      at = line.at
      if (line.type !== 'close') return void tellTo(listeners, fold, runs, line)
      runs.end()
      // Where more follows, the app was started anew: the hub goes on with that.
      if (!peek()) close()
    }

    this.next = () => {
      // A listener that asks for more gets it after what it hears.
      const line = isTelling ? undefined : peek()
      if (!line) return false
      isTelling = true
      try {
        take(line)
      } finally {
        isTelling = false
      }
      return true
    }
    this.play = (until = Number.POSITIVE_INFINITY) => {
      if (isTelling) return
      for (let line = peek(); line && line.at <= until; line = peek()) this.next()
    }
    this.connect = async () => refuse()
    this.disconnect = async () => refuse()
    this.reset = async () => refuse()
    this.update = refuse
    this.get = (address) => fold.get(address)
    this.getState = (address) => fold.get(address)?.state
    this.byKey = (key) => fold.snapshot().filter((entry) => entry.key === key)
    this.entries = () => fold.entries()
    this.snapshot = () => fold.snapshot()
    this.on = (type, listener, options) => {
      if (isClosed) throw hubError('HUB_CLOSED', 'This replay is over. Replay the record anew.')
      return listeners.on(type, listener, options)
    }
    this.subscribe = (wake) => (isClosed ? () => {} : listeners.on('change', () => wake()))
    this.close = async () => close()
    Object.defineProperties(this, {
      size: { enumerable: true, get: () => fold.size },
      closed: { enumerable: true, get: () => isClosed },
      at: { enumerable: true, get: () => at },
      skipped: { enumerable: true, get: () => skipped },
    })
    Object.freeze(this)
  }
}
