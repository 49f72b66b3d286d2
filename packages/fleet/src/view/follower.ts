import type { Calls } from '../edges/calls.js'
import type { Listeners } from '../edges/listeners.js'
import { startTimer } from '../edges/timer.js'
import type { Trouble } from '../edges/trouble.js'
import type { Lease } from '../lease.js'
import type { Renewal } from '../model/engine.js'
import { FleetError } from '../model/errors.js'
import { readChanges, readFields } from '../wire/answers.js'
import { readBatch, type Told } from '../wire/batch.js'
import { isField } from '../wire/entry.js'
import { machineOf, RECORD_FIELD } from '../wire/record.js'
import { Judge } from './judge.js'
import type { Table, View } from './view.js'

/** So many machines are read at once. */
const READS = 4

/** How long one `'block'` lasts, in ms. */
const BLOCK = 1_000

export interface FollowerParts {
  readonly incarnation: string
  readonly poll: number | 'block'
  readonly calls: Calls
  readonly lease: Lease
  readonly listeners: Listeners
  readonly trouble: Trouble
  readonly view: View
  readonly signal: AbortSignal
  /** The view has all, for the first time. */
  onLoaded(): void
}

/** Keeps the view of the other machines: reads what they publish, and each as a whole where something was missed. */
export class Follower {
  readonly #parts: FollowerParts
  #after: string | undefined
  #epoch: string | undefined
  /** The end of the lease of each that has one, by the engine's clock, as the last renewal gave it. */
  #leases = new Map<string, number>()
  readonly #toRead = new Set<string>()
  readonly #judge: Judge
  /** Ask for certain whether something was dropped. */
  #isUnsure = false
  /** Resolves with the next renewal; while it is there, something has failed. */
  #resume: (() => void) | undefined

  constructor(parts: FollowerParts) {
    this.#parts = parts
    this.#judge = new Judge(parts.listeners)
  }

  async run(): Promise<void> {
    const { lease, trouble, signal } = this.#parts
    await lease.fresh()
    while (!signal.aborted) {
      try {
        if (this.#after === undefined) await this.#load()
        else await this.#poll(this.#after)
        await this.#readAll()
        trouble.works('follower')
        await this.#pause()
      } catch (error) {
        if (signal.aborted) return
        this.#isUnsure = true
        const resumed = new Promise<void>((resolve) => {
          this.#resume = resolve
        })
        lease.check(trouble.failed('follower', error))
        if (!signal.aborted) await resumed
      }
    }
  }

  onRenewed({ epoch, now, leases }: Renewal): void {
    const { view, incarnation } = this.#parts
    if (this.#epoch !== undefined && this.#epoch !== epoch) this.#after = undefined
    this.#epoch = epoch
    this.#isUnsure = true
    this.#leases = new Map(leases)
    this.#leases.delete(incarnation)
    this.#judge.keep(this.#leases)
    for (const [id, until] of this.#leases) {
      const known = view.machines.get(id)
      if (known) known.until = until
      else if (until > now && !this.#judge.isOther(id)) this.#toRead.add(id)
    }
    this.#dropOver(now)
    this.#go()
  }

  /** Whoever waits for a renewal goes on. */
  #go(): void {
    this.#resume?.()
    this.#resume = undefined
  }

  end(): void {
    this.#go()
  }

  /** Whose lease is over by the engine's own word is gone. Looks again when the next one would be. */
  #dropOver(now: number): void {
    const { view, incarnation, lease } = this.#parts
    let next = Number.POSITIVE_INFINITY
    for (const known of view.machines.values()) {
      if (known.incarnation === incarnation) continue
      // A clock that was turned back must not keep the dead.
      known.until = Math.min(known.until, now + known.record.lease)
      if (known.until <= now) view.drop(known.incarnation)
      else next = Math.min(next, known.until)
    }
    if (next < Number.POSITIVE_INFINITY) lease.lookAt(next + 1)
  }

  /** The end of the changes first, then who is there, then what they have: whatever comes in between comes again as a change. */
  async #load(): Promise<void> {
    const { calls, lease, signal, view, incarnation, onLoaded, listeners } = this.#parts
    const request = { wait: 0, sure: false, signal }
    const { after } = readChanges(await calls.call((engine) => engine.changes(request)))
    await lease.fresh()
    for (const id of view.machines.keys()) if (id !== incarnation) this.#toRead.add(id)
    await this.#readAll()
    this.#after = after
    listeners.forget('STREAM_TRIMMED')
    onLoaded()
  }

