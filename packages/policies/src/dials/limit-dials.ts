import { type Address, type DialAttempt, decorate, type Transport } from '@conn-hub/core'
import type { Clock } from '../model/clock.js'
import type { Explaining, Policy } from '../model/policy.js'
import { createOnce } from '../parts/once.js'
import { checkNames, clockOf, countOf, expect, functionOf, msOf } from '../parts/options.js'
import { Refuser } from '../parts/refuser.js'
import { toTime } from '../parts/time.js'
import { DialQueue } from './dial-queue.js'

/** What `limitDials()` is given. */
export interface LimitDialsOptions {
  /** How many dials may run at once. */
  readonly parallel: number
  /** How many more may wait for their turn; 0: none. Default: any number. The next fails with the cause `QUEUE_FULL`. */
  readonly queue?: number | undefined
  /** How long one may wait, in ms; then it fails with the cause `QUEUE_TIMEOUT`. Default: as long as the hub's `holdTimeout`. */
  readonly queueTimeout?: number | undefined
  /** Who comes first: the higher number. Default: all the same, in the order in which they came. */
  readonly priority?: ((address: Address, attempt: DialAttempt<unknown>) => number) | undefined
  /** Default: the global timers. */
  readonly clock?: Clock | undefined
}

/** A limit of dials, and its queue. */
export interface DialLimit extends Policy, Explaining {
  /** How many dials run. */
  readonly running: number
  /** How many wait. */
  readonly waiting: number
}

/**
 * Lets so many dials run at once, and the others wait for their turn. The clock of a dial that waits stands, and it is `connecting` with
 * `waits`; a place is free at the moment in which an attempt has ended, however it did.
 *
 * @example
 * const dials = limitDials({ parallel: 8, queue: 1_000, queueTimeout: 60_000 })
 * const hub = createHub({ transport: compose(transport, dials) })
 */
export const limitDials = (options: LimitDialsOptions): DialLimit => {
  checkNames(options, ['parallel', 'queue', 'queueTimeout', 'priority', 'clock'])
  expect(options.parallel !== undefined, 'given: how many dials may run at once', 'parallel')
  const settings = {
    parallel: countOf(options, 'parallel'),
    queue: countOf(options, 'queue', 0),
    queueTimeout: options.queueTimeout === undefined ? undefined : msOf(options, 'queueTimeout'),
    priority: functionOf(options, 'priority'),
  }
  const time = toTime(clockOf(options))
  const use = createOnce('limitDials')
  let queue: Pick<DialQueue<unknown>, 'running' | 'waiting' | 'explain'> | undefined
  return {
    name: 'limitDials',
    get running() {
      return queue?.running ?? 0
    },
    get waiting() {
      return queue?.waiting ?? 0
    },
    explain: (address) => queue?.explain(address) ?? [],
    wrap: <S>(transport: Transport<S>) => {
      use()
      const refuser = new Refuser<S>('limitDials', time)
      const dials = new DialQueue<S>(transport, settings, refuser, time)
      queue = dials
      return decorate(transport, {
        dial: (address, attempt) => dials.dial(address, attempt),
        listen: (accept, side, inner) => {
          refuser.side = side
          return inner(accept, side)
        },
      })
    },
  }
}
