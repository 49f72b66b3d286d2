import { decorate, type Inbound, type Transport } from '@conn-hub/core'
import type { Clock } from '../model/clock.js'
import type { Explaining, Policy } from '../model/policy.js'
import { textOf } from '../parts/errors.js'
import { createOnce } from '../parts/once.js'
import { checkNames, clockOf, countOf, expect, isFunction, msOf } from '../parts/options.js'
import { isNew } from '../parts/reading.js'
import { Refuser } from '../parts/refuser.js'
import { toTime } from '../parts/time.js'
import type { GroupBy } from './ip-prefix.js'
import { OpenByGroup } from './open-by-group.js'
import { Rate } from './rate.js'

/** What `limitInbound()` is given. At least `concurrent`, or `max` and `per`. */
export interface LimitInboundOptions {
  /** Who counts as one: `ipPrefix()`, or a function of your own; `undefined`: no limit. */
  readonly by: GroupBy
  /** How many sessions each may open within `per`, and at once. Default: any number. */
  readonly max?: number | undefined
  /** In ms. With `max` alone. */
  readonly per?: number | undefined
  /** How many each may have open at once. Default: any number. */
  readonly concurrent?: number | undefined
  /** Default: the global timers. */
  readonly clock?: Clock | undefined
}

/** A limit of what others open. */
export interface InboundLimit extends Policy, Explaining {
  /** How many sessions of a group are open. Without `concurrent` nobody counts them: 0. */
  open(group: string): number
}

/**
 * Limits the sessions that others open, for each of them: how many within a time, and how many at once. What is refused closes with the
 * reason `limit`. It remembers 100,000 groups at most. Write it first: so that what is refused costs the other layers nothing.
 *
 * @example
 * const flood = limitInbound({ by: ipPrefix({ v4: 32, v6: 64 }), max: 30, per: 60_000, concurrent: 10 })
 * const hub = createHub({ transport: compose(transport, flood) })
 */
export const limitInbound = (options: LimitInboundOptions): InboundLimit => {
  checkNames(options, ['by', 'max', 'per', 'concurrent', 'clock'])
  const { by, max, per } = options
  expect(isFunction(by), 'a function that gives a text, as ipPrefix() makes it', 'by')
  expect((max === undefined) === (per === undefined), 'given with "max", and not without it', 'per')
  const time = toTime(clockOf(options))
  const rate =
    max === undefined ? undefined : new Rate(countOf(options, 'max'), msOf(options, 'per'))
  const concurrent = countOf(options, 'concurrent')
  const limitsAny = rate !== undefined || concurrent < Number.POSITIVE_INFINITY
  expect(limitsAny, 'a number, or else "max" and "per" given', 'concurrent')
  const use = createOnce('limitInbound')
  const open = new OpenByGroup()

  const groupOf: GroupBy = (inbound) => {
    const group: unknown = by(inbound)
    const fits = group === undefined || typeof group === 'string'
    expect(fits, 'a function that gives a text, or undefined', 'by')
    return group
  }

  /** Why it is turned away, if it is. */
  const judge = (inbound: Inbound<unknown>): string | undefined => {
    let group: string | undefined
    try {
      group = groupOf(inbound)
    } catch (error) {
      // An address that makes it throw must not be a way round the limit.
      return `failed: ${textOf(error)}`
    }
    if (group === undefined) return
    if (open.count(group) >= concurrent) return 'limit-concurrent'
    if (rate && !rate.take(group, time.elapsed())) return 'limit-rate'
    if (concurrent !== Number.POSITIVE_INFINITY) open.add(group, inbound.session)
  }

  return {
    name: 'limitInbound',
    open: (group) => open.count(group),
    explain: (address) => {
      const group = groupOf({ address })
      const wait = group === undefined ? 0 : (rate?.waitOf(group, time.elapsed()) ?? 0)
      if (group === undefined || (wait === 0 && open.count(group) < concurrent)) return []
      if (wait === 0) {
        const text = `no more from ${group}: ${concurrent} sessions are open`
        return [{ by: 'limitInbound', text }]
      }
      const text = `no more from ${group}: ${max} in ${per} ms have come`
      return [{ by: 'limitInbound', text, until: time.now() + wait }]
    },
    wrap: <S>(transport: Transport<S>) => {
      use()
      const refuser = new Refuser<S>('limitInbound', time)
      return decorate(transport, {
        listen: (accept, side, inner) => {
          refuser.side = side
          return inner((inbound) => {
            const why = isNew(inbound, side) ? judge(inbound) : undefined
            if (why === undefined) return accept(inbound)
            const { address, session } = inbound
            refuser.session({ address, session, reason: 'limit', why })
          }, side)
        },
      })
    },
  }
}
