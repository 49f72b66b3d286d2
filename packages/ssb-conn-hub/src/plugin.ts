import type { Source } from '@conn-hub/pull-stream'
import { log } from './log.js'
import { mapSource } from './map-source.js'
import { RemoteEntries } from './remote-entries.js'
import type { Address, ConnectionData, ListenEvent, Sbot } from './types.js'

/** What crosses muxrpc. Only the owner may call: nothing here is allowed to anonymous peers. */
export const manifest = {
  connect: 'async',
  disconnect: 'async',
  peers: 'source',
  events: 'source',
} as const

type Callback = (error: unknown, done?: boolean) => void

/** What is used of the sbot that runs the plugin. */
export interface HostSbot extends Sbot {
  readonly close: {
    hook(
      wrapper: (this: unknown, close: (...args: unknown[]) => unknown, args: unknown[]) => unknown,
    ): void
  }
}

/** An event without the rpc, which is no data. */
export interface RemoteEvent extends Omit<ListenEvent, 'details'> {
  isClient?: boolean
  error?: { message: string; code?: string }
}

export interface ConnHubApi<H = unknown> {
  /** `true`: connected. `false`: not needed. The last function is the callback, whatever is missing before it. */
  connect(address: Address, data?: Partial<ConnectionData> | Callback, callback?: Callback): void
  disconnect(address: Address, callback?: Callback): void
  peers(): Source<[Address, ConnectionData][]>
  events(): Source<RemoteEvent>
  /** The hub itself, for plugins of the same sbot. It does not cross muxrpc. */
  hub(): H
}

/** What is used of the hub. */
interface ServedHub {
  connect(address: Address, data?: Partial<ConnectionData>): Promise<unknown>
  disconnect(address: Address): Promise<boolean>
  liveEntries(): Source<[Address, ConnectionData][]>
  listen(): Source<ListenEvent>
}

export const toApi = <H extends ServedHub>(hub: H): ConnHubApi<H> => {
  const remoteEntries = new RemoteEntries()
  return {
    connect: (...given) => {
      const [[address, data], callback] = partition(given)
      answer(
        hub.connect(address as Address, data as ConnectionData).then((rpc) => rpc !== false),
        callback,
      )
    },
    disconnect: (...given) => {
      const [[address], callback] = partition(given)
      answer(hub.disconnect(address as Address), callback)
    },
    peers: () =>
      mapSource(hub.liveEntries(), (entries) => entries.map((entry) => remoteEntries.of(entry))),
    events: () => mapSource(hub.listen(), toRemoteEvent),
    hub: () => hub,
  }
}

/** muxrpc puts its callback behind whatever a remote caller gave, be it nothing at all. */
const partition = (given: readonly unknown[]): [unknown[], Callback | undefined] => {
  const at = given.map((value) => typeof value).lastIndexOf('function')
  return at < 0 ? [[...given], undefined] : [given.slice(0, at), given[at] as Callback]
}

const answer = (outcome: Promise<boolean>, callback: Callback = logFailure): void => {
  outcome.then(
    (done) => callback(null, done),
    (error) => callback(withCodeInMessage(error)),
  )
}

/** muxrpc carries an error's message, and no code. */
const withCodeInMessage = (error: unknown): unknown => {
  const { code, message } = toPlainError(error)
  if (code === undefined || message.includes(code)) return error
  return Object.assign(new Error(`${code}: ${message}`, { cause: error }), { code })
}

const logFailure: Callback = (error) => {
  if (error) log(`a call without a callback failed: ${String(error)}`)
}

const toRemoteEvent = ({ details, ...event }: ListenEvent): RemoteEvent => {
  if (event.type === 'connected') return { ...event, isClient: details.isClient === true }
  return details ? { ...event, error: toPlainError(details) } : event
}

const toPlainError = (error: unknown): { message: string; code?: string } => {
  const { message, code } = Object(error) as { message?: unknown; code?: unknown }
  return {
    message: String(message ?? error),
    ...(typeof code === 'string' ? { code } : undefined),
  }
}
