import type { Address, Metadata, PeerKey } from './connection.js'
import { HubError, toHubError } from './errors.js'
import type { HubEvents } from './events.js'
import { isFunction, isObject } from './guards.js'
import { GuardedSignal, type Signal } from './signal.js'
import { MAX_DELAY } from './timer.js'
import type { Transport } from './transport.js'

/** Where an error comes from that nobody waits for. */
export interface ErrorOrigin {
  readonly origin: 'listener' | 'transport'
  /** What was called: the type that the listener listens to, or the method of the transport. */
  readonly call: string
  readonly address?: Address
}

export interface HubOptions<S> {
  readonly transport: Transport<S>
  /** How long a dial may take, in ms. Default 30 000: a slow phone network answers in less. */
  readonly dialTimeout?: number | undefined
  /** How long a session may take to close, in ms. Default 5 000: a round trip, and not much more. */
  readonly closeTimeout?: number | undefined
  /** Gets each error that nobody waits for. By default they are printed by `console.error`. */
  readonly onError?: ((error: unknown, from: ErrorOrigin) => void) | undefined
}

export interface ConnectOptions {
  /** Kept on the entry as it is. On an entry that is there already, it is merged into its metadata. */
  readonly data?: Metadata | undefined
  /** Who the peer is, where the address does not say it. */
  readonly key?: PeerKey | undefined
  /** Ends this call's wait. The dial goes on as long as anybody else waits for it. */
  readonly signal?: AbortSignal | undefined
  /** In ms: how long the dial may take, instead of `dialTimeout`; where a dial runs already, how long this call waits for it. */
  readonly timeout?: number | undefined
}

export interface DisconnectOptions {
  /** Why; events carry it. Default `disconnect`. */
  readonly reason?: string | undefined
  /** Ends this call's wait. The disconnect goes on. */
  readonly signal?: AbortSignal | undefined
}

export interface ListenOptions {
  /** Ends the subscription. */
  readonly signal?: AbortSignal | undefined
}

export interface ViewOptions {
  /** Ends the view quietly, and drops what waits in it. */
  readonly signal?: AbortSignal | undefined
}

/** Which events are lost when more wait than fit: the `drop-oldest` or the `drop-newest`. */
export type Overflow = 'drop-oldest' | 'drop-newest'

/** How many events may wait for a reader, and what becomes of those that do not fit. */
export interface EventsBuffer {
  /**
   * How many events may wait for the reader, from 1 to 1 000 000. Default 1 000: a burst of a large hub fits,
   * and a reader that never comes back costs well under 1 MB, not counting what the sessions in the events hold.
   */
  readonly capacity?: number | undefined
  /** Default `drop-oldest`. Either way the gap shows in `seq`. */
  readonly overflow?: Overflow | undefined
}

export interface EventsOptions extends ViewOptions, EventsBuffer {}

/** Longer addresses are refused before anything reads them. */
export const MAX_ADDRESS_LENGTH = 4096

const DIAL_TIMEOUT = 30_000
const CLOSE_TIMEOUT = 5_000

export function checkAddress(address: unknown): asserts address is Address {
  if (typeof address !== 'string' || address === '') {
    throw new HubError('INVALID_ADDRESS', 'An address must be a string that is not empty.')
  }
  if (address.length > MAX_ADDRESS_LENGTH) {
    throw new HubError(
      'ADDRESS_TOO_LONG',
      `An address may have ${MAX_ADDRESS_LENGTH} characters; this one has ${address.length}.`,
    )
  }
}

/** The caller's getters run while options are read, before anything has changed; what they throw gets a name. */
const reader =
  <A extends unknown[], O>(read: (...given: A) => O) =>
  (...given: A): O => {
    try {
      return read(...given)
    } catch (cause) {
      throw toHubError('INVALID_OPTION', 'Reading the options threw', cause)
    }
  }

