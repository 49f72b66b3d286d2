import type { Source } from '@conn-hub/pull-stream'
import { log } from './log.js'
import { mapSource } from './map-source.js'
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
  /** `true`: connected. `false`: not needed. */
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

export const toApi = <H extends ServedHub>(hub: H): ConnHubApi<H> => ({
  connect: (address, data, callback) => {
    const [fields, done] = typeof data === 'function' ? [undefined, data] : [data, callback]
    answer(
      hub.connect(address, fields).then((rpc) => rpc !== false),
      done,
    )
  },
  disconnect: (address, callback) => answer(hub.disconnect(address), callback),
  peers: () => mapSource(hub.liveEntries(), (entries) => entries.map(toRemoteEntry)),
  events: () => mapSource(hub.listen(), toRemoteEvent),
  hub: () => hub,
})

const answer = (outcome: Promise<boolean>, callback: Callback = logFailure): void => {
  outcome.then((done) => callback(null, done), callback)
}

const logFailure: Callback = (error) => {
  if (error) log(`a call without a callback failed: ${String(error)}`)
}

/** Metadata is anybody's: an entry that cannot cross muxrpc goes with the hub's own fields alone. */
const toRemoteEntry = ([address, data]: [Address, ConnectionData]): [Address, ConnectionData] => {
  try {
    JSON.stringify(data)
    return [address, data]
  } catch {
    const { key, state, hubBirth, hubUpdated } = data
    return [address, { key, state, hubBirth, hubUpdated }]
  }
}

const toRemoteEvent = ({ details, ...event }: ListenEvent): RemoteEvent => {
  if (event.type === 'connected') return { ...event, isClient: details.isClient === true }
  return details ? { ...event, error: toPlainError(details) } : event
}

const toPlainError = (error: { message?: unknown; code?: unknown }) => ({
  message: String(error.message ?? error),
  ...(typeof error.code === 'string' ? { code: error.code } : undefined),
})
