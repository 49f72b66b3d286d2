import type { Hub, HubError } from '@conn-hub/core'
import { Contract, type Terms } from './contract/contract.js'
import { toError } from './contract/tell.js'
import { expect, isFunction, isMs } from './options.js'

export interface WatchOptions<S> {
  /** Gets each broken promise, as an error of the code `CONTRACT_BROKEN`. By default they are printed by `console.error`. */
  readonly onBroken?: ((error: HubError) => void) | undefined
  /** The longest dial, in ms, as the hub was told, or `connect()`. Default 30 000, as the hub's. */
  readonly dialTimeout?: number | undefined
  /** The longest close, in ms, as the hub was told. Default 5 000, as the hub's. */
  readonly closeTimeout?: number | undefined
  /** The handles of all sessions that are open below, where the network can tell. */
  readonly openHandles?: (() => Iterable<S>) | undefined
}

/** A watch over one hub. */
export interface ContractWatch {
  /** Holds everything against the hub now. Not to be called inside a listener of the hub. */
  check(): void
  /** Ends the watch; the end of the hub does so too. */
  stop(): void
}

/** How often all is looked at, in ms: an entry that hangs makes no event. */
const INTERVAL = 1_000

/**
 * Reports a broken promise of a hub as it happens: for development and tests. It sees what every app sees, the
 * public API and the events, and begins to judge in the next microtask.
 *
 * @example
 * const watch = watchContract(hub, { onBroken: (error) => console.warn(error.message) })
 */
export const watchContract = <S>(hub: Hub<S>, options: WatchOptions<S> = {}): ContractWatch => {
  const { onBroken = print, dialTimeout = 30_000, closeTimeout = 5_000, openHandles } = options
  expect(isFunction(hub?.on), 'a hub', 'hub')
  expect(isFunction(onBroken), 'a function', 'onBroken')
  expect(isMs(dialTimeout), 'a number of ms', 'dialTimeout')
  expect(isMs(closeTimeout), 'a number of ms', 'closeTimeout')
  expect(openHandles === undefined || isFunction(openHandles), 'a function', 'openHandles')
  return new Watch(hub, onBroken, { dialTimeout, closeTimeout, openHandles })
}

class Watch<S> implements ContractWatch {
  readonly #hub: Hub<S>
  readonly #onBroken: (error: HubError) => void
  #contract: Contract<S> | undefined
  #endings: (() => void)[] = []
  #stopped = false
  #checkIsDue = false

  constructor(hub: Hub<S>, onBroken: (error: HubError) => void, terms: Terms<S>) {
    this.#hub = hub
    this.#onBroken = onBroken
    // In a microtask no delivery is running: what the hub has is what it has told.
    queueMicrotask(() => this.#start(terms))
  }

  check(): void {
    this.#contract?.checkAll()
  }

  stop(): void {
    this.#stopped = true
    this.#contract = undefined
    for (const end of this.#endings.splice(0)) end()
  }

  #start(terms: Terms<S>): void {
    const hub = this.#hub
    if (this.#stopped || hub.closed) return
    const contract = new Contract(hub, (...broken) => this.#onBroken(toError(...broken)), terms)
    this.#contract = contract
    const timer: unknown = setInterval(() => contract.checkAll(), INTERVAL)
    // In Node a timer is an object that can be unref'd, in browsers a number.
    ;(timer as { unref?: () => void }).unref?.()
    this.#endings = [
      () => clearInterval(timer as number),
      hub.on('*', (event) => contract.event(event)),
      hub.on('change', (change) => {
        contract.change(change)
        this.#checkSoon()
      }),
      hub.on('close', () => {
        contract.closed()
        this.stop()
      }),
    ]
  }

  #checkSoon(): void {
    if (this.#checkIsDue) return
    this.#checkIsDue = true
    queueMicrotask(() => {
      this.#checkIsDue = false
      this.#contract?.checkTouched()
    })
  }
}

const print = (error: HubError): void => console.error(`conn-hub: ${error.message}`)
