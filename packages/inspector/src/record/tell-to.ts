import type {
  Change,
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

/** Tells whoever listens what a line says, once it is in the entries. */
export const tellTo = (listeners: Listeners, fold: Fold, line: Line): void => {
  switch (line.type) {
    case 'begin':
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
      for (const address of fold.ready()) {
        const before = fold.get(address)
        fold.set(address, undefined)
        if (before) listeners.emit('change', { before, after: undefined })
      }
      return
    }
    case 'refused': {
      const { type, at, ...refusal } = line
      return void listeners.emit('refused', refusal)
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
      return void tellStep(listeners, fold, line)
  }
}

/** In the order of the hub: the session that closed, the event, the session that opened, the change. */
const tellStep = (listeners: Listeners, fold: Fold, line: StepLine): void => {
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
  const event = toEvent(line, session)
  if (event) {
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
  session: Session<unknown> | undefined,
): ConnectionEvent<unknown> | undefined => {
  const { type, seq, at, address, key } = line
  if (type === 'session' || type === 'session-closed' || type === 'change') return undefined
  const base = { type, seq: seq ?? 0, at, address, key }
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
