import type {
  Address,
  Connected,
  Connection,
  Direction,
  Metadata,
  PeerKey,
  Session,
} from './connection.js'
import type { HubError } from './errors.js'
import type { ConnectionEvent } from './events.js'

/** Everything that can happen to one address. */
export type Input<S> =
  | {
      readonly type: 'dial'
      readonly key?: PeerKey
      readonly kind?: string
      readonly data: Metadata
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
  readonly event?: ConnectionEvent<S>
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
      return entry?.state === 'connecting'
        ? {
            next: undefined,
            event: { ...stamp(entry, moment), type: 'connecting-failed', error: input.error },
          }
        : { next: entry }
    case 'close':
      return entry && entry.state !== 'disconnecting'
        ? close(entry, input, moment)
        : { next: entry }
    case 'close-failed':
      return closeFailed(entry, input, moment)
    case 'closed':
      return closed(entry, input, moment)
    case 'update':
      return {
        next: entry && { ...entry, data: { ...entry.data, ...input.data }, updatedAt: moment.at },
      }
  }
}

function dial<S>({ key, kind, data }: InputOf<S, 'dial'>, moment: Moment): Step<S> {
  const { address, at } = moment
  const next: Connection<S> = {
    address,
    state: 'connecting',
    key,
    kind,
    sessions: [],
    data,
    createdAt: at,
    since: at,
    updatedAt: at,
  }
  return { next, event: { ...stamp(next, moment), type: 'connecting' } }
}

function open<S>(entry: Entry<S>, input: InputOf<S, 'open'>, moment: Moment): Step<S> {
  const { session } = input
  const { address, at } = moment
  if (entry?.state === 'disconnecting') return { next: entry }
  if (entry?.state === 'connected') {
    if (entry.sessions.includes(session)) return { next: entry }
    return { next: { ...entry, sessions: [...entry.sessions, session], updatedAt: at } }
  }
  const next: Connected<S> = {
    address,
    state: 'connected',
    // Who the peer has proved to be counts more than what an inbound address says.
    key: entry?.key ?? session.key ?? input.key,
    kind: entry?.kind ?? input.kind ?? session.kind,
    sessions: [session],
    data: entry?.data ?? {},
    createdAt: entry?.createdAt ?? at,
    since: at,
    updatedAt: at,
  }
  const direction: Direction = session.direction
  return { next, event: { ...stamp(next, moment), type: 'connected', session, direction } }
}

function close<S>(entry: Connection<S>, { reason }: InputOf<S, 'close'>, moment: Moment): Step<S> {
  const { at } = moment
  return {
    next: { ...entry, state: 'disconnecting', reason, since: at, updatedAt: at },
    event: { ...stamp(entry, moment), type: 'disconnecting', reason, initiator: 'local' },
  }
}

function closeFailed<S>(
  entry: Entry<S>,
  { error }: InputOf<S, 'close-failed'>,
  moment: Moment,
): Step<S> {
  if (entry?.state !== 'disconnecting') return { next: entry }
  const [first, ...rest] = entry.sessions
  if (!first) return { next: entry }
  const { reason: _, ...former } = entry
  const { at } = moment
  return {
    next: { ...former, state: 'connected', sessions: [first, ...rest], since: at, updatedAt: at },
    event: { ...stamp(entry, moment), type: 'disconnecting-failed', error },
  }
}

function closed<S>(
  entry: Entry<S>,
  { session, error }: InputOf<S, 'closed'>,
  moment: Moment,
): Step<S> {
  if (!entry || entry.state === 'connecting') return { next: entry }
  const [first, ...rest] = entry.sessions.filter((other) => other !== session)
  if (first) {
    if (rest.length + 1 === entry.sessions.length) return { next: entry }
    return { next: { ...entry, sessions: [first, ...rest], updatedAt: moment.at } }
  }
  const local = entry.state === 'disconnecting'
  return {
    next: undefined,
    event: {
      ...stamp(entry, moment),
      type: 'disconnected',
      reason: local ? entry.reason : 'session-closed',
      initiator: local ? 'local' : 'remote',
      ...(error === undefined ? undefined : { error }),
    },
  }
}

const stamp = ({ address, key }: Connection<unknown>, { seq, at }: Moment) => ({
  seq,
  at,
  address,
  key,
})
