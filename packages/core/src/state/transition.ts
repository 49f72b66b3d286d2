import type { Opening } from '../edges/port.js'
import type {
  Address,
  Connection,
  Initiator,
  Metadata,
  PeerKey,
  Session,
  State,
} from '../model/connection.js'
import type { HubError } from '../model/errors.js'
import type { ConnectionEvent } from '../model/events.js'
import type { Description } from '../model/transport.js'

/** Everything that can happen to one address. */
export type Input<S> =
  | { readonly type: 'dial'; readonly name: Description; readonly data: Metadata | undefined }
  /** What holds the dial up, if anything. */
  | { readonly type: 'hold'; readonly waits: string | undefined }
  | { readonly type: 'open'; readonly opening: Opening<S>; readonly name: Description }
  | { readonly type: 'fail'; readonly error: HubError }
  | { readonly type: 'close'; readonly reason: string }
  | { readonly type: 'close-failed'; readonly error: HubError }
  /** A session closed; without one, a cancelled dial is over. */
  | {
      readonly type: 'closed'
      readonly session?: Session<S>
      readonly error?: unknown
      /** Why, in the other side's words. */
      readonly reason?: string | undefined
      /** Why, where we asked this session alone to close. */
      readonly asked?: string | undefined
    }
  | { readonly type: 'update'; readonly data: Metadata }

/** Where and when: what the events of this step carry. */
export interface Stamp {
  readonly address: Address
  readonly seq: number
  readonly at: number
}

/** How a session ended. */
export interface Ended<S> {
  readonly session: Session<S>
  readonly reason: string
  readonly initiator: Initiator
  readonly error: unknown
}

/** The entry after the step (none: it is gone), and what happened, where it is worth telling. */
export interface Step<S> {
  readonly next: Connection<S> | undefined
  readonly event?: ConnectionEvent<S> | undefined
  readonly opened?: Session<S> | undefined
  readonly ended?: Ended<S> | undefined
  /** Why the session may not come in. */
  readonly refused?: 'disconnecting' | 'wrong-peer' | undefined
}

type Entry<S> = Connection<S> | undefined
type InputOf<S, T extends Input<S>['type']> = Extract<Input<S>, { type: T }>

/**
 * The table of states as code, pure: an entry and an input give the next entry and at most one event.
 * An input that means nothing in a state gives the entry back as it was.
 */
export function transition<S>(entry: Entry<S>, input: Input<S>, stamp: Stamp): Step<S> {
  switch (input.type) {
    case 'dial':
      return entry ? { next: entry } : dial(input, stamp)
    case 'hold':
      return hold(entry, input, stamp)
    case 'open':
      return open(entry, input, stamp)
    case 'fail':
      return fail(entry, input, stamp)
    case 'close':
      return close(entry, input, stamp)
    case 'close-failed':
      return closeFailed(entry, input, stamp)
    case 'closed':
      return closed(entry, input, stamp)
    case 'update':
      return update(entry, input, stamp)
  }
}

// Objects are written out field by field. Measured with spreads: a cycle took 3 to 8 times as long, an entry 150 to 300 bytes more.

function dial<S>({ name, data }: InputOf<S, 'dial'>, stamp: Stamp): Step<S> {
  const { address, seq, at } = stamp
  const { key, kind } = name
  const next = create<S>(address, 'connecting', NO_SESSIONS, at)
  next.key = key
  next.kind = kind
  if (data) next.data = data
  return step(next, { type: 'connecting', seq, at, address, key })
}

function hold<S>(entry: Entry<S>, { waits }: InputOf<S, 'hold'>, { at }: Stamp): Step<S> {
  if (entry?.state !== 'connecting' || entry.waits === waits) return { next: entry }
  const next = change<S>(entry, 'connecting', entry.sessions, at)
  next.waits = waits
  return step(next)
}

/** Whether a session proves another key than the one that is known or named. Without a key it proves nothing, and contradicts nothing. */
export const contradicts = (known: PeerKey | undefined, proved: PeerKey | undefined): boolean =>
  known !== undefined && proved !== undefined && known !== proved

