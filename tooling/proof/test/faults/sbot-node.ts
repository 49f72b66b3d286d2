import { getEventListeners } from 'node:events'
import { type ContractWatch, watchContract } from '@conn-hub/conformance'
import { type Address, createHub, type Hub, type PeerKey } from '@conn-hub/core'
import { toTransport } from '@conn-hub/secret-stack'
import { type Sbot, type SbotRpc, startSbot } from '@conn-hub/testkit'
import { Calls } from './calls.js'
import type { Commands, Identity, NodeOptions } from './commands.js'
import { type Report, reportOn, rpcsOf } from './report.js'

/** One real sbot with a hub, which does as it is told and keeps book of it. */
export class SbotNode implements Commands {
  readonly sbot: Sbot
  readonly hub: Hub<SbotRpc>
  readonly calls = new Calls()
  readonly errors: string[] = []
  /** What happened, as short lines: `connected net:…`. */
  readonly lines: string[] = []
  /** Promises of the hub that were broken. */
  readonly broken: string[] = []
  readonly #watch: ContractWatch
  /** Never aborts: what calls leave at a signal that lives on would gather here. */
  readonly #signal = new AbortController().signal

  static async start({ timers, ...options }: NodeOptions): Promise<SbotNode> {
    const config = { timers: { handshake: 5_000, inactivity: 600_000, ...timers } }
    return new SbotNode(await startSbot({ ...options, config }))
  }

  constructor(sbot: Sbot) {
    this.sbot = sbot
    this.hub = createHub({
      transport: toTransport(sbot.ssb),
      dialTimeout: 10_000,
      onError: (error, { call }) => this.errors.push(`${call}: ${String(error)}`),
    })
    this.hub.on('*', ({ type, address }) => this.lines.push(`${type} ${address}`))
    this.#watch = watchContract(this.hub, { onBroken: ({ message }) => this.broken.push(message) })
  }

  get identity(): Omit<Identity, 'node'> {
    const { id, address, port } = this.sbot
    return { id, address, port }
  }

  connect(address: Address, timeout?: number): Promise<string> {
    const call = this.hub.connect(address, { signal: this.#signal, timeout })
    return this.calls.follow(call.then(() => 'connected'))
  }

  connectAll(addresses: readonly Address[], timeout?: number): Promise<readonly string[]> {
    return Promise.all(addresses.map((address) => this.connect(address, timeout)))
  }

  disconnect(address: Address): Promise<string> {
    const call = this.hub.disconnect(address, { signal: this.#signal })
    return this.calls.follow(call.then((was) => (was ? 'disconnected' : 'nothing')))
  }

  leave(key: PeerKey): Promise<readonly string[]> {
    return Promise.all(this.hub.byKey(key).map(({ address }) => this.disconnect(address)))
  }

  async untilEntries(count: number): Promise<void> {
    if (this.hub.size === count) return
    await new Promise<void>((resolve) => {
      const stop = this.hub.on('change', () => {
        if (this.hub.size !== count) return
        stop()
        resolve()
      })
    })
  }

  closeHub(): Promise<void> {
    return this.hub.close()
  }

  async closeSbot(): Promise<void> {
    // Calls back once every socket has gone, which may be long after.
    this.sbot.ssb.close(true, () => {})
  }

  async report(): Promise<Report> {
    this.#watch.check()
    return reportOn(this, this.#countListeners())
  }

  async close(): Promise<void> {
    await this.hub.close()
    await this.sbot.close()
  }

  #countListeners(): number {
    const { ssb } = this.sbot
    const atRpcs = rpcsOf(this.sbot).map((rpc) => rpc.listenerCount('closed'))
    const atSignal = getEventListeners(this.#signal, 'abort').length
    return ssb.listenerCount('rpc:connect') + atSignal + atRpcs.reduce((sum, n) => sum + n, 0)
  }
}
