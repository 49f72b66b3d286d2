import type {
  Address,
  ConnectionEvent,
  Hub,
  Session,
  SessionClosed,
  SessionOpened,
} from '@conn-hub/core'
import type { Tell } from './tell.js'

/** What must be told next, with nothing in between. */
interface Due<S> {
  readonly type: 'session' | 'disconnected'
  readonly address: Address
  /** The one that opened. */
  readonly session?: Session<S>
  /** How the one ended that closed. */
  readonly closed?: SessionClosed<S>
}

/** The sessions so far, as `session` and `session-closed` tell them among the events. Promises 1 and 3. */
export class SessionFold<S> {
  readonly #tell: Tell
  readonly #open = new Map<Address, readonly Session<S>[]>()
  #due: Due<S> | undefined

  constructor(hub: Hub<S>, tell: Tell) {
    this.#tell = tell
    for (const { address, sessions } of hub.entries()) this.#open.set(address, sessions)
  }

  opened({ address, session }: SessionOpened<S>): void {
    const isFirst = this.#isDue('session', address, session)
    const open = this.#of(address)
    if (open.includes(session)) {
      return void this.#tell(1, 'session told of one that was open already', address)
    }
    if (!isFirst && open.length === 0) {
      this.#tell(1, 'session told of a first one that had no connected right before', address)
    }
    this.#open.set(address, [...open, session])
  }

  closed(event: SessionClosed<S>): void {
    const { address, session } = event
    this.#isDue('session-closed', address)
    const open = this.#of(address)
    if (!open.includes(session)) {
      return void this.#tell(1, 'session-closed told of a session that was not open', address)
    }
    const rest = open.filter((other) => other !== session)
    this.#open.set(address, rest)
    if (rest.length === 0) this.#due = { type: 'disconnected', address, closed: event }
  }

  /** Gives how the last session of the entry closed, where this event is the end of both. */
  event(event: ConnectionEvent<S>): SessionClosed<S> | undefined {
    const { type, address } = event
    const closed = this.#isDue(type, address)?.closed
    if (type === 'connected') this.#due = { type: 'session', address, session: event.session }
    if (type !== 'disconnected') return undefined
    if (this.#of(address).length > 0) {
      this.#tell(1, 'disconnected came before the session-closed of its last session', address)
    }
    if (closed && (closed.reason !== event.reason || closed.error !== event.error)) {
      this.#tell(1, 'disconnected gives another reason or error than its last session', address)
    }
    this.#open.delete(address)
    return closed
  }

  /** The step is told to its end. */
  change(): void {
    this.#isDue('change', '')
  }

  /** The hub is at rest, and says what it has. */
  check(hub: Hub<S>, address: Address): void {
    const [has, told] = [hub.get(address)?.sessions ?? [], this.#of(address)]
    const same = has.length === told.length && told.every((session, at) => session === has[at])
    if (!same) {
      this.#tell(3, `the entry has ${has.length} sessions, and ${told.length} were told`, address)
    }
  }

  #of(address: Address): readonly Session<S>[] {
    return this.#open.get(address) ?? []
  }

  /** What was due, where it is this; what comes in its place is told. */
  #isDue(type: string, address: Address, session?: Session<S>): Due<S> | undefined {
    const due = this.#due
    this.#due = undefined
    if (!due) return undefined
    if (due.type === type && due.address === address && due.session === session) return due
    const before = due.type === 'session' ? 'connected' : 'the session-closed of the last session'
    this.#tell(1, `${due.type} did not come right after ${before}`, due.address)
    return undefined
  }
}
