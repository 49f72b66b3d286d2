import { randomBytes } from 'node:crypto'
import { type Hub, HubError } from '@conn-hub/core'
import { isLoopback } from './http/access.js'

export interface InspectorOptions {
  /** Default 0: any that is free. The address that is printed has it. */
  readonly port?: number | undefined
  /** Where to listen. Default `127.0.0.1`: this machine alone. */
  readonly host?: string | undefined
  /**
   * Who knows it may look. Default: a new one by chance, each time. One of your own, so that an address stays the
   * same, has at least 32 of the characters `A-Z a-z 0-9 _ -`.
   */
  readonly token?: string | undefined
  /** Whether the page may connect, disconnect and reset. Default false. */
  readonly allowControl?: boolean | undefined
  /** Whether `host` may be seen from other machines. Default false; it is warned of. */
  readonly allowRemote?: boolean | undefined
}

/** Throws a `HubError` with the code `INVALID_OPTION`, or `HUB_CLOSED`. */
export const readOptions = (hub: Hub<unknown>, options: InspectorOptions = {}) => {
  checkHub(hub)
  expect(typeof options === 'object' && options !== null, 'options', 'an object')
  const { port = 0, host = '127.0.0.1', token = newToken() } = options
  const { allowControl = false, allowRemote = false } = options
  const isPort = Number.isInteger(port) && port >= 0 && port <= 65_535
  expect(isPort, 'port', 'a whole number from 0 to 65535')
  expect(typeof host === 'string' && host !== '', 'host', 'a name or an address of this machine')
  const isToken = typeof token === 'string' && /^[\w-]{32,512}$/.test(token)
  expect(isToken, 'token', 'a string of 32 to 512 characters of A-Z a-z 0-9 _ -')
  expect(typeof allowControl === 'boolean', 'allowControl', 'true or false')
  expect(typeof allowRemote === 'boolean', 'allowRemote', 'true or false')
  expect(
    allowRemote || isLoopback(host),
    'host',
    'of this machine alone (127.0.0.1, ::1 or localhost), unless allowRemote is true',
  )
  return { port, host, token, allowControl, allowRemote }
}

const checkHub = (hub: Hub<unknown>): void => {
  expect(isHub(hub), 'hub', 'a hub of createHub()')
  if (hub.closed) throw new HubError('HUB_CLOSED', 'This hub is closed: there is nothing to see.')
}

const isHub = (hub: Partial<Hub<unknown>> | undefined | null): boolean =>
  typeof hub?.on === 'function' && typeof hub.snapshot === 'function'

const newToken = (): string => randomBytes(32).toString('base64url')

function expect(holds: boolean, option: string, what: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}
