import type { Connection, Hub, Metadata, PeerKey } from '@conn-hub/core'
import { Calls } from './edges/calls.js'
import { Listeners } from './edges/listeners.js'
import { checkHub, checkNames, checkSignal, readFleetOptions, token } from './edges/options.js'
import { memoryEngine } from './engines/memory.js'
import { Finder } from './finder.js'
import { Lease } from './lease.js'
import { FleetError } from './model/errors.js'
import type { Fleet } from './model/fleet.js'
import type { FleetOptions } from './model/options.js'
import { Names } from './names.js'
import { observeHub } from './own/observe.js'
import { OwnTable } from './own/own-table.js'
import { Publisher } from './own/publisher.js'
import { Follower } from './view/follower.js'
import { iterateChanges } from './view/iterator.js'
import { View } from './view/view.js'

/**
 * Makes this hub one of a fleet: the others see who is connected here, and it sees who is connected there. Returns at once; the hub never
 * waits for it. Throws `INVALID_OPTION`, or the hub's `HUB_CLOSED`.
 *
 * @example
 * const fleet = joinFleet(hub, { engine: redisEngine(client), machine: 'web-1' })
 * const [place] = await fleet.find('anna')
 */
export const joinFleet = <S, D extends Metadata, P = unknown>(
  hub: Hub<S, D>,
  options: FleetOptions<S, P> = {},
): Fleet<P> => {
  checkHub(hub)
  const {
    engine = memoryEngine(),
    machine,
    lease: leaseMs,
    batch,
    poll,
    follow,
    publish,
  } = readFleetOptions(options)
  const incarnation = `${machine}/${token()}`
  const listeners = new Listeners()
  const calls = new Calls(engine)
  const view = new View()
  const ending = new AbortController()
  const ends = new Set<() => void>()
  let isOver = false
  let since = Date.now()
  let [hasLoaded, isWhole] = [!follow, false]
  let [resolveReady, rejectReady] = [() => {}, (_: unknown) => {}]
  const ready = new Promise<void>((resolve, reject) => {
    resolveReady = resolve
    rejectReady = reject
  })
  // Nobody need wait for it.
  ready.catch(() => {})
  const done = (what: 'loaded' | 'whole') => {
    if (what === 'loaded') hasLoaded = true
    else isWhole = true
    if (hasLoaded && isWhole) resolveReady()
  }

  const own = view.add(
    incarnation,
    Number.POSITIVE_INFINITY,
    { number: 0, whole: true, lease: leaseMs, until: 0, sessions: 0, draining: false },
    new Map(),
  )
  const names = new Names(incarnation, listeners)
  const lease: Lease = new Lease({
    incarnation,
    ms: leaseMs,
    calls,
    onRenewing: () => publisher.onRenewing(),
    onRenewed: (renewal) => {
      listeners.forget(...OF_ENGINE)
      names.look(renewal.leases)
      publisher.onRenewed(renewal)
      follower.onRenewed(renewal)
    },
    onFailed: (error) => listeners.tell(error),
    onState: () => {
      since = Date.now()
      listeners.emit('state', { state: state(), since })
    },
  })
  const plainHub = hub as unknown as Hub<unknown>
  const table = new OwnTable({
    hub: plainHub,
    publish: publish as (entry: Connection<unknown>) => never,
    listeners,
  })
  const publisher = new Publisher({
    incarnation,
    leaseMs,
    batch,
    calls,
    lease,
    listeners,
    table,
    view,
    own,
    onWhole: () => done('whole'),
  })
  const follower = new Follower({
    incarnation,
    poll,
    calls,
    lease,
    listeners,
    view,
    signal: ending.signal,
    onLoaded: () => done('loaded'),
  })
  const state = () => (lease.isHeld ? 'joined' : 'isolated')
  const staleSince = () => (lease.isHeld ? undefined : since)
  const finder = new Finder<P>({ own, view, calls, lease, listeners, follow, staleSince })
  const assertFollows = () => {
    if (follow) return
    throw new FleetError('NOT_FOLLOWING', 'This needs the view of all: join with follow: true.')
  }
  const assertIn = () => {
    if (isOver) throw new FleetError('FLEET_LEFT', 'The fleet was left, or the hub has closed.')
  }

  let leaving: Promise<void> | undefined
  const leave = (): Promise<void> => {
    leaving ??= end()
    return leaving
  }
  const end = async () => {
    isOver = true
    stopObserving()
    publisher.stop()
    lease.stop()
    // Whoever listens hears that it is isolated now.
    void lease.isHeld
    ending.abort()
    follower.end()
    for (const close of [...ends]) close()
    rejectReady(new FleetError('FLEET_LEFT', 'The fleet was left before it was joined.'))
    // Whoever cannot be told sees the lease end.
    await calls.call((engine) => engine.release(incarnation)).catch(() => {})
    listeners.clear()
  }
  const stopObserving = observeHub(plainHub, {
    onField: (field) => publisher.changed(field),
    onSessions: (sessions) => publisher.tell({ sessions }),
    onBegun: () => {
      publisher.flush()
      lease.start()
      if (follow) follower.run()
    },
    onClose: () => void leave(),
  })

  return Object.freeze({
    machine,
    ready,
    get state() {
      return state()
    },
    get since() {
      void lease.isHeld
      return since
    },
    find: async (key: PeerKey) => {
      assertIn()
      return finder.find(key)
    },
    entries: () => {
      assertFollows()
      return finder.entries()
    },
    changes: (given: { readonly signal?: AbortSignal } = {}) => {
      assertFollows()
      checkNames(given, ['signal'])
      checkSignal(given.signal)
      return iterateChanges<P>({ view, ends, isOver: () => isOver }, given.signal)
    },
    machines: async () => {
      assertIn()
      return finder.machines()
    },
    on: (type, listener, given) => listeners.on(type, listener, given),
    drain: () => publisher.tell({ draining: true }),
    leave,
  } satisfies Fleet<P>)
}

/** Over with the next lease. */
const OF_ENGINE = [
  'FLEET_UNREACHABLE',
  'ENGINE_SLOW',
  'ENGINE_FAILED',
  'LOGIN_REFUSED',
  'READ_ONLY',
  'WRONG_SHARD',
  'OUT_OF_MEMORY',
]
