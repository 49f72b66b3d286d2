import { Calls } from './calls/calls.js'
import { createSide } from './calls/side.js'
import { isFunction, isThenable } from './edges/guards.js'
import {
  checkAddress,
  checkListener,
  copyData,
  expect,
  readConnectOptions,
  readDisconnectOptions,
  readHubOptions,
  readListener,
} from './edges/options.js'
import { broken } from './edges/port.js'
import { createReport } from './edges/report.js'
import type { Address, Connection, Metadata } from './model/connection.js'
import { HubError, toHubError } from './model/errors.js'
import type { Hub } from './model/hub.js'
import type { HubOptions } from './model/options.js'
import type { Transport } from './model/transport.js'
import { createLedger, type Ledger } from './state/ledger.js'

/**
 * Makes a hub over a transport, and starts to track the sessions that others open.
 *
 * @typeParam S The handle of a session; it comes from the transport.
 * @typeParam D The app's metadata on an entry.
 *
 * @example
 * const hub = createHub({ transport })
 * hub.on('connected', ({ address, direction }) => console.log(address, direction))
 * const link = await hub.connect('mem:bob')
 */
export const createHub = <S, D extends Metadata = Metadata>(options: HubOptions<S>): Hub<S, D> => {
  const { onError, ...rest } = readHubOptions(options)
  const ledger = createLedger<S>(createReport(onError))
  const calls = new Calls<S>({ ledger, ...rest })
  // The metadata has the app's own type; the hub never looks inside.
  return new LiveHub<S>(ledger, calls, rest.transport) as Hub<S, never> as Hub<S, D>
}

/**
 * The door of the hub: checks what comes in, and passes it on. Frozen, with functions that need no `this`, and an instance of a class, because
 * what frameworks wrap in proxies or copy are plain objects.
 */
class LiveHub<S> implements Hub<S> {
  readonly connect: Hub<S>['connect']
  readonly disconnect: Hub<S>['disconnect']
  readonly update: Hub<S>['update']
  readonly get: Hub<S>['get']
  readonly getState: Hub<S>['getState']
  readonly byKey: Hub<S>['byKey']
  readonly entries: Hub<S>['entries']
  readonly snapshot: Hub<S>['snapshot']
  readonly on: Hub<S>['on']
  readonly subscribe: Hub<S>['subscribe']
  readonly reset: Hub<S>['reset']
  readonly close: Hub<S>['close']
  declare readonly size: number
  declare readonly closed: boolean

  constructor(ledger: Ledger<S>, calls: Calls<S>, transport: Transport<S>) {
    let ending: Promise<void> | undefined
    const assertOpen = () => {
      if (ending) throw new HubError('HUB_CLOSED', 'This hub is closed. Create a new one.')
    }
    const get = (address: Address): Connection<S> | undefined => {
      const entry = ledger.get(address)
      if (!entry) checkAddress(address)
      return entry
    }

    this.connect = (address, options) =>
      promised(() => {
        const request = readConnectOptions(options)
        assertOpen()
        checkAddress(address)
        return calls.connect(address, request)
      })
    this.disconnect = (address, options) =>
      promised(() => {
        const { reason, signal, session } = readDisconnectOptions(options)
        assertOpen()
        checkAddress(address)
        return calls.disconnect(address, reason, signal, session)
      })
    this.update = (address, data) => {
      assertOpen()
      const copy = copyData(data)
      if (!get(address)) return false
      ledger.commit(address, { type: 'update', data: copy })
      ledger.deliver()
      return true
    }
    this.get = get
    this.getState = (address) => get(address)?.state
    this.byKey = (key) => ledger.byKey(key)
    this.entries = () => ledger.entries()
    this.snapshot = () => ledger.snapshot()
    this.on = (type, listener, options) => {
      const signal = readListener(type, listener, options)
      assertOpen()
      return ledger.on(type, listener, signal)
    }
    this.subscribe = (wake) => {
      checkListener(wake)
      return ending ? () => {} : ledger.on('change', () => wake())
    }
    this.reset = (reason = 'reset') =>
      promised(() => {
        expect(typeof reason === 'string', 'a string', 'reason')
        assertOpen()
        return calls.reset(reason)
      })
    this.close = () => {
      if (ending) return ending
      // Known before anything of the end is done: what is done calls foreign code, which may call close().
      let done = () => {}
      ending = new Promise((resolve) => {
        done = resolve
      })
      calls.stop()
      stopListening()
      const sessionsClosed = calls.end()
      ledger.end()
      sessionsClosed.then(done)
      return ending
    }
    Object.defineProperty(this, 'size', { enumerable: true, get: ledger.size })
    Object.defineProperty(this, 'closed', { enumerable: true, get: () => ending !== undefined })
    Object.freeze(this)
    const stopListening = listen(transport, ledger, calls, this)
  }
}

/** Gives what ends it, and never throws. */
const listen = <S>(
  transport: Transport<S>,
  ledger: Ledger<S>,
  calls: Calls<S>,
  hub: Hub<S>,
): (() => void) => {
  try {
    const stop: unknown = transport.listen?.(calls.accept, createSide(ledger, hub.disconnect))
    if (stop === undefined) return () => {}
    // Whoever gives it later must still be ended.
    if (isThenable(stop))
      stop.then(
        (late) => isFunction(late) && (late as () => void)(),
        () => {},
      )
    if (!isFunction(stop)) throw broken('listen() must return a function that ends it, at once')
    const report = (error: unknown) => {
      ledger.report(error, { origin: 'transport', call: 'listen' })
    }
    return () => {
      try {
        const ending: unknown = (stop as () => unknown)()
        if (isThenable(ending)) ending.then(undefined, report)
      } catch (error) {
        report(error)
      }
    }
  } catch (cause) {
    // It may have begun to hand sessions over, and there is no hub to take them.
    calls.stop()
    calls.end()
    throw toHubError('TRANSPORT_BROKEN', 'listen() of the transport threw', cause)
  }
}

/** What a call throws or gives, as a promise. */
const promised = <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return call()
  } catch (error) {
    return Promise.reject(error)
  }
}
