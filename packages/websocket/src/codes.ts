import { HubError, printable } from '@conn-hub/core'

/** How a link ended: what `onClosed()` tells. */
export interface Ended {
  readonly error?: HubError | undefined
  readonly reason?: string | undefined
}

/**
 * The reasons that have a code of closing, both ways; of several with one code it is read as the first. The last are reasons of the hub, and of
 * what stands above it, that the other side should understand.
 */
const CODES: Readonly<Record<string, number>> = {
  'going-away': 1001,
  'protocol-error': 1002,
  unsupported: 1003,
  lost: 1006,
  'not-utf8': 1007,
  refused: 1008,
  'too-big': 1009,
  failed: 1011,
  restart: 1012,
  'try-later': 1013,
  unauthorized: 3000,
  forbidden: 3003,
  'hub-closed': 1001,
  'wrong-peer': 1008,
  limit: 1013,
}

const reasonOf = (code: number): string | undefined =>
  Object.keys(CODES).find((reason) => CODES[reason] === code)

/** 1006 means that no code came: it cannot be sent. */
const known = (reason: string): number | undefined =>
  Object.hasOwn(CODES, reason) && reason !== 'lost' ? CODES[reason] : undefined

/** Pages may send 1000 and 3000 to 4999 alone: there each of the others has a twin. */
const TWIN = 4900 - 1000

/** The code that tells a reason to the other side. */
export const codeOf = (reason: string): number =>
  known(reason) ?? Number(/^closed-(4\d{3})$/.exec(reason)?.[1] ?? 1000)

/** The same, as a page may send it. */
export const pageCodeOf = (code: number): number =>
  code > 1000 && code < 3000 ? code + TWIN : code

/** How a link ended that the other side, or the network, has closed. */
export const endedBy = (sent: number, text: string, cause?: unknown): Ended => {
  const code = reasonOf(sent - TWIN) ? sent - TWIN : sent
  const known = reasonOf(code)
  const reason = known ?? (code >= 4000 ? `closed-${code}` : undefined)
  if (code === 1006) return { reason, error: lost(cause) }
  if (text === '' && (reason === undefined || code === 1001)) return { reason }
  const words = text && `: "${printable(text)}"`
  const error = new HubError(
    known ? errorCodeOf(known) : 'LINK_CLOSED',
    `The other side closed the link with ${code}${reason ? ` (${reason})` : ''}${words}.`,
  )
  return { reason, error }
}

/** How a link ends that we close for what the other side did. */
export const refusedFor = (code: number, what: string, cause?: unknown): Ended => {
  const reason = reasonOf(code) ?? 'refused'
  return { reason, error: new HubError(errorCodeOf(reason), what, { cause }) }
}

export const lost = (cause?: unknown): HubError =>
  new HubError(
    'LINK_LOST',
    `The link broke${cause instanceof Error ? `: ${cause.message}` : ', and nobody said why'}.`,
    { cause },
  )

/** Of an error that refuses a link, the code that tells it to the other side. */
export const closeCodeOf = (errorCode: string): number =>
  known(errorCode.toLowerCase().replace(/_/g, '-')) ?? 1008

const errorCodeOf = (reason: string): string => reason.toUpperCase().replace(/-/g, '_')

/** As much of a text as fits into a close frame, in whole characters. */
export const closeText = (text: string): string =>
  text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(123)).read)
