import { cutMiddle } from '../../../src/plain/cut-middle.js'
import type { PlainEntry, PlainEvent } from '../../../src/protocol.js'

/** Marks that change how the text around them is read, that show nothing, or that pass for a space: what others wrote must not reorder the page, or hide. */
const INVISIBLE = /(?! )[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** Text that others chose, on one line, with what cannot be seen made visible. */
export const visible = (text: string): string =>
  text.replace(INVISIBLE, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`)

/** At most so many characters: the beginning, and the end, which tells addresses of one host apart. */
export const shorten = (text: string, length: number): string => visible(cutMiddle(text, length))

/** `1.2 MB`, by thousands. */
export const bytes = (count: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = count
  let unit = 0
  for (; value >= 1_000 && unit < units.length - 1; unit++) value /= 1_000
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

/** How long, in the largest unit: `12 s`, `3 min`, `5 h`, `2 d`. */
export const age = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}

const two = (number: number) => String(number).padStart(2, '0')

/** `14:05:09`, where the reader is. */
export const clock = (at: number): string => {
  const date = new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
}

/** `2026-11-22 14:05:09`, where the reader is. */
export const dateAndClock = (at: number): string => {
  const date = new Date(at)
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${clock(at)}`
}

/** Why: `reason, by the other side: CODE: message`. */
export const why = ({
  reason,
  initiator,
  error,
}: Pick<PlainEvent, 'reason' | 'initiator' | 'error'>): string => {
  const who = initiator === 'remote' ? 'by the other side' : initiator && 'by this side'
  const cause = error && [error.code, error.message].filter(Boolean).join(': ')
  return [reason, reason && who, cause].filter(Boolean).join(' · ')
}

/** Why, in at most so many characters: what broke it in the end, without advice; its code, where that alone fits; or else the reason. */
export const briefly = (
  { error, reason }: Pick<PlainEvent, 'reason' | 'error'>,
  room: number,
): string => {
  const [words] = error?.message.split(': ').at(-1)?.split('. ') ?? []
  // That a dial failed is known already.
  const code = error?.code === 'DIAL_FAILED' ? undefined : error?.code
  const isLong = words !== undefined && words.length > room
  return shorten((isLong && code) || words || code || reason || '', room)
}

/** How often it was tried to reach who is down. */
export const tried = (tries: number): string =>
  tries === 0 ? 'not tried since' : tries === 1 ? '1 try' : `${tries.toLocaleString('en')} tries`

/** What a screen reader says of a port. */
export const describePort = (
  number: number,
  kind: string,
  address: string,
  entry?: PlainEntry,
  label?: string,
): string =>
  [
    `${visible(kind)} ${number}`,
    entry ? entry.state : 'dark',
    entry?.direction === 'both' ? 'inbound and outbound' : entry?.direction,
    label && shorten(label, 40),
    shorten(address, 60),
  ]
    .filter(Boolean)
    .join(', ')
