import type { Address, Connection, PeerKey } from '@conn-hub/core'
import { isCount, parsed } from '../edges/guards.js'
import type { FleetEntry } from '../model/fleet.js'
import { machineOf } from './record.js'

/** Longer values are no entries of ours. */
export const MAX_VALUE = 8_192

/** Longer keys and addresses, and longer data, are not published. */
export const MAX_TEXT = 4_096

export const fieldOfKey = (key: PeerKey): string => `k${key}`

export const fieldOfAddress = (address: Address): string => `a${address}`

/** By its key where it has one: `find()` asks for that. */
export const keyOfField = (field: string): PeerKey | undefined =>
  field.startsWith('k') ? field.slice(1) : undefined

/** @param skew What the engine's clock is ahead of ours, in ms. */
export const packEntry = (
  { sessions, since, kind }: Connection<unknown>,
  data: string | undefined,
  skew: number,
): string => {
  const head = `${sessions[0]?.direction === 'outbound' ? 1 : 0},${Math.round(since + skew)}`
  if (kind === undefined) return data === undefined ? `[${head}]` : `[${head},0,${data}]`
  const sort = JSON.stringify(kind.slice(0, 256))
  return data === undefined ? `[${head},${sort}]` : `[${head},${sort},${data}]`
}

/** Undefined: it is none of ours. */
export const readEntry = <P>(
  incarnation: string,
  field: string,
  value: string,
  stale?: number,
): FleetEntry<P> | undefined => {
  const packed = isField(field) && value.length <= MAX_VALUE ? parsed(value) : undefined
  if (!Array.isArray(packed)) return undefined
  const [way, since, kind, data] = packed
  const isOurs = (way === 0 || way === 1) && isCount(since)
  if (!isOurs || !(kind === undefined || kind === 0 || typeof kind === 'string')) return undefined
  const key = keyOfField(field)
  return {
    machine: machineOf(incarnation),
    incarnation,
    key,
    ...(key === undefined ? { address: field.slice(1) } : {}),
    kind: typeof kind === 'string' ? kind : undefined,
    direction: way === 1 ? 'outbound' : 'inbound',
    since,
    data,
    ...(stale === undefined ? {} : { stale }),
  }
}

/** Cheaper than to read it: for what comes in thousands, and may never be asked for. */
export const looksLikeEntry = (value: string): boolean =>
  value.length <= MAX_VALUE && /^\[[01],\d+[,\]]/.test(value) && value.endsWith(']')

/** Whether it is the same when it has been bytes: half of a pair of surrogates is not. */
export const isText = (text: string): boolean => {
  // Node 20 has it, and it takes a tenth of the time.
  const { isWellFormed } = text as { isWellFormed?: () => boolean }
  return isWellFormed ? isWellFormed.call(text) : !/\p{Cs}/u.test(text)
}

export const isField = (field: string): boolean =>
  (field.startsWith('k') || field.startsWith('a')) && field.length <= MAX_TEXT + 1
