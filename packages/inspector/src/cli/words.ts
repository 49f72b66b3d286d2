import { printable } from '@conn-hub/core'
import type { PlainEvent } from '../protocol.js'

const MAX_LENGTH = 60

/** What others say may be long, and may hold what steers a terminal. */
export const short = (text: string, length = MAX_LENGTH): string => {
  const safe = printable(text).replace(/\s+/g, ' ')
  return safe.length <= length ? safe : `${safe.slice(0, length - 1)}…`
}

/** The address with the first letters of its key: the rest is long, and says little to people. */
export const shortAddress = (address: string): string =>
  short(address.replace(/~shs:(.{5}).*$/, '~$1…'))

/** What happened, in a few words. */
export const describeEvent = ({
  type,
  direction,
  reason,
  initiator,
  error,
}: PlainEvent): string => {
  const why = error ? `: ${short(error.message)}` : ''
  if (type === 'connected') return `connected, ${direction}`
  if (type === 'disconnecting') return `disconnecting: ${short(reason ?? '')}`
  if (type !== 'disconnected') return type + why
  return initiator === 'local'
    ? `disconnected by us: ${short(reason ?? '')}`
    : `disconnected by them${why}`
}

/** A duration in one unit. */
export const age = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  return `${Math.floor(seconds / 3_600)} h`
}
