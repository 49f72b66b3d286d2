const brand = Symbol.for('@conn-hub/HubError')

/**
 * What went wrong, for programs. Transports may add codes of their own.
 *
 * | code | what happened |
 * | --- | --- |
 * | `INVALID_ADDRESS` | the address is no string, is empty, or the transport cannot read it |
 * | `ADDRESS_TOO_LONG` | the address has more than 4096 characters |
 * | `INVALID_OPTION` | an option has the wrong type or range |
 * | `INVALID_DATA` | the metadata is no plain object, or reading it threw |
 * | `HUB_CLOSED` | the hub has been closed |
 * | `ABORTED` | the caller's signal ended this wait |
 * | `WAIT_TIMEOUT` | the caller's own `timeout` ended this wait for a running dial |
 * | `DIAL_FAILED` | the transport could not open a session; `cause` is its error |
 * | `DIAL_TIMEOUT` | the transport did not answer within the deadline |
 * | `DIAL_CANCELLED` | somebody disconnected the address during the dial |
 * | `DIAL_SELF` | the address is our own |
 * | `SESSION_CLOSED` | the session had closed again before it could be used |
 * | `CLOSE_FAILED` | the transport could not close a session; `cause` is its error |
 * | `CLOSE_TIMEOUT` | a session did not close within the deadline |
 * | `TRANSPORT_BROKEN` | the transport broke the rules of its port |
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
  | 'SESSION_CLOSED'
  | 'CLOSE_FAILED'
  | 'CLOSE_TIMEOUT'
  | 'TRANSPORT_BROKEN'

/**
 * The one class of errors that a hub makes. `message` says what happened and what to do; `code` never
 * changes; `cause` is the error below, as it was thrown.
 */
export class HubError extends Error {
  override readonly name = 'HubError'
  readonly code: HubErrorCode | (string & {})
  declare readonly cause?: unknown

  constructor(
    code: HubErrorCode | (string & {}),
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options)
    this.code = code
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
    // A proxy may throw whatever it is asked.
    return false
  }
}

/** Gives errors of the world below a code; those that have one keep it. */
export const toHubError = (code: HubErrorCode, what: string, cause: unknown): HubError =>
  isHubError(cause) ? cause : new HubError(code, `${what}: ${messageOf(cause)}`, { cause })

/** Never throws and never grows long, whatever was thrown. */
const messageOf = (cause: unknown): string => {
  try {
    return String(cause instanceof Error ? cause.message : cause).slice(0, 500)
  } catch {
    return 'an error that cannot be printed'
  }
}
