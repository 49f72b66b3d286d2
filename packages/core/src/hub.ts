import { createConnects } from './calls/connects.js'
import { createDisconnects, type Disconnects } from './calls/disconnects.js'
import { cancelled, hubClosed } from './calls/errors.js'
import type { Parts } from './calls/parts.js'
import { createSessions } from './calls/sessions.js'
import { createSide } from './calls/side.js'
import { attempt, isFunction, isString, isThenable, surely } from './edges/guards.js'
import {
  checkAddress,
  checkListening,
  copyData,
  expect,
  readConnectOptions,
  readDisconnectOptions,
  readHubOptions,
} from './edges/options.js'
import { check } from './edges/port.js'
import { createReport } from './edges/report.js'
import type { Address, Connection, Metadata } from './model/connection.js'
import { toHubError } from './model/errors.js'
import type { Hub } from './model/hub.js'
import type { HubOptions } from './model/options.js'
import { createLedger } from './state/ledger.js'

/** An instance of a class, because what frameworks wrap in proxies or copy are plain objects. */
class LiveHub {}

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
  const parts: Parts<S> = { ledger, ...rest, doomed: new Set(), ended: false }

  // Connects know how sessions are closed, and disconnects know connects; what goes the other way is passed here.
  const sessions = createSessions<S>(parts, {
    closed: (...how) => disconnects.closed(...how),
    failed: (...how) => disconnects.failed(...how),
  })
  const connects = createConnects(parts, sessions, (entry) =>
    disconnects.close(entry, 'aborted', cancelled),
  )
  const disconnects: Disconnects<S> = createDisconnects(parts, sessions, connects)

  let ended = () => {}
  const ending = new Promise<void>((resolve) => {
    ended = resolve
  })
  let stopListening = () => {}

  const end = (): void => {
    disconnects.end(stopListening, ended)
    ledger.end()
  }
  const assertOpen = (): void => {
    if (parts.ended) throw hubClosed()
  }
  const get = (address: Address): Connection<S> | undefined => {
    const entry = ledger.get(address)
    if (!entry) checkAddress(address)
    return entry
  }
  const members: Hub<S> = {
    connect: (address, options) =>
      promised(() => {
        const request = readConnectOptions(options)
        assertOpen()
        checkAddress(address)
        return connects.connect(address, request)
      }),
    disconnect: (address, options) =>
      promised(() => {
        const request = readDisconnectOptions(options)
        assertOpen()
        checkAddress(address)
        return disconnects.disconnect(address, request)
      }),
    update: (address, data) => {
      assertOpen()
      const copy = copyData(data)
      if (!get(address)) return false
      ledger.commit(address, { type: 'update', data: copy })
      ledger.deliver()
      return true
    },
    get,
    getState: (address) => get(address)?.state,
    byKey: ledger.byKey,
    entries: ledger.entries,
    snapshot: ledger.snapshot,
    get size() {
      return ledger.size()
    },
    get closed() {
      return parts.ended
    },
    on: (type, listener, options) => {
      checkListening(type, listener, options)
      assertOpen()
      return ledger.on(type, listener, options?.signal)
    },
    subscribe: (wake) => {
      expect(isFunction(wake), 'a function', 'listener')
      return parts.ended ? () => {} : ledger.on('change', () => wake())
    },
    reset: (reason = 'reset') =>
      promised(() => {
        expect(isString(reason), 'a string', 'reason')
        assertOpen()
        return disconnects.reset(reason)
      }),
    close: () => {
      if (!parts.ended) surely(end)
      return ending
    },
  }
  // The metadata has the app's own type; the hub never looks inside.
  const hub: Hub<S, D> = Object.freeze(Object.setPrototypeOf(members, LiveHub.prototype))

  try {
    const stop: unknown = rest.transport.listen?.(
      connects.accept,
      createSide(ledger, members.disconnect),
    )
    const report = (error: unknown) => sessions.report(error, 'listen')
    const endWith = (stop: unknown) => isFunction(stop) && attempt(stop as () => unknown, report)
    // Whoever gives it later must still be ended.
    if (isThenable(stop)) stop.then(endWith, () => {})
    if (stop !== undefined)
      check('what listen() returns', stop, isFunction, 'a function that ends it')
    stopListening = () => endWith(stop)
  } catch (cause) {
    // It may have begun to hand sessions over, and there is no hub to take them.
    disconnects.end(stopListening, ended)
    throw toHubError('TRANSPORT_BROKEN', 'listen() of the transport threw', cause)
  }
  return hub
}

/** What a call throws or gives, as a promise. */
const promised = <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return call()
  } catch (error) {
    return Promise.reject(error)
  }
}
