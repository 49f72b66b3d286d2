import type { Address } from './connection.js'

const brand = Symbol.for('@conn-hub/HubError')

/**
 * What went wrong, for programs. Transports may add codes of their own.
 *
 * | code | what happened |
 * | --- | --- |
 * | `INVALID_ADDRESS` | the address is no string, is empty, or the transport cannot read it |
 * | `ADDRESS_TOO_LONG` | the address has more than 4096 characters |
 * | `INVALID_OPTION` | an option has the wrong type or range, or a name that is not known |
 * | `INVALID_DATA` | the metadata is no plain object |
 * | `HUB_CLOSED` | the hub has been closed |
 * | `ABORTED` | the caller's signal ended this wait |
 * | `WAIT_TIMEOUT` | the caller's own `timeout` ended this wait for a running dial |
 * | `DIAL_FAILED` | the transport could not open a session; `cause` is its error |
 * | `DIAL_TIMEOUT` | the transport did not answer within the deadline, or the dial was held for too long |
 * | `DIAL_CANCELLED` | somebody disconnected the address during the dial |
 * | `DIAL_SELF` | the address is our own |
 * | `WRONG_PEER` | a session proved another key than the one expected |
 * | `SESSION_CLOSED` | the session had closed again before it could be used |
 * | `CLOSE_FAILED` | the transport could not close a session; `cause` is its error |
 * | `CLOSE_TIMEOUT` | a session did not close within the deadline |
 * | `TRANSPORT_BROKEN` | the transport broke a rule of transports |
 * | `TRANSPORT_IN_USE` | a decorated transport, or an acceptor, serves one hub, and another one asked it to listen |
 */
export type HubErrorCode =
  | 'INVALID_ADDRESS'
  | 'ADDRESS_TOO_LONG'
  | 'INVALID_OPTION'
  | 'INVALID_DATA'
  | 'HUB_CLOSED'
  | 'ABORTED'
  | 'WAIT_TIMEOUT'
  | 'DIAL_FAILED'
  | 'DIAL_TIMEOUT'
  | 'DIAL_CANCELLED'
  | 'DIAL_SELF'
  | 'WRONG_PEER'
  | 'SESSION_CLOSED'
  | 'CLOSE_FAILED'
  | 'CLOSE_TIMEOUT'
  | 'TRANSPORT_BROKEN'
  | 'TRANSPORT_IN_USE'

/**
 * The one class of errors that a hub makes.
 *
 * @example
 * try {
 *   await hub.connect('mem:nobody')
 * } catch (error) {
 *   if (isHubError(error) && error.code === 'DIAL_FAILED') console.log(error.message, error.cause)
 * }
 */
export class HubError extends Error {
  /** `HubError`, also where a bundler has renamed the class. */
  override readonly name = 'HubError'
  /** What happened, for programs. It never changes. */
  readonly code: HubErrorCode | (string & {})
  /** The error below, as it was thrown. */
  declare readonly cause?: unknown

  constructor(
    code: HubErrorCode | (string & {}),
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options)
    this.code = code
  }

  /** What goes into JSON: without the stack, and without the cause, which may hold anything. */
  toJSON(): { name: string; code: string; message: string } {
    return { name: this.name, code: this.code, message: this.message }
  }

  get [brand](): true {
    return true
  }
}

/** Whether `error` was made by a hub, also where another copy of this package made it. */
export const isHubError = (error: unknown): error is HubError => {
  try {
    return typeof error === 'object' && error !== null && brand in error
  } catch {
    // What a transport throws may be a proxy, which may throw whatever it is asked.
    return false
  }
}

/** Gives errors of the world below a code; those that have one keep it. Never grows long, whatever was thrown. */
export const toHubError = (code: HubErrorCode, what: string, cause: unknown): HubError =>
  isHubError(cause)
    ? cause
    : new HubError(code, `${what}: ${textOf(cause, 'message').slice(0, 500)}`, { cause })

/** The text of an error, or of what was thrown in the place of one. Never throws. */
export const textOf = (error: unknown, part: 'message' | 'stack'): string => {
  try {
    return String((error instanceof Error && error[part]) || error)
  } catch {
    return 'an error that cannot be printed'
  }
}

/** Where an error comes from that nobody waits for. */
export interface ErrorOrigin {
  /** Whose code failed: a `listener` of the app, or the `transport`. */
  readonly origin: 'listener' | 'transport'
  /** What was called: the type that the listener listens to, or the method of the transport. */
  readonly call: string
  /** The address that it was about, where it was about one. */
  readonly address?: Address
}
