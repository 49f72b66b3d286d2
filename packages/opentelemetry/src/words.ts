import type { ConnectionEvent } from '@conn-hub/core'

// What others chose must not become series without end: each text is one of a list, or `other`.

/** Why connections end: words of the hub, of what stands above it, and of the transports of this house. */
const REASONS = new Set([
  ...['session-closed', 'disconnect', 'reset', 'hub-closed', 'aborted', 'wrong-peer'],
  ...['unresponsive', 'duplicate', 'limit', 'idle', 'max-age', 'inspector', 'lost', 'going-away'],
  ...['refused', 'try-later', 'restart', 'failed', 'unauthorized', 'forbidden', 'too-big'],
  ...['protocol-error', 'unsupported', 'not-utf8'],
])

/** Why sessions and dials are turned away by the hub itself. */
export const WHYS_OF_THE_HUB = [
  ...['late', 'wrong-peer', 'disconnecting', 'hub-closed', 'self', 'broken'],
] as const

const WHYS = new Set<string>([
  ...WHYS_OF_THE_HUB,
  ...['full', 'not-listening', 'timeout', 'failed', 'limit', 'refused', 'try-later', 'draining'],
  ...['queue-full', 'queue-timeout', 'unauthorized', 'forbidden', 'origin', 'subprotocol'],
  ...['not-ready', 'hello-timeout'],
])

export const ORIGINS = ['listener', 'transport'] as const

const OTHER = 'other'

export const reasonOf = (reason: string): string => (REASONS.has(reason) ? reason : OTHER)

export const whyOf = (why: string): string => (WHYS.has(why) ? why : OTHER)

export const originOf = (origin: string): string =>
  (ORIGINS as readonly string[]).includes(origin) ? origin : OTHER

/** The first so many different texts, printable and of no more than 64 characters, as they are; whatever comes later is `rest`, for ever. */
export const firstOf = (most: number, rest: string): ((text: string) => string) => {
  const known = new Set<string>()
  return (text) => {
    if (known.has(text)) return text
    const isWord = text.length <= MAX_TEXT && PRINTABLE.test(text)
    if (known.size === most || !isWord) return rest
    known.add(text)
    return text
  }
}

const MAX_TEXT = 64

/** Halves of surrogate pairs among them: all those come out as the same character, and two series of one name break a scrape. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]+$/u

/** How many kinds have series of their own. */
const MOST_KINDS = 16

/** The label of a kind of link; none where it has none. */
export type KindOf = (kind: string | undefined) => string | undefined

export const createKinds = (): KindOf => {
  const first = firstOf(MOST_KINDS, OTHER)
  return (kind) => (kind === undefined ? undefined : first(kind))
}

/** The codes of `connect()` in core. */
const CODES = new Set([
  ...['DIAL_FAILED', 'DIAL_TIMEOUT', 'DIAL_CANCELLED', 'DIAL_SELF', 'WRONG_PEER'],
  ...['SESSION_CLOSED', 'TRANSPORT_BROKEN', 'ABORTED', 'HUB_CLOSED', 'INVALID_ADDRESS'],
])

/** How many codes of transports have series of their own. */
const MOST_CODES = 16

/** `error.type` of a dial that ends with this event; none: it worked. OpenTelemetry's own word for the rest is `_OTHER`. */
export const createErrorTypes = () => {
  const first = firstOf(MOST_CODES, '_OTHER')
  return (event: ConnectionEvent<unknown> | undefined): string | undefined => {
    const code = codeOf(event)
    if (code === undefined || CODES.has(code)) return code
    return /^[A-Z][A-Z0-9_]*$/.test(code) ? first(code) : '_OTHER'
  }
}

const codeOf = (event: ConnectionEvent<unknown> | undefined): string | undefined => {
  if (event?.type === 'connecting-failed') return String(event.error.code)
  if (event?.type !== 'disconnecting') return undefined
  if (event.reason === 'aborted') return 'ABORTED'
  return event.reason === 'hub-closed' ? 'HUB_CLOSED' : 'DIAL_CANCELLED'
}