  async #poll(after: string): Promise<void> {
    const { calls, signal, poll, listeners } = this.#parts
    const wait = poll === 'block' && !this.#isUnsure && this.#toRead.size === 0 ? BLOCK : 0
    const request = { after, wait, sure: this.#isUnsure, signal }
    this.#isUnsure = false
    const changes = readChanges(await calls.call((engine) => engine.changes(request), wait))
    // Another epoch was seen meanwhile: these are of the one before.
    if (this.#after !== after) return
    if (changes.lost) {
      listeners.tell(trimmed())
      this.#after = undefined
      return
    }
    this.#after = changes.after
    for (const batch of changes.batches) this.#take(batch)
  }

  #take(value: unknown): void {
    const { incarnation, view } = this.#parts
    const batch = readBatch(value)
    if (!batch) {
      this.#judge.foreign('the changes', 'changes')
      return
    }
    const { incarnation: id } = batch
    if (id === incarnation || this.#judge.isOther(id)) return
    if ('left' in batch) view.drop(id)
    else this.#apply(batch)
  }

  #apply(batch: Exclude<Told, { left: true }>): void {
    const { view, lease } = this.#parts
    const { incarnation: id, number, first } = batch
    const record = this.#judge.recordOf(id, batch.record)
    if (!record) return
    this.#judge.check(
      id,
      batch.set.filter((_, index) => index % 2 === 1),
    )
    const known = view.machines.get(id)
    if (known) {
      if (number <= known.record.number) return
      if (number > known.record.number + 1 && !first) {
        this.#toRead.add(id)
        return
      }
      view.apply(known, batch, record)
      return
    }
    if (Math.max(record.until, this.#leases.get(id) ?? 0) <= lease.now) return
    if (!first) {
      this.#toRead.add(id)
      return
    }
    const { until } = record
    view.apply(view.add(id, until, record, new Map()), { ...batch, first: false }, record)
    lease.lookAt(until + 1)
  }

  async #readAll(): Promise<void> {
    while (this.#toRead.size > 0) {
      const some = [...this.#toRead].slice(0, READS)
      for (const id of some) this.#toRead.delete(id)
      try {
        await Promise.all(some.map((id) => this.#read(id)))
      } catch (error) {
        for (const id of some) this.#toRead.add(id)
        throw error
      }
    }
  }

  async #read(id: string): Promise<void> {
    const { calls, view, lease } = this.#parts
    const fields = readFields(await calls.call((engine) => engine.read(id)))
    const text = fields.get(RECORD_FIELD)
    // It has a lease and has published nothing yet, or what it had is lost: it will come.
    if (text === undefined) return
    const record = this.#judge.recordOf(id, text)
    if (!record) return
    const table: Table = new Map(fields)
    table.delete(RECORD_FIELD)
    for (const field of table.keys()) if (!isField(field)) table.delete(field)
    if (table.size !== fields.size - 1)
      this.#judge.foreign(`what ${machineOf(id)} has published`, id)
    this.#judge.check(id, table.values())
    const known = view.machines.get(id)
    // What is older than what is known was lost, and will be published anew.
    if (known && record.number < known.record.number) return
    if (known) {
      view.load(known, record, table)
      return
    }
    const until = this.#leases.get(id) ?? record.until
    if (until > lease.now) view.add(id, until, record, table)
  }

  #pause(): Promise<void> {
    const { poll, signal } = this.#parts
    if (poll === 'block' || signal.aborted || this.#after === undefined) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        stopTimer()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const stopTimer = startTimer(poll, end)
      signal.addEventListener('abort', end)
    })
  }
}

const trimmed = () =>
  new FleetError(
    'STREAM_TRIMMED',
    'Changes were dropped before this machine had read them: it was too slow, or others have trimmed the stream. All machines are read anew.',
  )
