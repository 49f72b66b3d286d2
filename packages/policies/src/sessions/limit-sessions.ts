import { decorate, type Transport } from '@conn-hub/core'
import type { Protection } from '../above/protection.js'
import type { Explaining, Policy } from '../model/policy.js'
import { createOnce } from '../parts/once.js'
import { checkNames, countOf, expect, oneOf, protectOf } from '../parts/options.js'
import { isInbound } from '../parts/reading.js'
import { Refuser } from '../parts/refuser.js'
import { toTime } from '../parts/time.js'
import { Admission } from './admission.js'
import { type Limits, Room } from './room.js'

/** What `limitSessions()` is given. At least one of the three numbers; without one there is no limit of its kind. */
export interface LimitSessionsOptions {
  /** How many sessions that others opened may be open at once. */
  readonly inbound?: number | undefined
  /** How many that we opened, dials that run among them. One dial more fails with the cause `LIMIT_OUTBOUND`. */
  readonly outbound?: number | undefined
  /** How many with one peer. It counts keys that were proved alone. */
  readonly perKey?: number | undefined
  /** `refuse` the newcomer, or `prune` the oldest session that is not protected; the newcomer waits until that has closed. Default `refuse`. */
  readonly whenFull?: 'refuse' | 'prune' | undefined
  /** Whom `prune` leaves alone; with it alone. */
  readonly protect?: Pick<Protection, 'isProtected'> | undefined
}

/** A limit of sessions. */
export interface SessionLimit extends Policy, Explaining {
  /** How many inbound places are taken: by sessions, and by those that wait for another one to close. */
  readonly inbound: number
  /** How many outbound places are taken, by dials too. */
  readonly outbound: number
}

/**
 * Limits how many sessions are open at once. What it counts is the hub's own count, and the dials and sessions that are not in the table
 * yet; it is never exceeded. A session that is refused closes with the reason `limit`.
 *
 * @example
 * const sessions = limitSessions({ inbound: 10_000, outbound: 100, perKey: 4 })
 * const hub = createHub({ transport: compose(transport, sessions) })
 */
export const limitSessions = (options: LimitSessionsOptions): SessionLimit => {
  checkNames(options, ['inbound', 'outbound', 'perKey', 'whenFull', 'protect'])
  const limits: Limits = {
    inbound: countOf(options, 'inbound', 0),
    outbound: countOf(options, 'outbound', 0),
    perKey: countOf(options, 'perKey'),
    whenFull: oneOf(options.whenFull, ['refuse', 'prune'], 'whenFull'),
    protect: protectOf(options),
  }
  const { inbound, outbound, perKey } = limits
  const limitsAny = Math.min(inbound, outbound, perKey) < Number.POSITIVE_INFINITY
  expect(limitsAny, 'a number, or else "outbound", or "perKey"', 'inbound')
  const isOf = options.protect === undefined || limits.whenFull === 'prune'
  expect(isOf, "given with whenFull: 'prune' alone: nobody else is closed", 'protect')
  const use = createOnce('limitSessions')
  let admission: Pick<Admission<unknown>, 'explain'> | undefined
  let counts: Pick<Room<unknown>, 'inbound' | 'outbound'> | undefined
  return {
    name: 'limitSessions',
    needsTable: true,
    delaysSessions: limits.whenFull === 'prune',
    linksPerPeer: perKey,
    get inbound() {
      return counts?.inbound ?? 0
    },
    get outbound() {
      return counts?.outbound ?? 0
    },
    explain: (address) => admission?.explain(address) ?? [],
    wrap: <S>(transport: Transport<S>) => {
      use()
      const refuser = new Refuser<S>('limitSessions', toTime())
      const room = new Room<S>(limits)
      const admit = new Admission(room, refuser)
      counts = room
      admission = admit
      return decorate(transport, {
        dial: (address, attempt) => admit.dial(address, attempt, transport),
        listen: (accept, side, inner) => {
          room.side = side
          refuser.side = side
          return inner((inbound) => {
            if (isInbound(inbound)) admit.inbound(inbound, accept)
            else accept(inbound)
          }, side)
        },
      })
    },
  }
}
