import type { Address, Connection, Hub } from '@conn-hub/core'
import { ignore } from '../parts/errors.js'
import { checkNames, expect, functionOf, msOf, protectOf } from '../parts/options.js'
import type { Time } from '../parts/time.js'
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

/** The drain of one hub. */
export interface Run {
  state: DrainProgress['state']
  /** The entries that are to end; each leaves by its own end. */
  readonly left: Set<Address>
  total: number
  /** By a clock of its own. */
  endsAt: number | undefined
  started: Promise<DrainProgress> | undefined
}

export const createRun = (): Run => ({
  state: 'open',
  left: new Set(),
  total: 0,
  endsAt: undefined,
  started: undefined,
})

/** Ends the entries in their order, at an even pace. */
export const drain = async <S>(
  own: Run,
  hub: Hub<S>,
  entries: readonly Connection<S>[],
  { within, reason = 'going-away' }: DrainOptions<S>,
  time: Time,
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
    // Where the stack was full when the hub closed, nobody has heard of it.
    if (hub.closed) return paced?.stop()
    endings.push(hub.disconnect(address, { reason }).then(ignore, ignore))
  }
  // A dial has no session to be kept up.
  for (const entry of entries) if (entry.state === 'connecting') end(entry)
  const sessions = entries.filter((entry) => entry.state !== 'connecting')
  paced = atEvenPace(sessions, within, time, end)
  if (hub.closed) paced.stop()
  await paced.over
  await Promise.all(endings)
  for (const stop of stops) stop()
  // The same holds for the end of an entry.
  for (const address of own.left) if (!hub.get(address)) own.left.delete(address)
  own.state = 'drained'
  return { state: own.state, left: own.left.size, done: own.total - own.left.size }
}

export const readStart = <S>(options: DrainOptions<S>): void => {
  checkNames(options, ['within', 'reason', 'order', 'protect'])
  msOf(options, 'within')
  const { reason } = options
  expect(reason === undefined || typeof reason === 'string', 'a string', 'reason')
  functionOf(options, 'order')
  protectOf(options)
}

export const inOrder = <S>(hub: Hub<S>, options: DrainOptions<S>): Connection<S>[] => {
  const { order } = options
  const protect = protectOf(options)
  const entries = [...hub.snapshot()]
  if (order) entries.sort(order)
  const isLast = ({ sessions }: Connection<S>) =>
    (sessions as readonly { key?: string | undefined }[]).some((each) => isProtected(protect, each))
  return [...entries.filter((each) => !isLast(each)), ...entries.filter(isLast)]
}
