import { decorate, HubError, type Transport, withOutcome } from '@conn-hub/core'
import type { Clock } from '../model/clock.js'
import type { Explaining, Policy } from '../model/policy.js'
import { createOnce } from '../parts/once.js'
import { checkNames, clockOf, isFunction, msOf } from '../parts/options.js'
import { isInbound, isReadable } from '../parts/reading.js'
import { toTime } from '../parts/time.js'
import { Duplicates } from './duplicates.js'

/** What `onePerPeer()` is given. */
export interface OnePerPeerOptions {
  /** How long the link that stays has for its answer, in ms; where it has no `probe()`, how long the others stay open. Default 5 000. */
  readonly settle?: number | undefined
  /** Default: the global timers. */
  readonly clock?: Clock | undefined
}

/**
 * Keeps one link with each peer that has proved its key, also where both dial at once: the one that the lower key has dialed. Both sides
 * must run it; where one does not, two links stay, never none. The others end with the reason `duplicate`, once the one that stays has answered. Of two
 * from the same dialer the newer stays. A transport without `self` throws `NO_SELF`.
 *
 * @example
 * const hub = createHub({ transport: compose(transport, onePerPeer()) })
 */
export const onePerPeer = (options: OnePerPeerOptions = {}): Policy & Explaining => {
  checkNames(options, ['settle', 'clock'])
  const settle = msOf(options, 'settle', 5_000)
  const time = toTime(clockOf(options))
  const use = createOnce('onePerPeer')
  let duplicates: Pick<Duplicates<unknown>, 'isSettling'> | undefined
  return {
    name: 'onePerPeer',
    needsTable: true,
    needsTwoLinks: true,
    explain: (_, key) => {
      if (key === undefined || !duplicates?.isSettling(key)) return []
      return [{ by: 'onePerPeer', text: `several links with ${key}: one of them will stay` }]
    },
    wrap: <S>(transport: Transport<S>) => {
      const { self } = transport
      if (typeof self !== 'string') {
        const what =
          'onePerPeer() compares our own key with that of the peer, and this transport has no "self". Give it an identity, or leave onePerPeer() out.'
        throw new HubError('NO_SELF', what)
      }
      use()
      const own = new Duplicates<S>(self, settle, time)
      duplicates = own
      return decorate(transport, {
        dial: (address, attempt) => {
          const heard = withOutcome(attempt, {
            succeed: (session) => {
              attempt.succeed(session)
              if (isReadable(session)) own.came(session)
            },
          })
          return transport.dial(address, heard)
        },
        listen: (accept, side, inner) => {
          own.side = side
          const stop = inner((inbound) => {
            accept(inbound)
            if (isInbound(inbound)) own.came(inbound.session)
          }, side)
          if (!isFunction(stop)) return stop
          return () => {
            own.stop()
            stop()
          }
        },
      })
    },
  }
}
