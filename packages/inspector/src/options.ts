import { randomBytes } from 'node:crypto'
import { type Address, type Hub, HubError } from '@conn-hub/core'
import { isLoopback } from './http/access.js'
import type { Labelled } from './kept/down.js'

/** A view of many machines: `joinFleet()` of `@conn-hub/fleet`, or anything like it. */
export interface FleetLike {
  machines(): unknown
  find(key: string): unknown
}

export interface InspectorOptions<L = Labelled> {
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
  /** Names by which a proxy in front is asked, like `ops.example.com`; with a port where that one alone is meant. Default none. */
  readonly allowedHosts?: readonly string[] | undefined
  /** Where a proxy passes its paths on as they are: what comes before the token, like `/hub/`. Default `/`. */
  readonly basePath?: string | undefined
  /** The hub's name and key, for the head of the page. Default none. */
  readonly name?: string | undefined
  readonly key?: string | undefined
  /** The name of a peer. Default: its metadata's `name`, where that is a text. */
  readonly label?: ((entry: L) => string | undefined) | undefined
  /** Why a peer is as it is: an array of texts, or of objects with texts and times. May be async; it gets 2 s. */
  readonly explain?: ((address: Address) => unknown) | undefined
  /** The machines of which this is one. What it answers may be a promise; it gets 2 s. */
  readonly fleet?: FleetLike | undefined
  /** Whether `metrics` answers, as text for Prometheus: no address, no key, and a bounded number of series. Default false. */
  readonly metrics?: boolean | undefined
  /** Whether `healthz` answers: 200, or 503 once the hub has closed. Default false. */
  readonly health?: boolean | undefined
  /** A port of their own for `/metrics` and `/healthz`, without the token. Default: none, and they are behind the token. */
  readonly probePort?: number | undefined
  /** Whether it keeps the process alive, for programs that are nothing else. Default false. */
  readonly keepAlive?: boolean | undefined
}

const NAMES = [
  ...['port', 'host', 'token', 'allowControl', 'allowRemote', 'allowedHosts', 'basePath'],
  ...['name', 'key', 'label', 'explain', 'fleet', 'metrics', 'health', 'probePort', 'keepAlive'],
]
const SWITCHES = ['allowControl', 'allowRemote', 'metrics', 'health', 'keepAlive'] as const

/** Throws a `HubError` with the code `INVALID_OPTION`, or `HUB_CLOSED`. */
export const readOptions = (hub: Hub<unknown>, options: InspectorOptions = {}) => {
  checkHub(hub)
  expect(typeof options === 'object' && options !== null, 'options', 'an object')
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name))
  if (unknown !== undefined)
    throw new HubError(
      'INVALID_OPTION',
      `There is no option "${unknown}". The options here are ${NAMES.join(', ')}.`,
    )
  const { port = 0, host = '127.0.0.1', token = newToken(), basePath = '/' } = options
  const { allowRemote = false, allowedHosts = [], probePort } = options
  const { label, explain, fleet } = options
  expect(isPort(port), 'port', 'a whole number from 0 to 65535')
  expect(probePort === undefined || isPort(probePort), 'probePort', 'a whole number to 65535')
  expect(typeof host === 'string' && host !== '', 'host', 'a name or an address of this machine')
  const isToken = typeof token === 'string' && /^[\w-]{32,512}$/.test(token)
  expect(isToken, 'token', 'a string of 32 to 512 characters of A-Z a-z 0-9 _ -')
  for (const name of SWITCHES) {
    expect([undefined, true, false].includes(options[name]), name, 'true or false')
  }
  expect(
    allowRemote || isLoopback(host),
    'host',
    'of this machine alone (127.0.0.1, ::1 or localhost), unless allowRemote is true',
  )
  const areHosts = Array.isArray(allowedHosts) && allowedHosts.every(isHostName)
  expect(areHosts, 'allowedHosts', 'a list of names like ops.example.com or ops.example.com:8443')
  const isBase = typeof basePath === 'string' && /^\/(?:(?!\.+\/)[\w.~-]+\/)*$/.test(basePath)
  expect(isBase, 'basePath', 'a path with a slash at both ends, like /hub/')
  for (const name of ['name', 'key'] as const) {
    expect([undefined, 'string'].includes(kindOf(options[name])), name, 'a string')
  }
  expect([undefined, 'function'].includes(kindOf(label)), 'label', 'a function')
  expect([undefined, 'function'].includes(kindOf(explain)), 'explain', 'a function')
  const isFleet = kindOf(fleet?.machines) === 'function' && kindOf(fleet?.find) === 'function'
  expect(fleet === undefined || isFleet, 'fleet', 'an object with machines() and find()')
  const { allowControl = false, metrics = false, health = false, keepAlive = false } = options
  const isHub = kindOf(hub.connect) === 'function'
  expect(!allowControl || isHub, 'allowControl', 'false for a hub that can only be read')
  const { name, key } = options
  const access = { token, host, basePath, allowedHosts }
  const shown = { name, key, label, explain, fleet }
  const probes = { metrics, health, probePort }
  return { port, host, allowRemote, allowControl, keepAlive, access, shown, probes }
}

const kindOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value

const isPort = (port: unknown): boolean =>
  Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535

const isHostName = (name: unknown): boolean =>
  typeof name === 'string' && /^(?:[a-z0-9._-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/i.test(name)

const checkHub = (hub: Hub<unknown>): void => {
  expect(isListenable(hub), 'hub', 'a hub of createHub()')
  if (hub.closed) throw new HubError('HUB_CLOSED', 'This hub is closed: there is nothing to see.')
}

const isListenable = (hub: Partial<Hub<unknown>> | undefined | null): boolean =>
  typeof hub?.on === 'function' && typeof hub.snapshot === 'function'

const newToken = (): string => randomBytes(32).toString('base64url')

function expect(holds: boolean, option: string, what: string): asserts holds {
  if (!holds) throw new HubError('INVALID_OPTION', `The option "${option}" must be ${what}.`)
}
