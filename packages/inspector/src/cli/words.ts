import { printable } from '@conn-hub/core'
import { cutMiddle } from '../plain/cut-middle.js'
import type { PlainDown, PlainEvent } from '../protocol.js'

const MAX_LENGTH = 60

/** What others say may be long, and may hold what steers a terminal. */
export const short = (text: string, length = MAX_LENGTH): string => {
  const safe = printable(text.slice(0, 4 * length)).replace(/\s+/g, ' ')
  return safe.length <= length ? safe : `${safe.slice(0, length - 1)}…`
}

/** The address without what says little to people: of a key, the first letters. */
export const bareAddress = (address: string): string =>
  printable(address.replace(/~shs:(.{5}).*$/, '~$1…')).replace(/\s+/g, ' ')

/** The same, cut in the middle. */
export const shortAddress = (address: string): string => cutMiddle(bareAddress(address), MAX_LENGTH)

/** What happened, in a few words. */
export const describeEvent = ({
  type,
  direction,
  reason,
  initiator,
  error,
}: PlainEvent): string => {
  const why = error ? `: ${short(error.message)}` : ''
  if (type === 'connected') return `connected, ${short(direction ?? '')}`
  if (type === 'disconnecting') return `disconnecting: ${short(reason ?? '')}`
  if (type !== 'disconnected') return short(type) + why
  return initiator === 'local'
    ? `disconnected by us: ${short(reason ?? '')}`
    : `disconnected by them${why}`
}

/** Why somebody is down, in a few words. */
export const describeDown = ({ tries, isTrying, reason, error }: PlainDown): string => {
  const tried = tries === 0 ? '' : tries === 1 ? '1 try, ' : `${tries} tries, `
  const running = isTrying ? 'trying, ' : ''
  // The last part of a message is what tells.
  return running + tried + short(error?.message.split(': ').at(-1) ?? reason ?? '')
}

/** A duration in one unit. */
export const age = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  const hours = Math.floor(seconds / 3_600)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}
