import { isObject, isString } from '../edges/guards.js'
import { MAX_ADDRESS_LENGTH } from '../edges/options.js'
import { check } from '../edges/port.js'
import { shortText } from '../edges/printable.js'
import type { Refusal } from '../model/events.js'
import type { Hub } from '../model/hub.js'
import type { HubSide } from '../model/transport.js'
import type { Ledger } from '../state/ledger.js'

/** The hub as its transport sees it. */
export const createSide = <S>(ledger: Ledger<S>, disconnect: Hub<S>['disconnect']): HubSide<S> => {
  const { get, byKey, entries, size, sessions, refused, report } = ledger
  return Object.freeze({
    get,
    byKey,
    entries,
    get size() {
      return size()
    },
    sessions,
    disconnect,
    refused: (refusal: Refusal) => {
      try {
        refused(readRefusal(refusal))
      } catch (error) {
        report(error, { origin: 'transport', call: 'refused' })
      }
    },
  })
}

const readRefusal = (given: unknown): Refusal => {
  check('what refused() takes', given, isObject, 'an object with by, why and direction')
  const { by, why, direction, address, key, kind, error } = given
  check('by of a refusal', by, isString, 'a string')
  check('why of a refusal', why, isString, 'a string')
  return {
    by: shortText(by),
    why: shortText(why),
    direction: direction === 'inbound' ? direction : 'outbound',
    address: cut(address),
    key: cut(key),
    kind: cut(kind),
    error,
  }
}

/** As long as an address may be. */
const cut = (value: unknown): string | undefined =>
  isString(value) ? value.slice(0, MAX_ADDRESS_LENGTH) : undefined
