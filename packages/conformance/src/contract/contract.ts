import type {
  Address,
  Change,
  Connection,
  ConnectionEvent,
  Hub,
  SessionClosed,
  SessionOpened,
} from '@conn-hub/core'
import { Ages } from './ages.js'
import { ChangeFold } from './change-fold.js'
import { EventFold } from './event-fold.js'
import { Identity } from './identity.js'
import { SessionFold } from './session-fold.js'
import { Sessions } from './sessions.js'
import type { Tell } from './tell.js'

/** What a hub must be held against that cannot be seen on it. */
export interface Terms<S> {
  readonly dialTimeout: number
  readonly closeTimeout: number
  readonly holdTimeout: number
  readonly openHandles: (() => Iterable<S>) | undefined
}

/** A busy machine is late with its timers, in ms. */
const SLACK = 1_000

/** What a hub has told so far, held against what it has. */
export class Contract<S> {
  readonly #hub: Hub<S>
  readonly #tell: Tell
  readonly #terms: Terms<S>
  readonly #events: EventFold
  readonly #changes: ChangeFold<S>
  readonly #sessionEvents: SessionFold<S>
  readonly #sessions: Sessions<S>
  readonly #identity: Identity<S>
  readonly #touched = new Set<Address>()
  /** Of the entries that are on their way to another state. */
  readonly #ages = new Ages<Address>()

  constructor(hub: Hub<S>, tell: Tell, terms: Terms<S>) {
    this.#hub = hub
    this.#tell = tell
    this.#terms = terms
    this.#events = new EventFold(hub, tell)
    this.#changes = new ChangeFold(hub, tell)
    this.#sessionEvents = new SessionFold(hub, tell)
    this.#sessions = new Sessions(tell)
    this.#identity = new Identity(hub, tell)
  }

  event(event: ConnectionEvent<S>): void {
    this.#events.add(event, this.#sessionEvents.event(event)?.initiator)
    this.#touched.add(event.address)
  }

  sessionOpened(event: SessionOpened<S>): void {
    this.#sessionEvents.opened(event)
    this.#touched.add(event.address)
  }

  sessionClosed(event: SessionClosed<S>): void {
    this.#events.sessionClosed(event.address, event.initiator)
    this.#sessionEvents.closed(event)
    this.#touched.add(event.address)
  }

  change(change: Change<S>): void {
    this.#sessionEvents.change()
    this.#changes.add(change)
    this.#sessions.add(change)
    this.#identity.add(change)
    const address = (change.after ?? change.before)?.address
    if (address === undefined) return
    this.#touched.add(address)
    if (isAnew(change)) this.#ages.forget(address)
  }

  closed(): void {
    this.#events.close()
    if (this.#hub.size > 0) this.#tell(10, `it closed, and ${this.#hub.size} entries are left`)
  }

  /** Holds what was touched since the last time against the hub, which must be at rest. */
  checkTouched(): void {
    for (const address of this.#touched) this.#check(address)
    this.#touched.clear()
    const [has, told] = [this.#hub.size, this.#changes.size]
    if (has !== told) this.#tell(3, `it has ${has} entries, and has told of ${told}`)
  }

  /** To be called at each interval: what hangs grows older by it. */
  look(): void {
    const pending = this.#pending()
    this.#ages.look(pending.map(({ address }) => address))
    const open = this.#openHandles()
    this.#sessions.look(this.#hub, open)
    this.checkAll(open, pending)
  }

  /** Holds everything against the hub, which must be at rest. */
  checkAll(open = this.#openHandles(), pending = this.#pending()): void {
    const entries = this.#hub.snapshot()
    if (entries !== this.#hub.snapshot()) this.#tell(8, 'two readers at once get two snapshots')
    for (const { address } of entries) this.#check(address)
    const isElse = (address: Address) => this.#hub.get(address) === undefined
    for (const address of this.#events.addresses) if (isElse(address)) this.#check(address)
    for (const address of this.#changes.addresses) if (isElse(address)) this.#check(address)
    this.checkTouched()
    this.#checkDeadlines(pending)
    const grace = this.#terms.closeTimeout + SLACK
    this.#sessions.check(this.#hub, open, grace)
  }

  #check(address: Address): void {
    this.#events.check(this.#hub, address)
    this.#changes.check(this.#hub, address)
    this.#sessionEvents.check(this.#hub, address)
  }

  #checkDeadlines(pending: readonly Connection<S>[]): void {
    for (const entry of pending) {
      const { address, state } = entry
      const limit = this.#limitOf(entry)
      if (this.#ages.of(address) < limit + SLACK) continue
      this.#tell(4, `it is ${isHeld(entry) ? 'held' : state} for more than ${limit} ms`, address)
    }
  }

  #limitOf(entry: Connection<S>): number {
    const { dialTimeout, closeTimeout, holdTimeout } = this.#terms
    if (isHeld(entry)) return holdTimeout
    return entry.state === 'connecting' ? dialTimeout : closeTimeout
  }

  #pending(): Connection<S>[] {
    const pending: Connection<S>[] = []
    for (const entry of this.#hub.entries()) if (entry.state !== 'connected') pending.push(entry)
    return pending
  }

  #openHandles(): ReadonlySet<S> | undefined {
    const open = this.#terms.openHandles?.()
    return open === undefined || open instanceof Set ? open : new Set(open)
  }
}

/** Whether a deadline begins by this change. */
const isAnew = <S>({ before, after }: Change<S>): boolean =>
  before?.state !== after?.state || isHeld(before) !== isHeld(after)

/** Whether the transport holds this dial: then its clock stands. */
const isHeld = (entry: Connection<unknown> | undefined): boolean =>
  entry?.state === 'connecting' && entry.waits !== undefined
