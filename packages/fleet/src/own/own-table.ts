import type { Connection, Direction, Hub } from '@conn-hub/core'
import { messageOf } from '../edges/failures.js'
import { isThenable } from '../edges/guards.js'
import type { Listeners } from '../edges/listeners.js'
import { FleetError, type FleetErrorCode } from '../model/errors.js'
import type { Published } from '../model/options.js'
import { isText, MAX_TEXT, packEntry } from '../wire/entry.js'
import type { Slot } from './fields.js'

export interface OwnParts<S> {
  readonly hub: Hub<S>
  readonly publish: (entry: Connection<S>) => Published<unknown>
  readonly listeners: Listeners
}

interface Packed {
  readonly since: number
  readonly kind: string | undefined
  readonly direction: Direction | undefined
  readonly skew: number
  readonly text: string
}

/** What of the own hub the others shall see: read off the hub when it is asked for, so that it cannot drift from it. */
export class OwnTable<S> {
  readonly #parts: OwnParts<S>
  /** What the engine's clock is ahead of ours, in ms; under a second it is taken for none, so that entries do not flicker. */
  skew = 0
  /** The last entry without data, and its text. */
  #packed: Packed = { since: -1, kind: undefined, direction: undefined, skew: 0, text: '' }

  constructor(parts: OwnParts<S>) {
    this.#parts = parts
  }

  *connected(): Generator<Connection<S>> {
    const { hub } = this.#parts
    if (hub.closed) return
    for (const entry of hub.entries()) if (isConnected(entry)) yield entry
  }

  /**
   * The value of a slot now; `undefined`: nobody is there.
   *
   * @param entry Its one entry, where that is known: to ask the hub takes as long as all the rest.
   */
  valueOf(slot: Slot, entry?: Connection<S>): string | undefined {
    if (slot.name.length > MAX_TEXT)
      return this.#tell('DATA_TOO_BIG', `A key or an address has more than ${MAX_TEXT} characters`)
    // As bytes it would be another text, and the others would not know it again.
    if (!isText(slot.name))
      return this.#tell('DATA_NOT_JSON', 'A key or an address has half a character of UTF-16 in it')
    for (const each of entry ? [entry] : this.#entriesOf(slot)) {
      const data = this.#dataOf(each)
      if (data !== false) return this.#pack(slot, each, data)
    }
    return undefined
  }

  #entriesOf({ name, isKey }: Slot): readonly Connection<S>[] {
    const { hub } = this.#parts
    if (isKey) return hub.byKey(name).filter(isConnected)
    const entry = hub.closed ? undefined : hub.get(name)
    return entry && entry.key === undefined && isConnected(entry) ? [entry] : []
  }

  /** Of a burst many have the same text. */
  #pack(slot: Slot, entry: Connection<S>, data: string | undefined): string {
    const skew = this.#skewOf(slot, entry)
    if (data !== undefined) return packEntry(entry, data, skew)
    const { since, kind, sessions } = entry
    const direction = sessions[0]?.direction
    const last = this.#packed
    const isSame = last.since === since && last.kind === kind && last.direction === direction
    if (isSame && last.skew === skew) return last.text
    const text = packEntry(entry, undefined, skew)
    this.#packed = { since, kind, direction, skew, text }
    return text
  }

  /** Who was shown before keeps the time, also where our clock was set meanwhile. */
  #skewOf(slot: Slot, { since }: Connection<S>): number {
    if (slot.since !== since) {
      slot.since = since
      slot.skew = this.skew
    }
    return slot.skew
  }

  /** As JSON; `false`: the entry is not for others. */
  #dataOf(entry: Connection<S>): string | undefined | false {
    let data: unknown
    try {
      data = this.#parts.publish(entry)
    } catch (cause) {
      return this.#tell('PUBLISH_FAILED', `publish() threw: ${messageOf(cause)}`, cause)
    }
    if (data === undefined || data === false) return data
    const json = toJson(data)
    if (json === undefined)
      return this.#tell('DATA_NOT_JSON', 'What publish() gives must be JSON, and no promise')
    if (json.length <= MAX_TEXT) return json
    return this.#tell(
      'DATA_TOO_BIG',
      `What publish() gives may have ${MAX_TEXT} characters as JSON; this has ${json.length}`,
    )
  }

  #tell(code: FleetErrorCode, what: string, cause?: unknown): undefined {
    const rest = code === 'PUBLISH_FAILED' ? '' : ' (the first of its kind is told, and no other)'
    this.#parts.listeners.tell(new FleetError(code, `${what}${rest}.`, { cause }))
    return undefined
  }
}

const isConnected = ({ state }: Connection<unknown>): boolean => state === 'connected'

const toJson = (data: unknown): string | undefined => {
  try {
    if (isThenable(data)) return undefined
    return JSON.stringify(data)
  } catch {
    return undefined
  }
}
