import type { Address, Metadata, Session } from '../model/connection.js'
import { HubError } from '../model/errors.js'
import type { HubEvents } from '../model/events.js'
import type { ConnectOptions, DisconnectOptions, HubOptions } from '../model/options.js'
import { isFunction, isObject, isPlainObject, isString, kindOf } from './guards.js'
import { shortText } from './printable.js'
import type { Signal } from './signal.js'
import { MAX_DELAY } from './timer.js'

// What callers give is checked here for type, before anything changes. It is their own process: their getters may run.

/** Longer addresses are refused before anything reads them. */
export const MAX_ADDRESS_LENGTH = 4096

export function checkAddress(address: unknown): asserts address is Address {
  if (typeof address !== 'string' || address === '') {
    throw new HubError(
      'INVALID_ADDRESS',
      `An address must be a string that is not empty, not ${kindOf(address)}.`,
    )
  }
  if (address.length > MAX_ADDRESS_LENGTH) {
    throw new HubError(
      'ADDRESS_TOO_LONG',
      `An address may have ${MAX_ADDRESS_LENGTH} characters; this one has ${address.length}.`,
    )
  }
}

export const DELAY = `a number of ms from 1 to ${MAX_DELAY}`

export const isDelay = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1 && value <= MAX_DELAY

const isSignal = (value: unknown): value is Signal =>
  isObject(value) &&
  typeof value.aborted === 'boolean' &&
  isFunction(value.addEventListener) &&
  isFunction(value.removeEventListener)

type Rule = readonly [fits: (value: unknown) => boolean, what: string]

/** What each option must be where it is given; one name means the same everywhere. */
const RULES: { readonly [name: string]: Rule } = {
  dialTimeout: [isDelay, DELAY],
  closeTimeout: [isDelay, DELAY],
  holdTimeout: [isDelay, DELAY],
  timeout: [isDelay, DELAY],
  onError: [isFunction, 'a function'],
  key: [isString, 'a string'],
  reason: [isString, 'a string'],
  signal: [isSignal, 'an AbortSignal'],
}

export function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

/** Throws where one is not what it must be, or has a name that is not known: a slip of the pen, or metadata in the place of options. */
export const checkOptions = (options: unknown, known: readonly string[]): void => {
  // An `AbortController` has a signal; a Map, a Date or the signal itself are slips of the pen.
  const mayBe =
    isPlainObject(options) ||
    (isObject(options) && !isSignal(options) && known.some((name) => name in options))
  const names = known.join(', ')
  expect(mayBe, `an object with ${names}`, 'options')
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    throw new HubError(
      'INVALID_OPTION',
      `There is no option "${shortText(name)}". The options here are ${names}.`,
    )
  }
  for (const name of known) {
    const [fits, what] = RULES[name] ?? []
    if (options[name] !== undefined && fits) expect(fits(options[name]), `${what}`, name)
  }
}

export const readHubOptions = <S>(options: HubOptions<S>) => {
  checkOptions(options, ['transport', 'dialTimeout', 'closeTimeout', 'holdTimeout', 'onError'])
  const { transport, dialTimeout = 30_000, closeTimeout = 5_000, holdTimeout = 600_000 } = options
  const { describe, dial, listen } = transport ?? {}
  expect(isFunction(describe), 'an object with describe()', 'transport')
  expect(isFunction(dial), 'an object with dial()', 'transport')
  expect(listen === undefined || isFunction(listen), 'a function', 'transport.listen')
  return { transport, dialTimeout, closeTimeout, holdTimeout, onError: options.onError }
}

/** What a `connect()` asks for. */
export interface ConnectRequest {
  readonly data?: Metadata | undefined
  readonly key?: string | undefined
  readonly signal?: Signal | undefined
  /** In ms. */
  readonly timeout?: number | undefined
}

export const readConnectOptions = (options?: ConnectOptions): ConnectRequest => {
  if (options === undefined) return {}
  checkOptions(options, ['data', 'key', 'signal', 'timeout'])
  const { data, key, signal, timeout } = options
  return { data: data === undefined ? data : copyData(data), key, signal, timeout }
}

/** What a `disconnect()` asks for. */
export interface DisconnectRequest<S> {
  readonly reason: string
  readonly signal?: Signal | undefined
  readonly session?: Session<S> | undefined
}

export const readDisconnectOptions = <S>(options?: DisconnectOptions<S>): DisconnectRequest<S> => {
  if (options === undefined) return { reason: 'disconnect' }
  checkOptions(options, ['reason', 'signal', 'session'])
  // Nothing in the place of a session is a session that has left, and does not stand for all of them.
  const names = !('session' in options) || isObject(options.session)
  expect(names, 'a session of the entry', 'session')
  const { reason = 'disconnect', signal, session } = options
  return { reason, signal, session }
}

const LISTENABLE: readonly unknown[] = [
  'connecting',
  'connecting-failed',
  'connected',
  'disconnecting',
  'disconnecting-failed',
  'disconnected',
  '*',
  'session',
  'session-closed',
  'change',
  'refused',
  'error',
  'close',
] satisfies (keyof HubEvents<unknown>)[]

export const checkListening = (type: unknown, listener: unknown, options: unknown): void => {
  expect(LISTENABLE.includes(type), `one of ${LISTENABLE.join(', ')}`, 'type')
  expect(isFunction(listener), 'a function', 'listener')
  if (options !== undefined) checkOptions(options, ['signal'])
}

/** A copy without the fields that are `undefined`. */
export const copyData = (data: unknown): Metadata => {
  if (!isPlainObject(data)) {
    throw new HubError(
      'INVALID_DATA',
      `Metadata must be a plain object of named fields, not ${kindOf(data).replace('an object', 'an instance of a class')}.`,
    )
  }
  const copy: Record<string, unknown> = { ...data }
  for (const name in copy) if (copy[name] === undefined) delete copy[name]
  return copy
}
