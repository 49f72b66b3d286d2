import type { Connection, Hub } from '@conn-hub/core'
import { Calls } from './edges/calls.js'
import { Listeners } from './edges/listeners.js'
import { token } from './edges/options.js'
import { Trouble } from './edges/trouble.js'
import { memoryEngine } from './engines/memory.js'
import { Lease } from './lease.js'
import type { Engine, Renewal } from './model/engine.js'
import { FleetError } from './model/errors.js'
import type { FleetState } from './model/fleet.js'
import type { Published } from './model/options.js'
import { Names } from './names.js'
import { Fields } from './own/fields.js'
import { observeHub } from './own/observe.js'
import { OwnTable } from './own/own-table.js'
import { Publisher } from './own/publisher.js'
import { Readiness } from './readiness.js'
import { Follower } from './view/follower.js'
import { type Shown, View } from './view/view.js'

/** The options of a fleet, read and complete. */
export interface Settings {
  readonly engine: Engine | undefined
  readonly machine: string
  /** In ms. */
  readonly lease: number
  /** In ms. */
  readonly batch: number
  readonly poll: number | 'block'
  readonly follow: boolean
  readonly publish: (entry: Connection<unknown>) => Published<unknown>
}

interface Own extends Shown {
  readonly table: Fields
}

/** This machine in its fleet, from `joinFleet()` to its end: joins the parts below. */
export class Member {
  readonly listeners = new Listeners()
  readonly trouble = new Trouble(this.listeners)
  readonly view: View
  /** Ends each reader of changes. */
  readonly ends = new Set<() => void>()
  readonly calls: Calls
  readonly lease: Lease
  readonly own: Own
  readonly follow: boolean
  readonly #incarnation: string
  readonly #ending = new AbortController()
  readonly #readiness: Readiness
  readonly #names: Names
  readonly #publisher: Publisher
  readonly #follower: Follower
  readonly #stopObserving: () => void
  #since = Date.now()
  #leaving: Promise<void> | undefined

  constructor(hub: Hub<unknown>, settings: Settings) {
    const { machine, lease, follow, engine = memoryEngine() } = settings
    const incarnation = `${machine}/${token()}`
    this.#incarnation = incarnation
    this.follow = follow
    this.#readiness = new Readiness(follow)
    this.calls = new Calls(engine)
    const record = { number: 0, whole: true, lease, until: 0, sessions: 0, draining: false }
    this.own = { incarnation, record, table: new Fields() }
    this.view = new View(this.own)
    this.#names = new Names(incarnation, this.listeners)
    this.lease = new Lease({
      incarnation,
      ms: lease,
      calls: this.calls,
      onRenewing: () => this.#publisher.onRenewing(),
      onRenewed: (renewal) => this.#renewed(renewal),
      onFailed: (error) => this.trouble.failed('lease', error),
      onState: () => this.#changed(),
    })
    this.#publisher = this.#createPublisher(hub, settings)
    this.#follower = this.#createFollower(settings)
    this.#stopObserving = this.#observe(hub)
  }

  get isOver(): boolean {
    return this.#leaving !== undefined
  }

  get ready(): Promise<void> {
    return this.#readiness.promise
  }

  get state(): FleetState {
    return this.lease.isHeld ? 'joined' : 'isolated'
  }

  /** Since when the state is so. */
  get since(): number {
    void this.lease.isHeld
    return this.#since
  }

  /** Since when this machine is isolated; none: it is joined. */
  staleSince(): number | undefined {
    return this.lease.isHeld ? undefined : this.#since
  }

  drain(): void {
    this.#publisher.tell('draining', true)
  }

  leave(): Promise<void> {
    if (this.#leaving) return this.#leaving
    this.#leaving = Promise.resolve().then(() => this.#released())
    this.#end()
    return this.#leaving
  }

  #end(): void {
    this.#stopObserving()
    this.#publisher.stop()
    this.lease.stop()
    // Whoever listens hears that it is isolated now.
    void this.lease.isHeld
    this.#ending.abort()
    this.#follower.end()
    for (const close of [...this.ends]) close()
    const left = 'The fleet was left before it was joined.'
    this.#readiness.reject(new FleetError('FLEET_LEFT', left))
  }

  /** Whoever cannot be told sees the lease end. */
  async #released(): Promise<void> {
    const release = () =>
      this.calls.call((engine) => engine.release(this.#incarnation)).catch(() => {})
    // What is written after that would bring back what is gone.
    await this.calls.written()
    this.calls.onLateWrite = release
    await release()
    this.listeners.clear()
  }

  #renewed(renewal: Renewal): void {
    this.trouble.works('lease')
    this.#names.look(renewal.leases)
    this.#publisher.onRenewed(renewal)
    if (this.follow) this.#follower.onRenewed(renewal)
  }

  #changed(): void {
    this.#since = Date.now()
    this.listeners.emit('state', { state: this.state, since: this.#since })
  }

  #createPublisher(hub: Hub<unknown>, { lease, batch, publish }: Settings): Publisher {
    const { listeners, trouble, calls, view, own } = this
    return new Publisher({
      incarnation: this.#incarnation,
      leaseMs: lease,
      batch,
      calls,
      lease: this.lease,
      listeners,
      trouble,
      table: new OwnTable({ hub, publish, listeners }),
      view,
      fields: own.table,
      record: own.record,
      onWhole: () => this.#readiness.published(),
    })
  }

  #createFollower({ poll }: Settings): Follower {
    const { listeners, trouble, calls, view, lease } = this
    return new Follower({
      incarnation: this.#incarnation,
      poll,
      calls,
      lease,
      listeners,
      trouble,
      view,
      signal: this.#ending.signal,
      onLoaded: () => this.#readiness.loaded(),
    })
  }

  #observe(hub: Hub<unknown>): () => void {
    return observeHub(hub, {
      onChange: (before, after) => this.#publisher.changed(before, after),
      onSessions: (sessions) => this.#publisher.tell('sessions', sessions),
      onBegun: () => {
        this.#publisher.flush()
        this.lease.start()
        if (this.follow) this.#follower.run()
      },
      onClose: () => void this.leave(),
    })
  }
}
