import { decorate, type Transport } from '@conn-hub/core'
import type { Clock } from '../model/clock.js'
import type { Explaining, Policy } from '../model/policy.js'
import { createOnce } from '../parts/once.js'
import {
  checkNames,
  clockOf,
  expect,
  functionOf,
  isFunction,
  msOf,
  oneOf,
} from '../parts/options.js'
import { isNew } from '../parts/reading.js'
import { Refuser } from '../parts/refuser.js'
import { toTime } from '../parts/time.js'
import { type GateFunctions, Gatekeeper } from './gatekeeper.js'
import { type GateFunction, Questions } from './questions.js'

/** What `gate()` is given. At least one of the three functions. */
export interface GateOptions<S = unknown> {
  /** Asked before each dial begins. */
  readonly beforeDial?: GateFunction<S> | undefined
  /** Asked about each session that others open, before anything else knows it. */
  readonly beforeAccept?: GateFunction<S> | undefined
  /** Asked about each session of both directions, before the hub has it; who is there has been proved by then. */
  readonly beforeSession?: GateFunction<S> | undefined
  /** How long an answer may take, in ms. Default 10 000: a look into a database. */
  readonly timeout?: number | undefined
  /** What becomes of those about whom it throws, answers nonsense, or answers too late. Default `refuse`. */
  readonly onFailure?: 'refuse' | 'allow' | undefined
  /** Gets what a function of the gate throws. By default it is printed by `console.error`. */
  readonly onError?: ((error: unknown) => void) | undefined
  /** Default: the global timers. */
  readonly clock?: Clock | undefined
}

const NAMES = [
  'beforeDial',
  'beforeAccept',
  'beforeSession',
  'timeout',
  'onFailure',
  'onError',
  'clock',
]

/**
 * Asks your functions who may pass. They answer `true`, `false`, or a text that says why not; now, or by a promise: then the dial or
 * session waits. A dial that is refused fails with the cause `GATE_REFUSED`, `GATE_TIMEOUT` or `GATE_FAILED`, a session closes with the reason `refused`.
 *
 * @typeParam S The handle of a session, where a function looks at it.
 *
 * @example
 * const banned = new Set(['mallory'])
 * const bans = gate({ beforeSession: ({ key }) => !banned.has(key ?? '') || 'banned' })
 * const hub = createHub({ transport: compose(transport, bans) })
 */
export const gate = <S = unknown>(options: GateOptions<S>): Policy & Explaining => {
  checkNames(options, NAMES)
  const functions = {
    beforeDial: functionOf(options, 'beforeDial'),
    beforeAccept: functionOf(options, 'beforeAccept'),
    beforeSession: functionOf(options, 'beforeSession'),
  }
  const isGate = Object.values(functions).some(isFunction)
  expect(isGate, 'given, or "beforeAccept", or "beforeSession"', 'beforeDial')
  const settings = {
    timeout: msOf(options, 'timeout', 10_000),
    onFailure: oneOf(options.onFailure, ['refuse', 'allow'], 'onFailure'),
    onError: functionOf(options, 'onError') ?? ((error: unknown) => console.error(error)),
  }
  const time = toTime(clockOf(options))
  const use = createOnce('gate')
  let keeper: Pick<Gatekeeper<unknown>, 'explain'> | undefined
  return {
    name: 'gate',
    delaysSessions: functions.beforeAccept !== undefined || functions.beforeSession !== undefined,
    explain: (address) => keeper?.explain(address) ?? [],
    wrap: <T>(transport: Transport<T>) => {
      use()
      const refuser = new Refuser<T>('gate', time)
      // The functions look at the handles of the transport that the app has chosen for them.
      const asked = functions as unknown as GateFunctions<T>
      const own = new Gatekeeper<T>(asked, new Questions<T>(settings, time), refuser)
      keeper = own
      return decorate(transport, {
        dial: (address, attempt) => own.dial(address, attempt, transport),
        listen: (accept, side, inner) => {
          refuser.side = side
          own.start()
          const stop = inner((inbound) => {
            if (isNew(inbound, side)) own.inbound(inbound, accept)
            else accept(inbound)
          }, side)
          if (!isFunction(stop)) return stop
          return () => {
            stop()
            own.stop()
          }
        },
      })
    },
  }
}
