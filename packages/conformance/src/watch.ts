import type { Hub, HubError } from '@conn-hub/core'
import { INTERVAL } from './contract/ages.js'
import { Contract, type Terms } from './contract/contract.js'
import { type Tell, toError } from './contract/tell.js'
import { checkNames, expect, isFunction, isMs } from './options.js'

export interface WatchOptions<S> {
  /** Gets each broken promise, as an error of the code `CONTRACT_BROKEN`. By default they are printed by `console.error`. */
  readonly onBroken?: ((error: HubError) => void) | undefined
  /** The longest dial, in ms, as the hub was told, or `connect()`. Default 30 000, as the hub's. */
  readonly dialTimeout?: number | undefined
  /** The longest close, in ms, as the hub was told. Default 5 000, as the hub's. */
  readonly closeTimeout?: number | undefined
  /** How long a dial may be held, in ms, as the hub was told. Default 600 000, as the hub's. */
  readonly holdTimeout?: number | undefined
  /** The handles of all sessions that are open below, where the network can tell. */
  readonly openHandles?: (() => Iterable<S>) | undefined
}

/** A watch over one hub. */
export interface ContractWatch {
  /**
   * Holds everything against the hub now, also where the watch has not begun yet. Not to be called inside a listener of
   * the hub. After the end of the watch it does nothing.
   */
  check(): void
  /** Ends the watch; the end of the hub does so too. */
  stop(): void
}

const NAMES = ['onBroken', 'dialTimeout', 'closeTimeout', 'holdTimeout', 'openHandles']

/**
 * Reports a broken promise of a hub as it happens: for development and tests. It sees what every app sees, the
 * public API and the events, and begins to judge in the next microtask.
 *
 * @example
 * const watch = watchContract(hub, { onBroken: (error) => console.warn(error.message) })
 */
export const watchContract = <S>(hub: Hub<S>, options: WatchOptions<S> = {}): ContractWatch => {
  checkNames(options, NAMES)
  const { onBroken = print, dialTimeout = 30_000, closeTimeout = 5_000 } = options
  const { holdTimeout = 600_000, openHandles } = options
  expect(isFunction(hub?.on), 'a hub', 'hub')
  expect(isFunction(onBroken), 'a function', 'onBroken')
  expect(isMs(dialTimeout), 'a number of ms', 'dialTimeout')
  expect(isMs(closeTimeout), 'a number of ms', 'closeTimeout')
  expect(isMs(holdTimeout), 'a number of ms', 'holdTimeout')
  expect(openHandles === undefined || isFunction(openHandles), 'a function', 'openHandles')
  return new Watch(hub, onBroken, { dialTimeout, closeTimeout, holdTimeout, openHandles })
}

class Watch<S> implements ContractWatch {
  readonly #hub: Hub<S>
  readonly #onBroken: (error: HubError) => void
  readonly #terms: Terms<S>
  #contract: Contract<S> | undefined
  #endings: (() => void)[] = []
  #stopped = false
  #checkIsDue = false

  constructor(hub: Hub<S>, onBroken: (error: HubError) => void, terms: Terms<S>) {
    this.#hub = hub
    this.#onBroken = onBroken
    this.#terms = terms
    // In a microtask no delivery is running: what the hub has is what it has told.
    inMicrotask(() => this.#start())
  }

  check(): void {
    this.#start()
    this.#contract?.checkAll()
  }

  stop(): void {
    this.#stopped = true
    this.#contract = undefined
    for (const end of this.#endings.splice(0)) end()
  }

  #start(): void {
    const hub = this.#hub
    if (this.#contract || this.#stopped || hub.closed) return
    const tell: Tell = (...broken) => this.#onBroken(toError(...broken))
    const contract = new Contract(hub, tell, this.#terms)
    this.#contract = contract
    const timer: unknown = setInterval(() => contract.look(), INTERVAL)
    // In Node a timer is an object that can be unref'd, in browsers a number.
    ;(timer as { unref?: () => void }).unref?.()
    this.#endings = [
      () => clearInterval(timer as number),
      hub.on('*', (event) => contract.event(event)),
      hub.on('session', (event) => contract.sessionOpened(event)),
      hub.on('session-closed', (event) => contract.sessionClosed(event)),
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
    inMicrotask(() => {
      this.#checkIsDue = false
      this.#contract?.checkTouched()
    })
  }
}

/** Test tools replace `queueMicrotask`, and then it runs nothing by itself. */
const inMicrotask = (run: () => void): void => void Promise.resolve().then(run)

const print = (error: HubError): void => console.error(`conn-hub: ${error.message}`)
