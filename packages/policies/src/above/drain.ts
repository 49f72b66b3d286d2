import {
  type DialAttempt,
  decorate,
  type Hub,
  HubError,
  type HubSide,
  type Session,
  type Transport,
  withOutcome,
} from '@conn-hub/core'
import type { Clock } from '../model/clock.js'
import type { Explaining, Policy } from '../model/policy.js'
import { dialRefused } from '../parts/errors.js'
import { createOnce } from '../parts/once.js'
import { checkHub, checkNames, clockOf } from '../parts/options.js'
import { isNew, isReadable } from '../parts/reading.js'
import { Refuser } from '../parts/refuser.js'
import { toTime } from '../parts/time.js'
import {
  createRun,
  type DrainOptions,
  type DrainProgress,
  drain,
  inOrder,
  readStart,
} from './drain-run.js'

/** A policy, the outermost, that can end everything. */
export interface Draining extends Policy, Explaining, DrainProgress {
  /**
   * Refuses new dials and sessions from now on, and ends the entries at an even pace. Resolves once that is over; a second call gives the
   * same promise. Rejects with `HUB_CLOSED`, `INVALID_OPTION`, or `NOT_COMPOSED` where this drain is not round the transport of this hub.
   */
  start<S>(hub: Hub<S>, options: DrainOptions<S>): Promise<DrainProgress>
}

/**
 * An orderly end. While it drains, dials fail with the cause `DRAINING`, and sessions that others open close with the reason `try-later`.
 *
 * @example
 * const draining = createDrain()
 * const hub = createHub({ transport: compose(transport, draining) })
 * await draining.start(hub, { within: 30_000 })
 * await hub.close()
 */
export const createDrain = (options: { readonly clock?: Clock | undefined } = {}): Draining => {
  checkNames(options, ['clock'])
  const time = toTime(clockOf(options))
  const use = createOnce('createDrain')
  let side: HubSide<unknown> | undefined
  let current = createRun()

  return {
    name: 'drain',
    outermost: true,
    get state() {
      return current.state
    },
    get left() {
      return current.left.size
    },
    get done() {
      return current.total - current.left.size
    },
    start: async (hub, given) => {
      checkHub(hub)
      readStart(given)
      if (!side || isOther(hub, side)) {
        const what =
          'This drain is not round the transport of this hub. Write it last in compose().'
        throw new HubError('NOT_COMPOSED', what)
      }
      if (current.started) return current.started
      const entries = inOrder(hub, given)
      // Whoever was asked for the order may have started it, or closed the hub and made another one.
      const run = current
      run.started ??= drain(run, hub, entries, given, time)
      // What could not begin may begin another time.
      run.started.catch(() => {
        run.started = undefined
      })
      return run.started
    },
    explain: () => {
      const { state, endsAt, left, total } = current
      if (state !== 'draining' || endsAt === undefined) return []
      const text = `drains: ${left.size} of ${total} are left, and nobody new is let in`
      return [{ by: 'drain', text, until: time.now() + endsAt - time.elapsed() }]
    },
    wrap: <S>(transport: Transport<S>) => {
      use()
      const refuser = new Refuser<S>('drain', time)
      const fail = (attempt: DialAttempt<S>) => {
        const what = 'this hub is being drained, and dials nobody any more.'
        attempt.fail(dialRefused('DRAINING', what))
      }
      return decorate(transport, {
        dial: (address, attempt) => {
          if (current.state !== 'open') {
            refuser.dial(address, 'draining')
            return void fail(attempt)
          }
          const succeed = (session: Session<S>) => {
            if (current.state === 'open' || !isReadable(session)) return attempt.succeed(session)
            refuser.session({ address, session, reason: 'going-away', why: 'draining' })
            fail(attempt)
          }
          return transport.dial(address, withOutcome(attempt, { succeed }))
        },
        listen: (accept, given, inner) => {
          side = given
          // The hub before has closed, and its drain may not be over yet.
          current = createRun()
          refuser.side = given
          return inner((inbound) => {
            if (current.state === 'open' || !isNew(inbound, given)) return accept(inbound)
            const { address, session } = inbound
            refuser.session({ address, session, reason: 'try-later', why: 'draining' })
          }, given)
        },
      })
    },
  }
}

/** Whether this is not the hub that has begun to listen. */
const isOther = <S>(hub: Hub<S>, side: HubSide<unknown>): boolean => {
  const entries = hub.snapshot()
  return entries.length !== side.size || entries.some(({ address }) => !side.get(address))
}
