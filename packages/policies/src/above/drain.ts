import {
  type Address,
  type Connection,
  decorate,
  type Hub,
  HubError,
  type Transport,
  withOutcome,
} from '@conn-hub/core'
import type { Clock } from '../model/clock.js'
import type { Explaining, Policy } from '../model/policy.js'
import { dialRefused, ignore } from '../parts/errors.js'
import { createOnce } from '../parts/once.js'
import {
  checkHub,
  checkNames,
  clockOf,
  expect,
  functionOf,
  msOf,
  protectOf,
} from '../parts/options.js'
import { isNew, isReadable } from '../parts/reading.js'
import { Refuser } from '../parts/refuser.js'
import { toTime } from '../parts/time.js'
import { atEvenPace, type Paced } from './pace.js'
import { isProtected, type Protection } from './protection.js'

/** What `start()` of a drain is given. */
export interface DrainOptions<S> {
  /** How long it may take, in ms. */
  readonly within: number
  /** What the other sides are told. Default `going-away`. */
  readonly reason?: string | undefined
  /** Who goes first: as for `sort()`. Default: the oldest entry. */
  readonly order?: ((a: Connection<S>, b: Connection<S>) => number) | undefined
  /** Whoever is protected goes last. */
  readonly protect?: Pick<Protection, 'isProtected'> | undefined
}

/** How far a drain is. */
export interface DrainProgress {
  /** `open`: not begun. `drained`: everything was asked to end, and has ended or could not; or the hub has closed. */
  readonly state: 'open' | 'draining' | 'drained'
  /** How many entries are still there. */
  readonly left: number
  /** How many have ended. */
  readonly done: number
}

/** A policy, the outermost, that can end everything. */
export interface Draining extends Policy, Explaining, DrainProgress {
  /**
   * Refuses new dials and sessions from now on, and ends the entries at an even pace. Resolves once that is over; a second call gives the
   * same promise. Rejects with `HUB_CLOSED`, `INVALID_OPTION`, or `NOT_COMPOSED` where this drain is round no transport of a hub.
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
  let isComposed = false
  let current = createRun()

  const run = async <S>(
    own: Run,
    hub: Hub<S>,
    entries: readonly Connection<S>[],
    { within, reason }: DrainOptions<S>,
  ): Promise<DrainProgress> => {
    let paced: Paced | undefined
    const stops = [
      hub.on('close', () => paced?.stop()),
      hub.on('change', ({ before, after }) => {
        if (before && !after) own.left.delete(before.address)
      }),
    ]
    own.state = 'draining'
    own.endsAt = time.elapsed() + within
    own.total = entries.length
    for (const { address } of entries) own.left.add(address)
    const endings: Promise<void>[] = []
    const end = ({ address }: Connection<S>) => {
      endings.push(hub.disconnect(address, { reason: reason ?? 'going-away' }).then(ignore, ignore))
    }
    // A dial has no session to be kept up.
    for (const entry of entries) if (entry.state === 'connecting') end(entry)
    const sessions = entries.filter((entry) => entry.state !== 'connecting')
    paced = atEvenPace(sessions, within, time, end)
    if (hub.closed) paced.stop()
    await paced.over
    await Promise.all(endings)
    for (const stop of stops) stop()
    own.state = 'drained'
    return { state: own.state, left: own.left.size, done: own.total - own.left.size }
  }

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
      if (!isComposed) {
        const what = 'This drain is round no transport of a hub. Write it last in compose().'
        throw new HubError('NOT_COMPOSED', what)
      }
      if (current.started) return current.started
      const entries = inOrder(hub, given)
      // Whoever was asked for the order may have started it, or closed the hub and made another one.
      current.started ??= run(current, hub, entries, given)
      return current.started
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
      const refused = () =>
        dialRefused('DRAINING', 'this hub is being drained, and dials nobody any more.')
      return decorate(transport, {
        dial: (address, attempt) => {
          const fail = () => {
            refuser.dial(address, 'draining')
            attempt.fail(refused())
          }
          if (current.state !== 'open') return void fail()
          const succeed = (session: Parameters<typeof attempt.succeed>[0]) => {
            if (current.state === 'open' || !isReadable(session)) return attempt.succeed(session)
            refuser.session({ address, session, reason: 'going-away', why: 'draining' })
            attempt.fail(refused())
          }
          return transport.dial(address, withOutcome(attempt, { succeed }))
        },
        listen: (accept, side, inner) => {
          isComposed = true
          // The hub before has closed, and its drain may not be over yet.
          current = createRun()
          refuser.side = side
          return inner((inbound) => {
            if (current.state === 'open' || !isNew(inbound, side)) return accept(inbound)
            const { address, session } = inbound
            refuser.session({ address, session, reason: 'try-later', why: 'draining' })
          }, side)
        },
      })
    },
  }
}

/** The drain of one hub. */
interface Run {
  state: DrainProgress['state']
  /** The entries that are to end; each leaves by its own end. */
  readonly left: Set<Address>
  total: number
  endsAt: number | undefined
  started: Promise<DrainProgress> | undefined
}

const createRun = (): Run => ({
  state: 'open',
  left: new Set(),
  total: 0,
  endsAt: undefined,
  started: undefined,
})

const readStart = <S>(options: DrainOptions<S>): void => {
  checkNames(options, ['within', 'reason', 'order', 'protect'])
  msOf(options, 'within')
  const { reason } = options
  expect(reason === undefined || typeof reason === 'string', 'a string', 'reason')
  functionOf(options, 'order')
  protectOf(options)
}

const inOrder = <S>(hub: Hub<S>, { order, protect }: DrainOptions<S>): Connection<S>[] => {
  const entries = [...hub.snapshot()]
  if (order) entries.sort(order)
  const isLast = ({ sessions }: Connection<S>) =>
    (sessions as readonly { key?: string | undefined }[]).some((each) => isProtected(protect, each))
  return [...entries.filter((each) => !isLast(each)), ...entries.filter(isLast)]
}
