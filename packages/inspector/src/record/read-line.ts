import { hubError } from './errors.js'
import { type Line, type RecordedEntry, VERSION } from './lines.js'

// A record may have been damaged, or sent by a stranger: what is not as it should be is no line.

type Fields = Readonly<Record<string, unknown>>

/** The line; `undefined` where it is none. Throws `UNKNOWN_VERSION` where it begins a record of a newer shape. */
export const readLine = (text: string): Line | undefined => {
  const given = parse(text)
  if (!given || !isNumber(given.at)) return undefined
  if (given.type === 'begin') checkVersion(given.version)
  return isLine(given) ? (given as unknown as Line) : undefined
}

const parse = (text: string): Fields | undefined => {
  try {
    const given: unknown = JSON.parse(text)
    return isFields(given) ? given : undefined
  } catch {
    return undefined
  }
}

const checkVersion = (version: unknown): void => {
  if (version === VERSION) return
  throw hubError(
    'UNKNOWN_VERSION',
    `This record has version ${String(version).slice(0, 20)}, and this package reads ${VERSION}. Take a newer one.`,
  )
}

const STEPS = [
  ...['connecting', 'connecting-failed', 'connected', 'disconnecting', 'disconnecting-failed'],
  ...['disconnected', 'session', 'session-closed', 'change'],
]

const isLine = (given: Fields): boolean => {
  const { type } = given
  if (type === 'begin') return isNumber(given.lost)
  if (type === 'entry') return isEntry(given.entry)
  if (type === 'refused')
    return isString(given.by) && isString(given.why) && isDirection(given.direction)
  if (type === 'error')
    return isString(given.origin) && isString(given.call) && isFields(given.error)
  if (type === 'ready' || type === 'close') return true
  return STEPS.includes(type as string) && isStep(given)
}

const isStep = (given: Fields): boolean => {
  const { address, entry, session } = given
  if (!isString(address) || !optional(given.key, isString)) return false
  if (!optional(given.seq, isNumber) || !optional(session, isNumber)) return false
  if (!optional(given.reason, isString) || !optional(given.error, isFields)) return false
  if (session !== undefined && !isDirection(given.direction)) return false
  return entry === undefined || (isEntry(entry) && entry.address === address)
}

const STATES = ['connecting', 'connected', 'disconnecting']

const isEntry = (given: unknown): given is RecordedEntry => {
  if (!isFields(given) || !isString(given.address) || !STATES.includes(given.state as string))
    return false
  const { key, kind, reason, waits, sessions } = given
  if (![key, kind, reason, waits].every((text) => optional(text, isString))) return false
  if (![given.createdAt, given.since, given.updatedAt].every(isNumber)) return false
  return Array.isArray(sessions) && sessions.every(isSession)
}

const isSession = (given: unknown): boolean =>
  isFields(given) &&
  isNumber(given.id) &&
  isDirection(given.direction) &&
  optional(given.key, isString) &&
  optional(given.kind, isString)

const isFields = (given: unknown): given is Fields =>
  typeof given === 'object' && given !== null && !Array.isArray(given)
const isString = (given: unknown): boolean => typeof given === 'string'
const isNumber = (given: unknown): boolean => typeof given === 'number'
const isDirection = (given: unknown): boolean => given === 'inbound' || given === 'outbound'
const optional = (given: unknown, is: (given: unknown) => boolean): boolean =>
  given === undefined || is(given)
