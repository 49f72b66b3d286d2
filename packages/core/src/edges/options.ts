import type { Address, Metadata } from '../model/connection.js'
import { HubError } from '../model/errors.js'
import type { HubEvents } from '../model/events.js'
import type { ConnectOptions, DisconnectOptions, HubOptions } from '../model/options.js'
import { isFunction, isObject, isPlainObject, kindOf } from './guards.js'
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

const HUB = ['transport', 'dialTimeout', 'closeTimeout', 'holdTimeout', 'onError']
const CONNECT = ['data', 'key', 'signal', 'timeout']
const DISCONNECT = ['reason', 'signal', 'session']
const LISTEN = ['signal']

export const readHubOptions = <S>(options: HubOptions<S>) => {
  checkNames(options, HUB)
  const { transport, dialTimeout = 30_000, closeTimeout = 5_000, holdTimeout = 600_000 } = options
  expect(isObject(transport), 'an object with describe() and dial()', 'transport')
  expect(isFunction(transport.describe), 'an object with describe()', 'transport')
  expect(isFunction(transport.dial), 'an object with dial()', 'transport')
  const listens = transport.listen === undefined || isFunction(transport.listen)
  expect(listens, 'a function', 'transport.listen')
  expect(isDelay(dialTimeout), DELAY, 'dialTimeout')
  expect(isDelay(closeTimeout), DELAY, 'closeTimeout')
  expect(isDelay(holdTimeout), DELAY, 'holdTimeout')
  const { onError } = options
  expect(onError === undefined || isFunction(onError), 'a function', 'onError')
  return { transport, dialTimeout, closeTimeout, holdTimeout, onError }
}

/** What a `connect()` asks for. */
export interface ConnectRequest {
  readonly data: Metadata | undefined
  readonly key: string | undefined
  readonly signal: Signal | undefined
  /** In ms. */
  readonly timeout: number | undefined
}

const PLAIN_REQUEST: ConnectRequest = {
  data: undefined,
  key: undefined,
  signal: undefined,
  timeout: undefined,
}

export const readConnectOptions = (options?: ConnectOptions): ConnectRequest => {
  if (options === undefined) return PLAIN_REQUEST
  checkNames(options, CONNECT)
  const { data, key, signal, timeout } = options
  expect(key === undefined || typeof key === 'string', 'a string', 'key')
  expect(timeout === undefined || isDelay(timeout), DELAY, 'timeout')
  checkSignal(signal)
  return { data: data === undefined ? undefined : copyData(data), key, signal, timeout }
}

export const readDisconnectOptions = <S>(options: DisconnectOptions<S> = {}) => {
  const given: object = options
  checkNames(given, DISCONNECT)
  const { reason = 'disconnect', signal, session } = options
  expect(typeof reason === 'string', 'a string', 'reason')
  const isSession: boolean = session === undefined || isObject(session)
  expect(isSession, 'a session of the entry', 'session')
  checkSignal(signal)
  return { reason, signal: signal as Signal | undefined, session }
}

const LISTENABLE: Record<keyof HubEvents<unknown>, true> = {
  connecting: true,
  'connecting-failed': true,
  connected: true,
  disconnecting: true,
  'disconnecting-failed': true,
  disconnected: true,
  '*': true,
  session: true,
  'session-closed': true,
  change: true,
  refused: true,
  error: true,
  close: true,
}

export const readListener = (
  type: unknown,
  listener: unknown,
  options: unknown = {},
): Signal | undefined => {
  const known = typeof type === 'string' && Object.hasOwn(LISTENABLE, type)
  expect(known, `one of ${Object.keys(LISTENABLE).join(', ')}`, 'type')
  checkListener(listener)
  checkNames(options, LISTEN)
  checkSignal(options.signal)
  return options.signal
}

export function checkListener(listener: unknown): void {
  expect(isFunction(listener), 'a function', 'listener')
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

export const DELAY = `a number of ms from 1 to ${MAX_DELAY}`

export function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

/** A name that is not known is a slip of the pen, or metadata in the place of options. */
export function checkNames(
  options: unknown,
  known: readonly string[],
): asserts options is Record<string, unknown> {
  expect(isObject(options) && !Array.isArray(options), 'an object', 'options')
  // An `AbortController` has a signal; a Map, a Date or the signal itself are slips of the pen.
  const mayBe =
    isPlainObject(options) || (!isSignal(options) && known.some((name) => name in options))
  expect(mayBe, `an object with ${known.join(', ')}`, 'options')
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    throw new HubError(
      'INVALID_OPTION',
      `There is no option "${shortText(name)}". The options here are ${known.join(', ')}.`,
    )
  }
}

export const isDelay = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1 && value <= MAX_DELAY

export function checkSignal(signal: unknown): asserts signal is Signal | undefined {
  expect(signal === undefined || isSignal(signal), 'an AbortSignal', 'signal')
}

const isSignal = (value: unknown): value is Signal =>
  isObject(value) &&
  typeof value.aborted === 'boolean' &&
  isFunction(value.addEventListener) &&
  isFunction(value.removeEventListener)
