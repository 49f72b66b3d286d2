import type { Metadata, Refusal, Session } from '@conn-hub/core'
import { checkNames, expect } from './errors.js'
import { createHash } from './hash.js'
import type { RecordedError, RecordedSession } from './lines.js'

/** What `record()` and `logTo()` can be given, both. */
export interface WordsOptions {
  /**
   * Where given, addresses, keys and the other side's words are written as hashes under this secret (HMAC-SHA-256, cut at 128 bits), and
   * messages of errors not at all. At least 16 characters. The same salt gives the same hashes, so that two records can be compared.
   */
  readonly salt?: string | undefined
  /** Makes of an entry's metadata what is written of it, as JSON. Default: nothing of it is written. */
  readonly data?: ((data: Metadata) => unknown) | undefined
}

export const WORDS_OPTIONS = ['salt', 'data']

/** In characters: longer texts are cut. */
const MAX = { address: 4_096, text: 500, data: 4_096 }

/** Makes what others said fit for a record: short, and hidden where that was asked for. */
export interface Words {
  readonly name: (text: string) => string
  readonly optionalName: (text: string | undefined) => string | undefined
  readonly text: (text: string) => string
  readonly reason: (reason: string, isTheirs: boolean) => string
  readonly error: (error: unknown) => RecordedError | undefined
  readonly session: (session: Session<unknown>) => RecordedSession
  readonly data: (data: Metadata) => unknown
  readonly refusal: (refusal: Refusal) => Omit<Refusal, 'by' | 'why'> & { by: string; why: string }
}

/** Throws `INVALID_OPTION`. */
export const createWords = (options: WordsOptions): Words => {
  const { salt, data: pick } = options
  const isSalt = salt === undefined || (typeof salt === 'string' && salt.length >= 16)
  expect(isSalt, 'salt', 'a secret text of at least 16 characters')
  expect(pick === undefined || typeof pick === 'function', 'data', 'a function')
  const hash = salt === undefined ? undefined : createHash(salt)

  const name = (text: string): string => (hash ? hash(text) : cut(text, MAX.address))
  const optionalName = (text: string | undefined) =>
    typeof text === 'string' ? name(text) : undefined
  const text = (given: string): string => cut(given, MAX.text)
  const sessions = new WeakMap<Session<unknown>, RecordedSession>()
  let lastId = 0
  return {
    name,
    optionalName,
    text,
    reason: (reason, isTheirs) =>
      hash && isTheirs && reason !== 'session-closed' ? hash(reason) : text(reason),
    error: (error) => (error === undefined ? undefined : toError(error, hash === undefined)),
    session: (session) => {
      let recorded = sessions.get(session)
      if (!recorded) {
        lastId++
        recorded = toSession(session, lastId, optionalName)
        sessions.set(session, recorded)
      }
      return recorded
    },
    data: (data) => (pick ? toData(pick, data) : undefined),
    refusal: ({ by, why, direction, address, key, kind }) => ({
      by: text(by),
      why: text(why),
      direction,
      address: optionalName(address),
      key: optionalName(key),
      kind: kind === undefined ? undefined : text(kind),
    }),
  }
}

const cut = (text: string, max: number): string => (text.length > max ? text.slice(0, max) : text)

/** The session is the transport's own object, and may throw when it is read. */
const toSession = (
  session: Session<unknown>,
  id: number,
  name: (text: string | undefined) => string | undefined,
): RecordedSession => {
  try {
    const { direction, key, kind } = session
    return {
      id,
      direction,
      key: name(key),
      kind: typeof kind === 'string' ? cut(kind, MAX.text) : undefined,
    }
  } catch {
    return { id, direction: 'inbound' }
  }
}

/** What was thrown can be anything, and may throw when it is read. */
const toError = (error: unknown, withMessage: boolean): RecordedError => {
  try {
    const { code, message = error } = Object(error) as { code?: unknown; message?: unknown }
    return {
      code: typeof code === 'string' ? cut(code, MAX.text) : undefined,
      message: withMessage ? cut(String(message), MAX.text) : undefined,
    }
  } catch {
    return { message: 'an error that cannot be printed' }
  }
}

/** As JSON gives it back: it must not change after it was recorded. */
const toData = (pick: (data: Metadata) => unknown, data: Metadata): unknown => {
  try {
    const json = JSON.stringify(pick(data))
    if (json === undefined) return undefined
    return json.length > MAX.data ? `[${json.length} characters]` : JSON.parse(json)
  } catch {
    return '[unreadable]'
  }
}

export const checkWords = (options: WordsOptions, more: readonly string[]): void =>
  checkNames(options, [...WORDS_OPTIONS, ...more])
