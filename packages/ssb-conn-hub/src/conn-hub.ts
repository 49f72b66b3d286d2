import type { Hub } from '@conn-hub/core'
import { createHub } from '@conn-hub/core'
import { changes } from '@conn-hub/pull-stream'
import { describeAddress, toTransport } from '@conn-hub/secret-stack'
import { bindMethods } from './bind-methods.js'
import { closePeers } from './close-peers.js'
import { EntryView, keyOf, toMetadata } from './connection-data.js'
import { dialAfterDisconnect, toConnectOptions } from './dialing.js'
import { closed, invalidAddress, toOriginal } from './errors.js'
import { KeyLabels } from './key-labels.js'
import { listenTo } from './listen-event.js'
import { LiveList } from './live-list.js'
import { logEvents } from './log.js'
import { mapSource } from './map-source.js'
import type { ConnHubApi, HostSbot } from './plugin.js'
import { manifest, toApi } from './plugin.js'
import type { Address, ConnectionData, ListenEvent, Rpc, Sbot, Source } from './types.js'

/** A symbol, so that nothing is added to the contract of ssb-conn-hub. */
const CORE_HUB = Symbol.for('@conn-hub/Hub')

/** ssb-conn's scheduler gives a DHT dial 5 minutes before it disconnects; a deadline of ours must be later. */
const DIAL_TIMEOUT = 6 * 60_000

const METHODS = [
  'connect',
  'disconnect',
  'update',
  'reset',
  'entries',
  'liveEntries',
  'getState',
  'listen',
  'close',
] as const

/**
 * The live connections of an sbot, with the contract of ssb-conn-hub 1.2.1. It is a secret-stack plugin too:
 * `.use(ConnHub)` gives `ssb.connHub`.
 */
export class ConnHub<R extends Rpc = Rpc> {
  // What secret-stack reads of a plugin. Not in the declarations: they would pass for named exports.
  /** Written out, because bundlers rename classes: it becomes `ssb.connHub`. @internal */
  static readonly name = 'ConnHub'
  /** @internal */
  static readonly version = '0.2.0'
  /** @internal */
  static readonly manifest = manifest
  /** @internal */
  static init(ssb: HostSbot): ConnHubApi<ConnHub> {
    const hub = create(ssb)
    ssb.close.hook(function (close, args) {
      hub.close()
      return close.apply(this, args)
    })
    return toApi(hub)
  }

  /** The hub below, for tools that know core: the inspector finds it here. @internal */
  declare readonly [CORE_HUB]: Hub<R>
  readonly #ssb: Sbot<R>
  readonly #hub: Hub<R>
  readonly #labels: KeyLabels
  readonly #view: EntryView<R>
  #isClosed = false

  constructor(ssb: Sbot<R>) {
    this.#ssb = ssb
    this.#hub = createHub({ transport: toTransport(ssb), dialTimeout: DIAL_TIMEOUT })
    this.#view = new EntryView((address, callback) => {
      const done = typeof callback === 'function' ? callback : () => {}
      this.disconnect(address).then(() => done(), done)
    })
    this.#labels = new KeyLabels(this.#hub)
    logEvents(this.#hub)
    Object.defineProperty(this, CORE_HUB, { value: this.#hub })
    bindMethods<ConnHub<R>>(this, METHODS)
  }

  /** Resolves with the rpc, or with `false` during a disconnect: the dial follows once that is done. */
  async connect(address: Address, data?: Partial<ConnectionData>): Promise<R | false> {
    this.#assertOpen()
    const state = this.#entryStateOf(address)
    const isNew = state === undefined || state === 'disconnecting'
    const options = isNew ? toConnectOptions(address, data) : undefined
    if (state === 'disconnecting') {
      dialAfterDisconnect(this.#hub, address, options)
      return false
    }
    if (isNew) this.#labels.keep(address, options?.data?.key)
    try {
      return await this.#hub.connect(address, options)
    } catch (error) {
      throw toOriginal(error)
    }
  }

  /** Resolves with `false` where there is nothing to disconnect. */
  async disconnect(address: Address): Promise<boolean> {
    this.#assertOpen()
    if (isNothing(address) || !this.#stateOf(address)) return false
    try {
      return await this.#hub.disconnect(address)
    } catch (error) {
      throw toOriginal(error)
    }
  }

  /** Merges fields into an entry, but for those of the hub. False: there is no such entry. */
  update(address: Address, data: Partial<ConnectionData>): boolean {
    this.#assertOpen()
    if (isNothing(address) || !this.#stateOf(address)) return false
    const entry = this.#hub.get(address)
    const keyIsKnown = entry !== undefined && keyOf(entry) !== undefined
    try {
      return this.#hub.update(address, toMetadata(data, keyIsKnown))
    } catch (error) {
      throw toOriginal(error)
    }
  }

  /** Closes every connection of the sbot, those from before the hub too. */
  reset(): void {
    if (this.#isClosed || this.#hub.closed) return
    this.#hub.reset()
    closePeers(this.#ssb)
  }

  entries(): IterableIterator<[Address, ConnectionData]> {
    this.#assertOpen()
    return this.#eachEntry()
  }

  /** Gives all entries at once, and again after each change; a slow reader gets the newest alone. */
  liveEntries(): Source<[Address, ConnectionData][]> {
    this.#assertOpen()
    const list = new LiveList(this.#view)
    return mapSource(changes(this.#hub), (changed) => list.patch(changed))
  }

  /** `undefined` means disconnected. */
  getState(address: Address): ConnectionData['state'] | undefined {
    this.#assertOpen()
    return isNothing(address) ? undefined : this.#stateOf(address)
  }

  /** Gives every event from now on. */
  listen(): Source<ListenEvent> {
    this.#assertOpen()
    return listenTo(this.#hub, this.#labels)
  }

  /** Every entry leaves, with its event, and the streams end. */
  close(): void {
    if (this.#isClosed || this.#hub.closed) return
    this.#hub.close()
    closePeers(this.#ssb)
    this.#isClosed = true
  }

  *#eachEntry(): IterableIterator<[Address, ConnectionData]> {
    for (const entry of this.#hub.entries()) yield this.#view.of(entry)
  }

  /** Throws where the address is none. */
  #stateOf(address: Address): ConnectionData['state'] | undefined {
    const state = this.#entryStateOf(address)
    try {
      if (!state) describeAddress(address)
      return state
    } catch (cause) {
      throw invalidAddress(cause)
    }
  }

  /** Throws where the address is no string, and leaves it to others to read it. */
  #entryStateOf(address: Address): ConnectionData['state'] | undefined {
    try {
      return this.#hub.getState(address)
    } catch (cause) {
      throw invalidAddress(cause)
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw closed()
  }
}

// Outside the class: a bundler renames a class that names itself, and secret-stack reads the name (`ssb.connHub`).
const create = (ssb: Sbot): ConnHub => new ConnHub(ssb)

/** No address and no error, as in ssb-conn-hub; other values that are no string are an error. */
const isNothing = (address: unknown): boolean => address === undefined || address === null