function open<S>(entry: Entry<S>, { opening, name }: InputOf<S, 'open'>, stamp: Stamp): Step<S> {
  const { session, key, kind, direction } = opening
  const { address, seq, at } = stamp
  if (entry?.state === 'disconnecting') return { next: entry, refused: 'disconnecting' }
  if (contradicts(entry ? entry.key : name.key, key)) return { next: entry, refused: 'wrong-peer' }
  const sessions: readonly Session<S>[] = entry ? entry.sessions : NO_SESSIONS
  if (sessions.includes(session)) return { next: entry }
  const isFirst = entry?.state !== 'connected'
  const next = entry
    ? change(entry, 'connected', list(sessions.concat(session)), at)
    : create<S>(address, 'connected', list([session]), at)
  // The string of the session, not its equal from the address: it lives as long as the session does.
  next.key = key ?? (entry ? entry.key : name.key)
  next.kind = kind ?? (entry ? entry.kind : name.kind)
  if (!isFirst) return { next: asEntry(next), opened: session }
  const event = { type: 'connected', seq, at, address, key: next.key, session, direction } as const
  return { next: asEntry(next), event, opened: session }
}

function fail<S>(entry: Entry<S>, { error }: InputOf<S, 'fail'>, stamp: Stamp): Step<S> {
  if (entry?.state !== 'connecting') return { next: entry }
  const { address, seq, at } = stamp
  return step(undefined, { type: 'connecting-failed', seq, at, address, key: entry.key, error })
}

function close<S>(entry: Entry<S>, { reason }: InputOf<S, 'close'>, stamp: Stamp): Step<S> {
  if (!entry || entry.state === 'disconnecting') return { next: entry }
  const { address, seq, at } = stamp
  const { key } = entry
  const next = change(entry, 'disconnecting', entry.sessions, at)
  next.reason = reason
  const initiator = 'local'
  return step(next, { type: 'disconnecting', seq, at, address, key, reason, initiator })
}

function closeFailed<S>(
  entry: Entry<S>,
  { error }: InputOf<S, 'close-failed'>,
  stamp: Stamp,
): Step<S> {
  if (entry?.state !== 'disconnecting' || entry.sessions.length === 0) return { next: entry }
  const { address, seq, at } = stamp
  const next = change(entry, 'connected', entry.sessions, at)
  return step(next, { type: 'disconnecting-failed', seq, at, address, key: entry.key, error })
}

function closed<S>(entry: Entry<S>, input: InputOf<S, 'closed'>, stamp: Stamp): Step<S> {
  if (!entry || entry.state === 'connecting') return { next: entry }
  const { session, error, asked } = input
  const { address, seq, at } = stamp
  const { sessions } = entry
  const place = session ? sessions.indexOf(session) : -1
  if (session ? place < 0 : sessions.length > 0) return { next: entry }
  const ours = entry.state === 'disconnecting' ? entry.reason : asked
  const initiator: Initiator = ours === undefined ? 'remote' : 'local'
  const reason = ours ?? input.reason ?? 'session-closed'
  const ended = session && { session, reason, initiator, error }
  if (sessions.length > 1) {
    // Two copies of parts: `filter` asks a function for each, and takes twice as long.
    const rest = sessions.slice(0, place).concat(sessions.slice(place + 1))
    return { next: asEntry(change(entry, entry.state, list(rest), at)), ended }
  }
  const { key } = entry
  const event = { type: 'disconnected', seq, at, address, key, reason, initiator } as const
  return { next: undefined, event: error === undefined ? event : { ...event, error }, ended }
}

function update<S>(entry: Entry<S>, { data }: InputOf<S, 'update'>, { at }: Stamp): Step<S> {
  if (!entry) return { next: entry }
  const next = change(entry, entry.state, entry.sessions, at)
  next.data = { ...entry.data, ...data }
  return step(next)
}

/** One for all: most entries have no metadata. */
const NO_DATA: Metadata = Object.freeze({})
const NO_SESSIONS: readonly never[] = Object.freeze([])

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
  waits?: string | undefined
}

/** Frozen: whoever reads an entry could change the hub by it. */
const list = <S>(sessions: Session<S>[]): readonly Session<S>[] => Object.freeze(sessions)

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
  if (state === entry.state) {
    if (entry.state === 'disconnecting') next.reason = entry.reason
    if (entry.state === 'connecting' && entry.waits !== undefined) next.waits = entry.waits
  }
  return next
}

/** The functions above set what their state asks for; the compiler cannot follow that. */
const asEntry = <S>(draft: Draft<S>): Connection<S> => draft as Connection<S>

const step = <S>(next: Draft<S> | undefined, event?: ConnectionEvent<S>): Step<S> => ({
  next: next && asEntry(next),
  event,
})
