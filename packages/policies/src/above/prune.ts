import type { Address, Hub, Session } from '@conn-hub/core'
import type { Clock } from '../model/clock.js'
import type { Explaining } from '../model/policy.js'
import { chanceOf } from '../parts/chance.js'
import { ignore } from '../parts/errors.js'
import {
  checkHub,
  checkNames,
  clockOf,
  expect,
  functionOf,
  msOf,
  protectOf,
} from '../parts/options.js'
import { toTime } from '../parts/time.js'
import { type Due, Looks } from './looks.js'
import { isProtected, type Protection } from './protection.js'

/** What `prune()` is given. At least one of `idle` and `maxAge`. */
export interface PruneOptions {
  /** How long nothing may come and nothing go, in ms. Sessions without `traffic()` are not judged. At most `maxAge`. */
  readonly idle?: number | undefined
  /** How old a session may become, in ms. */
  readonly maxAge?: number | undefined
  /** Which part of `maxAge` may be missing, by chance, so that those that came together do not go together: 0 to 1. Default 0.1. */
  readonly jitter?: number | undefined
  /** Whom it leaves alone. */
  readonly protect?: Pick<Protection, 'isProtected'> | undefined
  /** Default: the global timers. */
  readonly clock?: Clock | undefined
  /** Default: `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** What `prune()` gives. */
export interface Pruning extends Explaining {
  /** Closes nothing any more. */
  close(): void
}

/** A session that is looked at again when it is due. */
interface Watched extends Due {
  readonly address: Address
  readonly session: Session<unknown>
  /** When it is too old. */
  readonly oldAt: number
  /** Rises with each byte and message; NaN where nobody counts. */
  traffic: number
  /** In how many looks it has not risen. */
  silent: number
}

/** So often within `idle` it is looked at: so one is closed a quarter too late at most. */
const LOOKS = 4

/**
 * Ends sessions that are idle (reason `idle`) or old (reason `max-age`). One timer serves all, and each is looked at when it is due. It
 * ends with the hub. Throws `HUB_CLOSED` or `INVALID_OPTION`.
 *
 * @example
 * const pruning = prune(hub, { idle: 10 * 60_000, maxAge: 24 * 3_600_000 })
 * pruning.close()
 */
export const prune = <S>(hub: Hub<S>, options: PruneOptions): Pruning => {
  checkHub(hub)
  checkNames(options, ['idle', 'maxAge', 'jitter', 'protect', 'clock', 'random'])
  const { idle, maxAge, jitter = 0.1 } = options
  expect(idle !== undefined || maxAge !== undefined, 'given, or "maxAge"', 'idle')
  const lookEach = idle === undefined ? Number.POSITIVE_INFINITY : msOf(options, 'idle') / LOOKS
  const oldest = maxAge === undefined ? Number.POSITIVE_INFINITY : msOf(options, 'maxAge')
  const canAct = idle === undefined || idle <= oldest
  expect(canAct, `at most "maxAge", which is ${oldest}: nothing becomes older`, 'idle')
  expect(typeof jitter === 'number' && jitter >= 0 && jitter <= 1, 'a number from 0 to 1', 'jitter')
  const random = chanceOf(functionOf(options, 'random'))
  const protect = protectOf(options)
  const time = toTime(clockOf(options))
  const again = Math.min(lookEach, oldest)
  const watched = new Map<Session<unknown>, Watched>()

  const watch = (address: Address, session: Session<unknown>) => {
    if (watched.has(session)) return
    const now = time.elapsed()
    const oldAt = now + oldest * (1 - jitter * random())
    const item: Watched = { address, session, oldAt, dueAt: 0, traffic: 0, silent: 0, place: -1 }
    watched.set(session, item)
    item.traffic = trafficOf(session)
    if (isWatched(item)) looks.put(item, Math.min(oldAt, now + lookEach))
  }

  /** To read what it counts runs foreign code, which may have ended it. */
  const isWatched = (item: Watched) => watched.get(item.session) === item

  /** Why it is to end, if it is. */
  const judge = (item: Watched, now: number): string | undefined => {
    if (now >= item.oldAt) return 'max-age'
    const traffic = trafficOf(item.session)
    item.silent = traffic === item.traffic ? item.silent + 1 : 0
    item.traffic = traffic
    return item.silent >= LOOKS && idle !== undefined ? 'idle' : undefined
  }

  const look = (item: Watched, now: number) => {
    const reason = judge(item, now)
    if (!isWatched(item)) return
    if (reason === undefined) return looks.put(item, Math.min(item.oldAt, now + lookEach))
    // It is looked at again: it may be protected no more, and a session need not close.
    looks.put(item, now + again)
    if (isProtected(protect, item.session) || !isWatched(item)) return
    hub.disconnect(item.address, { session: item.session as Session<S>, reason }).catch(ignore)
  }

  const unwatch = (item: Watched) => {
    looks.delete(item)
    watched.delete(item.session)
  }

  /** Whoever came or went while the stack was full. */
  const lookRound = (now: number) => {
    if (hub.closed) return close()
    const open: Session<unknown>[] = []
    for (const { address, sessions } of hub.snapshot()) {
      for (const session of sessions) {
        open.push(session)
        const item = watched.get(session)
        if (!item) watch(address, session)
        else if (item.place < 0) looks.put(item, now)
      }
    }
    if (open.length === watched.size) return
    const there = new Set(open)
    for (const item of watched.values()) if (!there.has(item.session)) unwatch(item)
  }

  const close = () => {
    for (const stop of stops) stop()
    looks.end()
    for (const item of watched.values()) unwatch(item)
  }
  // A hub that is closed throws here: there must be no timer before.
  const stops = [
    hub.on('session', ({ address, session }) => watch(address, session)),
    hub.on('session-closed', ({ session }) => {
      const item = watched.get(session)
      if (item) unwatch(item)
    }),
    hub.on('close', () => close()),
  ]
  const looks = new Looks<Watched>({ time, onDue: look, onRound: lookRound })
  lookRound(time.elapsed())

  return {
    close,
    explain: (address) => {
      const said = []
      for (const session of hub.get(address)?.sessions ?? []) {
        const item = watched.get(session)
        if (!item || isProtected(protect, session)) continue
        const until = Number.isFinite(item.oldAt)
          ? time.now() + item.oldAt - time.elapsed()
          : undefined
        if (item.silent > 0) {
          const text = `idle for ${item.silent} of ${LOOKS} looks, and ends then`
          said.push({ by: 'prune', text, until: time.now() + (LOOKS - item.silent) * lookEach })
        } else if (until !== undefined) said.push({ by: 'prune', text: 'ends by its age', until })
      }
      return said
    },
  }
}

/** What only rises, as one number. What throws is not known. */
const trafficOf = (session: Session<unknown>): number => {
  try {
    const given = session.traffic?.()
    if (!given) return Number.NaN
    const { bytesIn = 0, bytesOut = 0, messagesIn = 0, messagesOut = 0, heardAt = 0 } = given
    return bytesIn + bytesOut + messagesIn + messagesOut + heardAt
  } catch {
    return Number.NaN
  }
}
