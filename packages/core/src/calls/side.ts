import { isObject } from '../edges/guards.js'
import { broken } from '../edges/port.js'
import { shortText } from '../edges/printable.js'
import type { Address } from '../model/connection.js'
import type { Refusal } from '../model/events.js'
import type { Hub } from '../model/hub.js'
import type { HubSide } from '../model/transport.js'
import type { Ledger } from '../state/ledger.js'

/** The hub as its transport sees it. */
export const createSide = <S>(ledger: Ledger<S>, disconnect: Hub<S>['disconnect']): HubSide<S> =>
  Object.freeze({
    get: (address: Address) => ledger.get(address),
    byKey: (key: string) => ledger.byKey(key),
    entries: () => ledger.entries(),
    get size() {
      return ledger.size()
    },
    sessions: Object.freeze({
      get inbound() {
        return ledger.sessions.inbound
      },
      get outbound() {
        return ledger.sessions.outbound
      },
    }),
    disconnect,
    refused: (refusal: Refusal) => {
      try {
        ledger.refused(readRefusal(refusal))
      } catch (error) {
        ledger.report(error, { origin: 'transport', call: 'refused' })
      }
    },
  })

/** An address may be this long; a key and the rest are short. */
const MAX_TEXT = 4096

const readRefusal = (given: unknown): Refusal => {
  if (!isObject(given)) throw broken('refused() takes an object with by, why and direction')
  const { by, why, direction } = given
  if (typeof by !== 'string' || typeof why !== 'string') {
    throw broken('by and why of a refusal must be strings')
  }
  const isInbound = direction === 'inbound'
  return {
    by: shortText(by),
    why: shortText(why),
    direction: isInbound ? 'inbound' : 'outbound',
    address: textOf(given.address),
    key: textOf(given.key),
    kind: textOf(given.kind),
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.slice(0, MAX_TEXT) : undefined
