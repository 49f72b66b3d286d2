import type {
  Change,
  Connection,
  ConnectionEvent,
  Hub,
  SessionClosed,
  SessionOpened,
} from '@conn-hub/core'
import type { Line, RecordedEntry, StepLine } from './lines.js'
import type { Words } from './words.js'

/** What a step is told by, before its change. */
interface Told {
  event: ConnectionEvent<unknown> | undefined
  opened: SessionOpened<unknown> | undefined
  closed: SessionClosed<unknown> | undefined
}

/**
 * Calls `write` for whatever a hub tells, one line for each step; what that throws or rejects with, the hub is given. Gives what ends it; it ends with
 * the hub, after `close`.
 */
export const tellLines = (
  hub: Pick<Hub<unknown>, 'on'>,
  words: Words,
  write: (line: Line) => unknown,
): (() => void) => {
  let told: Told = { event: undefined, opened: undefined, closed: undefined }
  const stops = [
    hub.on('session-closed', (closed) => {
      told.closed = closed
    }),
    hub.on('*', (event) => {
      told.event = event
    }),
    hub.on('session', (opened) => {
      told.opened = opened
    }),
    hub.on('change', (change) => {
      const step = told
      told = { event: undefined, opened: undefined, closed: undefined }
      return write(toStepLine(change, step, words))
    }),
    hub.on('refused', (refusal) =>
      write({ type: 'refused', at: Date.now(), ...words.refusal(refusal) }),
    ),
    hub.on('error', ({ error, from: { origin, call, address } }) =>
      write({
        type: 'error',
        at: Date.now(),
        origin,
        call,
        address: words.optionalName(address),
        error: words.error(error) ?? {},
      }),
    ),
    hub.on('close', () => {
      stop()
      return write({ type: 'close', at: Date.now() })
    }),
  ]
  const stop = () => {
    for (const end of stops) end()
  }
  return stop
}

const toStepLine = ({ before, after }: Change<unknown>, told: Told, words: Words): StepLine => {
  const address = (after ?? before)?.address ?? ''
  // Where the stack was full, what a step was told by can be left over from another one.
  const event = about(address, told.event)
  const opened = about(address, told.opened)
  const closed = about(address, told.closed)
  const first = event ?? opened ?? closed
  // `disconnected` says what its session says; alone, a session speaks for itself.
  const ended = event?.type === 'disconnected' ? event : (event ?? closed)
  const session = opened ?? closed
  const { reason, initiator, error } = (ended ?? {}) as Partial<SessionClosed<unknown>>
  return {
    type: first?.type ?? 'change',
    seq: event?.seq,
    at: first?.at ?? after?.updatedAt ?? Date.now(),
    address: words.name(address),
    key: words.optionalName((after ?? before)?.key),
    session: session && words.session(session.session).id,
    direction: session?.direction,
    reason: reason === undefined ? undefined : words.reason(reason, initiator === 'remote'),
    initiator,
    error: words.error(error),
    entry: after && toRecordedEntry(after, words),
  }
}

const about = <T extends { readonly address: string }>(
  address: string,
  told: T | undefined,
): T | undefined => (told?.address === address ? told : undefined)

export const toRecordedEntry = (entry: Connection<unknown>, words: Words): RecordedEntry => {
  const { address, key, kind, state, sessions, createdAt, since, updatedAt, data } = entry
  return {
    address: words.name(address),
    key: words.optionalName(key),
    kind: kind === undefined ? undefined : words.text(kind),
    state,
    sessions: sessions.map((session) => words.session(session)),
    createdAt,
    since,
    updatedAt,
    reason: entry.state === 'disconnecting' ? words.text(entry.reason) : undefined,
    waits:
      entry.state === 'connecting' && entry.waits !== undefined
        ? words.text(entry.waits)
        : undefined,
    data: words.data(data),
  }
}
