import type {
  Change,
  Connection,
  ConnectionEvent,
  HubError,
  Session,
  SessionClosed,
  SessionOpened,
} from '@conn-hub/core'
import { hubError } from './errors.js'
import type { Fold } from './fold.js'
import type { Line, RecordedError, StepLine } from './lines.js'
import type { Listeners } from './listeners.js'
import type { Runs } from './runs.js'

/** Tells whoever listens what a line says, once it is in the entries. */
export const tellTo = (listeners: Listeners, fold: Fold, runs: Runs, line: Line): void => {
  switch (line.type) {
    case 'begin':
      // Nothing outlives the process.
      if (runs.isOther(line)) remove(listeners, fold, [...fold.entries()])
      return void fold.begin()
    case 'entry': {
      const before = fold.get(line.entry.address)
      fold.confirm(line.entry)
      const after = fold.get(line.entry.address)
      // Where nothing was lost, a part begins with what is known.
      if (JSON.stringify(before) !== JSON.stringify(after))
        listeners.emit('change', { before, after })
      return
    }
    case 'ready': {
      const gone = fold.ready().map((address) => fold.get(address))
      return void remove(listeners, fold, gone)
    }
    case 'refused': {
      const { by, why, direction, address, key, kind } = line
      return void listeners.emit('refused', { by, why, direction, address, key, kind })
    }
    case 'error': {
      const { origin, call, address } = line
      const from = { origin: origin === 'listener' ? origin : 'transport', call } as const
      const error = toError(line.error)
      return void listeners.emit('error', {
        error,
        from: address === undefined ? from : { ...from, address },
      })
    }
    case 'close':
      return
    default:
      return void tellStep(listeners, fold, runs, line)
  }
}

/** What is gone, without a word of how it ended. */
const remove = (
  listeners: Listeners,
  fold: Fold,
  entries: readonly (Connection<undefined> | undefined)[],
): void => {
  for (const before of entries) {
    if (!before) continue
    fold.set(before.address, undefined)
    listeners.emit('change', { before, after: undefined })
  }
}

/** In the order of the hub: the session that closed, the event, the session that opened, the change. */
const tellStep = (listeners: Listeners, fold: Fold, runs: Runs, line: StepLine): void => {
  const { type, at, address, key, direction = 'inbound' } = line
  const before = fold.get(address)
  const isClosed = type === 'disconnected' || type === 'session-closed'
  const find = () =>
    line.session === undefined ? undefined : fold.session(line.session, direction)
  // The entry has it until it closes, and from when it opens.
  const closing = isClosed ? find() : undefined
  const after = fold.set(address, line.entry)
  // Where the stack was full, the line of a `connected` has no number: its session is the newest.
  const opened = () => find() ?? (type === 'connected' ? after?.sessions.at(-1) : undefined)
  const session = isClosed ? closing : opened()
  const place = { at, address, key, direction: session?.direction ?? direction }
  if (session && isClosed) {
    const closed = { type: 'session-closed', ...place, session, ...endOf(line) }
    listeners.emit('session-closed', closed as SessionClosed<unknown>)
  }
  const event = toEvent(line, runs, session)
  if (event) {
    // The compiler does not see that a union's `type` goes with the rest of it.
    listeners.emit(event.type, event as never)
    listeners.emit('*', event)
  }
  if (session && !isClosed) {
    const opened = { type: 'session', ...place, session }
    listeners.emit('session', opened as SessionOpened<unknown>)
  }
  if (before || after) listeners.emit('change', { before, after } as Change<unknown>)
}

const toEvent = (
  line: StepLine,
  runs: Runs,
  session: Session<unknown> | undefined,
): ConnectionEvent<unknown> | undefined => {
  const { type, seq, at, address, key } = line
  if (type === 'session' || type === 'session-closed' || type === 'change') return undefined
  const base = { type, seq: runs.seqOf(seq ?? 0), at, address, key }
  const details = {
    connecting: () => ({}),
    'connecting-failed': () => ({ error: toError(line.error) }),
    connected: () => ({ session, direction: session?.direction }),
    disconnecting: () => ({ reason: line.reason ?? '', initiator: 'local' }),
    'disconnecting-failed': () => ({ error: toError(line.error) }),
    disconnected: () => endOf(line),
  }
  return { ...base, ...details[type]() } as ConnectionEvent<unknown>
}

const endOf = ({ reason = 'session-closed', initiator = 'remote', error }: StepLine) => ({
  reason,
  initiator,
  ...(error ? { error: toError(error) } : {}),
})

const toError = ({ code, message }: RecordedError = {}): HubError =>
  hubError(
    String(code ?? 'UNKNOWN'),
    String(message ?? code ?? 'It was recorded without a message.'),
  ) as HubError
