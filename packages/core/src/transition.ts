import type { Address, Connection, Metadata, PeerKey, Session, State } from './connection.js'
import type { HubError } from './errors.js'
import type { ConnectionEvent } from './events.js'

/** Everything that can happen to one address. */
export type Input<S> =
  | {
      readonly type: 'dial'
      readonly key?: PeerKey
      readonly kind?: string
      readonly data?: Metadata | undefined
    }
  | {
      readonly type: 'open'
      readonly session: Session<S>
      readonly key?: PeerKey
      readonly kind?: string
    }
  | { readonly type: 'fail'; readonly error: HubError }
  | { readonly type: 'close'; readonly reason: string }
  | { readonly type: 'close-failed'; readonly error: HubError }
  /** A session closed; without one, a cancelled dial is over. */
  | { readonly type: 'closed'; readonly session?: Session<S>; readonly error?: unknown }
  | { readonly type: 'update'; readonly data: Metadata }

/** Where and when: what the events of this step carry. */
export interface Moment {
  readonly address: Address
  readonly seq: number
  readonly at: number
}

/** The entry after the step (none: it is gone), and what happened, where it is worth an event. */
export interface Step<S> {
  readonly next: Connection<S> | undefined
  readonly event?: ConnectionEvent<S> | undefined
}

type Entry<S> = Connection<S> | undefined
type InputOf<S, T extends Input<S>['type']> = Extract<Input<S>, { type: T }>

/**
 * The table of states as code, pure: an entry and an input give the next entry and at most one event.
 * An input that means nothing in a state gives the entry back as it was.
 */
export function transition<S>(entry: Entry<S>, input: Input<S>, moment: Moment): Step<S> {
  switch (input.type) {
    case 'dial':
      return entry ? { next: entry } : dial(input, moment)
    case 'open':
      return open(entry, input, moment)
    case 'fail':
      return fail(entry, input, moment)
    case 'close':
      return close(entry, input, moment)
    case 'close-failed':
      return closeFailed(entry, input, moment)
    case 'closed':
      return closed(entry, input, moment)
    case 'update':
      return update(entry, input, moment)
  }
}

// Objects are written out field by field: a spread takes microseconds, and this is done at every step.

function dial<S>({ key, kind, data }: InputOf<S, 'dial'>, moment: Moment): Step<S> {
  const { address, seq, at } = moment
  const next = create<S>(address, 'connecting', [], at)
  next.key = key
  next.kind = kind
  if (data) next.data = data
  return step(next, { type: 'connecting', seq, at, address, key })
}

function open<S>(entry: Entry<S>, input: InputOf<S, 'open'>, moment: Moment): Step<S> {
  const { session } = input
  const { address, seq, at } = moment
  if (entry?.state === 'disconnecting') return { next: entry }
  if (entry?.state === 'connected') {
    if (entry.sessions.includes(session)) return { next: entry }
    return step(change(entry, 'connected', [...entry.sessions, session], at))
  }
  const next = entry
    ? change(entry, 'connected', [session], at)
    : create(address, 'connected', [session], at)
  // Who the peer has proved to be counts more than what an inbound address says.
  next.key ??= session.key ?? input.key
  next.kind ??= input.kind ?? session.kind
  const { key } = next
  const { direction } = session
  return step(next, { type: 'connected', seq, at, address, key, session, direction })
}

function fail<S>(entry: Entry<S>, { error }: InputOf<S, 'fail'>, moment: Moment): Step<S> {
  if (entry?.state !== 'connecting') return { next: entry }
  const { address, seq, at } = moment
  return step(undefined, { type: 'connecting-failed', seq, at, address, key: entry.key, error })
}

function close<S>(entry: Entry<S>, { reason }: InputOf<S, 'close'>, moment: Moment): Step<S> {
  if (!entry || entry.state === 'disconnecting') return { next: entry }
  const { address, seq, at } = moment
  const { key } = entry
  const next = change(entry, 'disconnecting', entry.sessions, at)
  next.reason = reason
  const initiator = 'local'
  return step(next, { type: 'disconnecting', seq, at, address, key, reason, initiator })
}

function closeFailed<S>(
  entry: Entry<S>,
  { error }: InputOf<S, 'close-failed'>,
  moment: Moment,
): Step<S> {
  if (entry?.state !== 'disconnecting' || entry.sessions.length === 0) return { next: entry }
  const { address, seq, at } = moment
  const next = change(entry, 'connected', entry.sessions, at)
  return step(next, { type: 'disconnecting-failed', seq, at, address, key: entry.key, error })
}

function closed<S>(
  entry: Entry<S>,
  { session, error }: InputOf<S, 'closed'>,
  moment: Moment,
): Step<S> {
  if (!entry || entry.state === 'connecting') return { next: entry }
  const { address, seq, at } = moment
  const rest = entry.sessions.filter((other) => other !== session)
  if (rest.length > 0) {
    return rest.length === entry.sessions.length
      ? { next: entry }
      : step(change(entry, entry.state, rest, at))
  }
  const { key } = entry
  const local = entry.state === 'disconnecting'
  const reason = local ? entry.reason : 'session-closed'
  const initiator = local ? 'local' : 'remote'
  const event = { type: 'disconnected', seq, at, address, key, reason, initiator } as const
  return step(undefined, error === undefined ? event : { ...event, error })
}

function update<S>(entry: Entry<S>, { data }: InputOf<S, 'update'>, { at }: Moment): Step<S> {
  if (!entry) return { next: entry }
  const next = change(entry, entry.state, entry.sessions, at)
  next.data = { ...entry.data, ...data }
  return step(next)
}

/** One for all: most entries have no metadata. */
const NO_DATA: Metadata = Object.freeze({})

/** An entry that nobody has seen yet: the one moment at which it may change. */
interface Draft<S> {
  readonly address: Address
  readonly state: State
  key: PeerKey | undefined
  kind: string | undefined
  readonly sessions: readonly Session<S>[]
  data: Metadata
  readonly createdAt: number
  readonly since: number
  readonly updatedAt: number
  reason?: string
}

const create = <S>(
  address: Address,
  state: State,
  sessions: readonly Session<S>[],
  at: number,
): Draft<S> => ({
  address,
  state,
  key: undefined,
  kind: undefined,
  sessions,
  data: NO_DATA,
  createdAt: at,
  since: at,
  updatedAt: at,
})

const change = <S>(
  entry: Connection<S>,
  state: State,
  sessions: readonly Session<S>[],
  at: number,
): Draft<S> => {
  const { address, key, kind, data, createdAt, since } = entry
  const began = state === entry.state ? since : at
  const next: Draft<S> = {
    address,
    state,
    key,
    kind,
    sessions,
    data,
    createdAt,
    since: began,
    updatedAt: at,
  }
  if (entry.state === 'disconnecting' && state === 'disconnecting') next.reason = entry.reason
  return next
}

const step = <S>(next: Draft<S> | undefined, event?: ConnectionEvent<S>): Step<S> => ({
  next: next as Connection<S> | undefined,
  event,
})