export const readHubOptions = reader(<S>(options: HubOptions<S>) => {
  expect(isObject(options), 'an object', 'options')
  const { transport, dialTimeout = DIAL_TIMEOUT, closeTimeout = CLOSE_TIMEOUT, onError } = options
  const complete =
    isObject(transport) && isFunction(transport.describe) && isFunction(transport.dial)
  expect(complete, 'an object with describe() and dial()', 'transport')
  expect(
    transport.listen === undefined || isFunction(transport.listen),
    'a function',
    'transport.listen',
  )
  expect(isDelay(dialTimeout), DELAY, 'dialTimeout')
  expect(isDelay(closeTimeout), DELAY, 'closeTimeout')
  expect(onError === undefined || isFunction(onError), 'a function', 'onError')
  return { transport, dialTimeout, closeTimeout, onError }
})

export const readConnectOptions = reader((options: ConnectOptions = {}) => {
  expect(isObject(options), 'an object', 'options')
  const { data, key, signal, timeout } = options
  expect(key === undefined || typeof key === 'string', 'a string', 'key')
  expect(timeout === undefined || isDelay(timeout), DELAY, 'timeout')
  return {
    data: data === undefined ? undefined : copyData(data),
    key,
    signal: readSignal(signal),
    timeout,
  }
})

export const readDisconnectOptions = reader((options: DisconnectOptions = {}) => {
  expect(isObject(options), 'an object', 'options')
  const { reason = 'disconnect', signal } = options
  expect(typeof reason === 'string', 'a string', 'reason')
  return { reason, signal: readSignal(signal) }
})

const LISTENABLE: Record<keyof HubEvents<unknown>, true> = {
  connecting: true,
  'connecting-failed': true,
  connected: true,
  disconnecting: true,
  'disconnecting-failed': true,
  disconnected: true,
  '*': true,
  change: true,
  close: true,
}

export const readListener = reader(
  (type: unknown, listener: unknown, options: ListenOptions = {}) => {
    const known = typeof type === 'string' && Object.hasOwn(LISTENABLE, type)
    expect(known, `one of ${Object.keys(LISTENABLE).join(', ')}`, 'type')
    expect(isFunction(listener), 'a function', 'listener')
    expect(isObject(options), 'an object', 'options')
    return { signal: readSignal(options.signal) }
  },
)

const VIEWS = ['events', 'entries', 'changes']
const DEFAULT_CAPACITY = 1_000
const MAX_CAPACITY = 1_000_000

export const readEventsOptions = reader((view: string, options: EventsOptions = {}) => {
  expect(VIEWS.includes(view), `one of ${VIEWS.join(', ')}`, 'view')
  expect(isObject(options), 'an object', 'options')
  const { signal, capacity = DEFAULT_CAPACITY, overflow = 'drop-oldest' } = options as EventsOptions
  const fits = Number.isInteger(capacity) && capacity >= 1 && capacity <= MAX_CAPACITY
  expect(fits, `a whole number from 1 to ${MAX_CAPACITY}`, 'capacity')
  const known = overflow === 'drop-oldest' || overflow === 'drop-newest'
  expect(known, "'drop-oldest' or 'drop-newest'", 'overflow')
  return { signal: readSignal(signal), capacity, overflow }
})

/** A copy without the fields that are `undefined`. Getters run here, before anything has changed. */
export const copyData = (data: unknown): Metadata => {
  try {
    if (!isObject(data) || Array.isArray(data)) {
      throw new HubError('INVALID_DATA', 'Metadata must be an object of named fields.')
    }
    const copy: Record<string, unknown> = { ...data }
    for (const name of Object.keys(copy)) if (copy[name] === undefined) delete copy[name]
    return copy
  } catch (cause) {
    throw toHubError('INVALID_DATA', 'Reading the metadata threw', cause)
  }
}

const DELAY = `a number of ms from 1 to ${MAX_DELAY}`

function expect(holds: boolean, what: string, option: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}

const isDelay = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1 && value <= MAX_DELAY

const readSignal = (signal: unknown): Signal | undefined => {
  expect(signal === undefined || isSignal(signal), 'an AbortSignal', 'signal')
  return signal && new GuardedSignal(signal)
}

/** By shape, because a signal may come from another realm or a polyfill. */
const isSignal = (value: unknown): value is AbortSignal =>
  isObject(value) &&
  typeof value.aborted === 'boolean' &&
  isFunction(value.addEventListener) &&
  isFunction(value.removeEventListener)
