import { hubError } from './errors.js'
import { type Line, type RecordedEntry, VERSION } from './lines.js'

// A record may have been damaged, or sent by a stranger: what is not as it should be is no line.

type Fields = Readonly<Record<string, unknown>>

/** The line; `undefined` where it is none. Throws `UNKNOWN_VERSION` where it begins a record of a newer shape. */
export const readLine = (text: string): Line | undefined => {
  // What was written by a tool of Windows may begin with a mark of its encoding.
  const given = parse(text.startsWith(MARK) ? text.slice(MARK.length) : text)
  if (!given || !isTime(given.at)) return undefined
  if (given.type === 'begin' && isNumber(given.version)) checkVersion(given.version)
  // isLine() has looked at each field that its type has.
  return isLine(given) ? (given as unknown as Line) : undefined
}

const MARK = '\ufeff'

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

const EVENTS = [
  ...['connecting', 'connecting-failed', 'connected', 'disconnecting', 'disconnecting-failed'],
  'disconnected',
]
const STEPS = [...EVENTS, 'session', 'session-closed', 'change']

const isLine = (given: Fields): boolean => {
  const { type } = given
  if (type === 'begin')
    return isNumber(given.version) && isNumber(given.lost) && optional(given.run, isString)
  if (type === 'entry') return isEntry(given.entry)
  if (type === 'refused') return isRefused(given)
  if (type === 'error')
    return [given.origin, given.call, given.address ?? ''].every(isString) && isError(given.error)
  if (type === 'ready' || type === 'close') return true
  return STEPS.includes(type as string) && isStep(given)
}

const isRefused = ({ by, why, direction, address, key, kind }: Fields): boolean =>
  isString(by) &&
  isString(why) &&
  isDirection(direction) &&
  [address, key, kind].every((text) => optional(text, isString))

const isError = (given: unknown): boolean =>
  isFields(given) && optional(given.code, isString) && optional(given.message, isString)

const isStep = (given: Fields): boolean => {
  const { address, entry, session } = given
  if (!isString(address) || !optional(given.key, isString)) return false
  if (EVENTS.includes(given.type as string) !== isSeq(given.seq)) return false
  if (!optional(session, isNumber)) return false
  if (!optional(given.reason, isString) || !optional(given.error, isError)) return false
  if (!optional(given.initiator, isInitiator)) return false
  if (session !== undefined && !isDirection(given.direction)) return false
  if (entry === undefined) return given.type !== 'connected'
  if (!isEntry(entry) || entry.address !== address) return false
  return given.type !== 'connected' || entry.state === 'connected'
}

const STATES = ['connecting', 'connected', 'disconnecting']

const isEntry = (given: unknown): given is RecordedEntry => {
  if (!isFields(given) || !isString(given.address) || !STATES.includes(given.state as string))
    return false
  const { key, kind, reason, waits, sessions } = given
  if (![key, kind, reason, waits].every((text) => optional(text, isString))) return false
  if (![given.createdAt, given.since, given.updatedAt].every(isTime)) return false
  if (!Array.isArray(sessions) || !sessions.every(isSession)) return false
  return hasWhatItsStateHas(given, sessions) && isFlat(given.data, MAX_DEPTH)
}

/** Whoever reads an entry that is connected reads its first session. */
const hasWhatItsStateHas = ({ state, reason }: Fields, sessions: readonly unknown[]): boolean => {
  if (state === 'connecting') return sessions.length === 0
  return state === 'connected' ? sessions.length > 0 : reason !== undefined
}

/** What is deeper may leave no room on the stack for whoever goes through it. */
const MAX_DEPTH = 100

const isFlat = (data: unknown, depth: number): boolean =>
  typeof data !== 'object' ||
  data === null ||
  (depth > 0 && Object.values(data).every((value) => isFlat(value, depth - 1)))

const isSession = (given: unknown): boolean =>
  isFields(given) &&
  isNumber(given.id) &&
  isDirection(given.direction) &&
  optional(given.key, isString) &&
  optional(given.kind, isString)

const isFields = (given: unknown): given is Fields =>
  typeof given === 'object' && given !== null && !Array.isArray(given)
const isString = (given: unknown): boolean => typeof given === 'string'
/** `1e999` is JSON, too. */
const isNumber = (given: unknown): boolean => Number.isFinite(given)
/** What a `Date` takes. */
const isTime = (given: unknown): boolean => isNumber(given) && Math.abs(given as number) <= 8.64e15
/** No hub comes further, and whoever counts on must not lose count. */
const isSeq = (given: unknown): boolean =>
  Number.isSafeInteger(given) && Number(given) > 0 && Number(given) <= 1e12
const isInitiator = (given: unknown): boolean => given === 'local' || given === 'remote'
const isDirection = (given: unknown): boolean => given === 'inbound' || given === 'outbound'
const optional = (given: unknown, is: (given: unknown) => boolean): boolean =>
  given === undefined || is(given)
