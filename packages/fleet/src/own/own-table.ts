import type { Connection, Hub } from '@conn-hub/core'
import { messageOf } from '../edges/failures.js'
import { isThenable } from '../edges/guards.js'
import type { Listeners } from '../edges/listeners.js'
import { FleetError, type FleetErrorCode } from '../model/errors.js'
import type { Published } from '../model/options.js'
import { fieldOf, isText, MAX_TEXT, packEntry } from '../wire/entry.js'

export interface OwnParts<S> {
  readonly hub: Hub<S>
  readonly publish: (entry: Connection<S>) => Published<unknown>
  readonly listeners: Listeners
}

/** What of the own hub the others shall see: read off the hub when it is asked for, so that it cannot drift from it. */
export class OwnTable<S> {
  readonly #parts: OwnParts<S>
  /** What the engine's clock is ahead of ours, in ms; under a second it is taken for none, so that entries do not flicker. */
  skew = 0

  constructor(parts: OwnParts<S>) {
    this.#parts = parts
  }

  /**
   * The value of a field now; `undefined`: nobody is there.
   *
   * @param entry The one of this field, where it is known: to ask the hub takes as long as all the rest.
   */
  valueOf(field: string, entry?: Connection<S>): string | undefined {
    if (field.length > MAX_TEXT + 1)
      return this.#tell('DATA_TOO_BIG', `A key or an address has more than ${MAX_TEXT} characters`)
    // As bytes it would be another text, and the others would not know it again.
    if (!isText(field))
      return this.#tell('DATA_NOT_JSON', 'A key or an address has half a character of UTF-16 in it')
    for (const each of entry ? [entry] : this.#entriesOf(field)) {
      if (each.state !== 'connected' || fieldOf(each) !== field) continue
      const data = this.#dataOf(each)
      if (data !== false) return packEntry(each, data, this.skew)
    }
    return undefined
  }

  #entriesOf(field: string): readonly Connection<S>[] {
    const { hub } = this.#parts
    const text = field.slice(1)
    if (field.startsWith('k')) return hub.byKey(text)
    const entry = hub.closed ? undefined : hub.get(text)
    return entry ? [entry] : []
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

const toJson = (data: unknown): string | undefined => {
  try {
    if (isThenable(data)) return undefined
    return JSON.stringify(data)
  } catch {
    return undefined
  }
}
