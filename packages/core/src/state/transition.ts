import type { Opening } from '../edges/port.js'
import type {
  Address,
  Connection,
  Direction,
  Initiator,
  Metadata,
  PeerKey,
  Session,
  State,
} from '../model/connection.js'
import type { HubError } from '../model/errors.js'
import type { ConnectionEvent, EventType } from '../model/events.js'
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
  readonly opened?: Opening<S> | undefined
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
export const transition = <S>(entry: Entry<S>, input: Input<S>, stamp: Stamp): Step<S> =>
  // Each function stands under the type of its input; the compiler cannot follow that.
  TABLE[input.type](entry, input as never, stamp) as Step<S>

// Objects are written out field by field. Measured with spreads: a cycle took 3 to 8 times as long, an entry 150 to 300 bytes more.

const dial = <S>(entry: Entry<S>, { name, data }: InputOf<S, 'dial'>, stamp: Stamp): Step<S> => {
  if (entry) return step(entry)
  const next = draft<S>(undefined, 'connecting', NO_SESSIONS, stamp)
  next.key = name.key
  next.kind = name.kind
  if (data) next.data = data
  return step(next, told('connecting', stamp, name.key))
}

const hold = <S>(entry: Entry<S>, { waits }: InputOf<S, 'hold'>, stamp: Stamp): Step<S> => {
  if (entry?.state !== 'connecting' || entry.waits === waits) return step(entry)
  const next = draft<S>(entry, 'connecting', entry.sessions, stamp)
  next.waits = waits
  return step(next)
}

/** Whether a session proves another key than the one that is known or named. Without a key it proves nothing, and contradicts nothing. */
export const contradicts = (known: PeerKey | undefined, proved: PeerKey | undefined): boolean =>
  known !== undefined && proved !== undefined && known !== proved

const open = <S>(entry: Entry<S>, input: InputOf<S, 'open'>, stamp: Stamp): Step<S> => {
  const { opening } = input
  const { session, direction } = opening
  const known: Description = entry ?? input.name
  if (entry?.state === 'disconnecting') return { next: entry, refused: entry.state }
  if (contradicts(known.key, opening.key)) return { next: entry, refused: 'wrong-peer' }
  const sessions: readonly Session<S>[] = entry ? entry.sessions : NO_SESSIONS
  if (sessions.includes(session)) return step(entry)
  // In brackets: a session that looks like an array would be spread.
  const next = draft(entry, 'connected', list(sessions.concat([session])), stamp)
  // The string of the session, not its equal from the address: it lives as long as the session does.
  const key = opening.key ?? known.key
  next.key = key
  next.kind = opening.kind ?? known.kind
  if (entry?.state === 'connected') return step(next, undefined, opening)
  const event = told<S>('connected', stamp, key)
  event.session = session
  event.direction = direction
  return step(next, event, opening)
}

const fail = <S>(entry: Entry<S>, { error }: InputOf<S, 'fail'>, stamp: Stamp): Step<S> => {
  if (entry?.state !== 'connecting') return step(entry)
  const event = told<S>('connecting-failed', stamp, entry.key)
  event.error = error
  return step(undefined, event)
}

const close = <S>(entry: Entry<S>, { reason }: InputOf<S, 'close'>, stamp: Stamp): Step<S> => {
  if (!entry || entry.state === 'disconnecting') return step(entry)
  const next = draft(entry, 'disconnecting', entry.sessions, stamp)
  next.reason = reason
  const event = told<S>('disconnecting', stamp, entry.key)
  event.reason = reason
  event.initiator = 'local'
  return step(next, event)
}

const closeFailed = <S>(
  entry: Entry<S>,
  { error }: InputOf<S, 'close-failed'>,
  stamp: Stamp,
): Step<S> => {
  if (entry?.state !== 'disconnecting' || entry.sessions.length === 0) return step(entry)
  const next = draft(entry, 'connected', entry.sessions, stamp)
  const event = told<S>('disconnecting-failed', stamp, entry.key)
  event.error = error
  return step(next, event)
}

const closed = <S>(entry: Entry<S>, input: InputOf<S, 'closed'>, stamp: Stamp): Step<S> => {
  if (!entry || entry.state === 'connecting') return step(entry)
  const { session, error, asked } = input
  const { sessions } = entry
  const place = session ? sessions.indexOf(session) : -1
  if (session ? place < 0 : sessions.length > 0) return step(entry)
  const ours = entry.state === 'disconnecting' ? entry.reason : asked
  const initiator: Initiator = ours === undefined ? 'remote' : 'local'
  const reason = ours ?? input.reason ?? 'session-closed'
  const ended = session && { session, reason, initiator, error }
  if (sessions.length > 1) {
    // Two copies of parts: `filter` asks a function for each, and takes twice as long.
    const rest = sessions.slice(0, place).concat(sessions.slice(place + 1))
    return step(draft(entry, entry.state, list(rest), stamp), undefined, undefined, ended)
  }
  const event = told<S>('disconnected', stamp, entry.key)
  event.reason = reason
  event.initiator = initiator
  if (error !== undefined) event.error = error
  return step(undefined, event, undefined, ended)
}

const update = <S>(entry: Entry<S>, { data }: InputOf<S, 'update'>, stamp: Stamp): Step<S> => {
  if (!entry) return step(entry)
  const next = draft(entry, entry.state, entry.sessions, stamp)
  next.data = { ...entry.data, ...data }
  return step(next)
}

const TABLE = { dial, hold, open, fail, close, 'close-failed': closeFailed, closed, update }

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

/** An event that nobody has seen yet. */
interface DraftEvent<S> extends Stamp {
  readonly type: EventType
  readonly key: PeerKey | undefined
  session?: Session<S>
  direction?: Direction
  reason?: string
  initiator?: Initiator
  error?: unknown
}

const told = <S>(
  type: EventType,
  { seq, at, address }: Stamp,
  key: PeerKey | undefined,
): DraftEvent<S> => ({ type, seq, at, address, key })

/** Frozen: whoever reads an entry could change the hub by it. */
const list = <S>(sessions: Session<S>[]): readonly Session<S>[] => Object.freeze(sessions)

/** The entry in another version; without one, a new one. */
const draft = <S>(
  entry: Entry<S>,
  state: State,
  sessions: readonly Session<S>[],
  { address, at }: Stamp,
): Draft<S> => {
  const stays = entry?.state === state
  const next: Draft<S> = {
    address: entry ? entry.address : address,
    state,
    key: entry?.key,
    kind: entry?.kind,
    sessions,
    data: entry ? entry.data : NO_DATA,
    createdAt: entry ? entry.createdAt : at,
    since: stays ? entry.since : at,
    updatedAt: at,
  }
  if (stays && entry.state === 'disconnecting') next.reason = entry.reason
  if (stays && entry.state === 'connecting' && entry.waits !== undefined) {
    next.waits = entry.waits
  }
  return next
}

const step = <S>(
  next: Draft<S> | Entry<S>,
  event?: DraftEvent<S>,
  opened?: Opening<S>,
  ended?: Ended<S>,
): Step<S> => ({
  // The functions above set what their state asks for; the compiler cannot follow that.
  next: next as Entry<S>,
  event: event as ConnectionEvent<S> | undefined,
  opened,
  ended,
})
