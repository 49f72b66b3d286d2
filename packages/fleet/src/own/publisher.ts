import type { Calls } from '../edges/calls.js'
import type { Listeners } from '../edges/listeners.js'
import { startTimer } from '../edges/timer.js'
import type { Trouble } from '../edges/trouble.js'
import type { Lease } from '../lease.js'
import type { Batch, Renewal } from '../model/engine.js'
import type { FleetError } from '../model/errors.js'
import type { Known, View } from '../view/view.js'
import { packRecord } from '../wire/record.js'
import type { OwnTable } from './own-table.js'
import { lostData, type Standing, standingOf } from './standing.js'
import { Unsent } from './unsent.js'

/** Machines whose data are lost publish anew over so long at most, in ms, each at a moment by chance. */
const SPREAD = 10_000

/** Clocks that are less apart, in ms, are taken for the same. */
const SAME_CLOCK = 1_000

export interface PublisherParts {
  readonly incarnation: string
  /** Both in ms. */
  readonly leaseMs: number
  readonly batch: number
  readonly calls: Calls
  readonly lease: Lease
  readonly listeners: Listeners
  readonly trouble: Trouble
  readonly table: OwnTable<unknown>
  readonly view: View
  readonly own: Known
  /** All is published, for the first time. */
  onWhole(): void
}

/** Writes what changes at this machine: one batch at a time, and all of it where the engine has lost something. */
export class Publisher {
  readonly #parts: PublisherParts
  readonly #unsent: Unsent
  /** Fields whose value is to be looked at. */
  #dirty = new Set<string>()
  /** The number that was given last, and the last one that the engine has confirmed. */
  #number = 0
  #confirmed = 0
  /** The one that was confirmed when the renewal began that is under way. */
  #base = 0
  #isRecordNew = false
  #isSending = false
  /** Something failed, and the lease was not renewed since. */
  #isBlocked = true
  #isOver = false
  #epoch: string | undefined
  #stopBatch: (() => void) | undefined
  #stopTurn: (() => void) | undefined

  constructor(parts: PublisherParts) {
    this.#parts = parts
    this.#unsent = new Unsent(parts.own)
  }

  /** A field may have another value now. */
  changed(field: string): void {
    this.#dirty.add(field)
    this.#arm()
  }

  /** The record has changed. */
  tell(record: { readonly sessions?: number; readonly draining?: boolean }): void {
    const { own } = this.#parts
    own.record = { ...own.record, ...record }
    this.#isRecordNew = true
    this.#arm()
  }

  /** Looks at all that has changed, so that the own view is up to date; writes it where it can. */
  flush(): void {
    const { table, view, own } = this.#parts
    this.#stopBatch?.()
    this.#stopBatch = undefined
    const set: string[] = []
    const remove: string[] = []
    // publish() may change the hub: what it changes is looked at the next time.
    const dirty = this.#dirty
    this.#dirty = new Set()
    for (const field of dirty) {
      const value = table.valueOf(field)
      if (own.table.get(field) === value) continue
      if (value === undefined) remove.push(field)
      else set.push(field, value)
      this.#unsent.add(field)
    }
    view.apply(own, { first: false, set, remove }, own.record)
    if (this.#unsent.isTooMuch) this.#again(0)
    this.#send()
  }

  onRenewing(): void {
    this.#base = this.#confirmed
  }

  onRenewed({ epoch, now, held, record }: Renewal): void {
    const { listeners } = this.#parts
    const isFirst = this.#epoch === undefined
    const isOtherEpoch = !isFirst && this.#epoch !== epoch
    const state = this.#judge(record, this.#base)
    this.#epoch = epoch
    this.#isBlocked = false
    this.#setSkew(now - Date.now())
    // A hash that has come to its end in a long pause is not lost.
    if (isOtherEpoch || (state === 'lost' && (held || record !== undefined))) {
      listeners.tell(lostData())
    }
    if (isFirst || (state === 'unsure' && !isOtherEpoch)) this.#again(0)
    else if (isOtherEpoch || state === 'lost') this.#again(this.#turn())
    // The others have dropped us, and the engine has not: they read what it has, and hear what is missing there.
    else if (!held) this.#isRecordNew = true
    this.#send()
  }

  stop(): void {
    this.#isOver = true
    this.#stopBatch?.()
    this.#stopTurn?.()
  }

  #arm(): void {
    if (this.#isOver) return
    this.#stopBatch ??= startTimer(this.#parts.batch, () => this.flush())
  }

  /** @param base The number that was confirmed when the engine was asked. */
  #judge(record: string | undefined, base: number): Standing {
    if (this.#unsent.isFirst) return 'fine'
    const onItsWay = this.#isSending ? this.#number : undefined
    return standingOf(record, { base, confirmed: this.#confirmed, onItsWay })
  }

  /** All at one moment would be a storm. */
  #turn(): number {
    return Math.random() * Math.min(SPREAD, (this.#parts.leaseMs * 2) / 3)
  }

  #again(delay: number): void {
    if (this.#stopTurn || this.#isOver) return
    this.#stopTurn = startTimer(delay, () => {
      this.#stopTurn = undefined
      this.#unsent.all()
      this.#send()
    })
  }

  #setSkew(skew: number): void {
    const { table, own } = this.#parts
    if (Math.abs(skew - table.skew) < SAME_CLOCK) return
    table.skew = Math.abs(skew) < SAME_CLOCK ? 0 : skew
    for (const field of own.table.keys()) this.#dirty.add(field)
    this.flush()
  }

  #send(): void {
    const { calls, lease } = this.#parts
    const mayNot = this.#isOver || this.#isBlocked || this.#isSending || this.#stopTurn
    if (mayNot || !lease.isHeld) return
    if (this.#unsent.isEmpty && !this.#isRecordNew) return
    const batch = this.#take()
    this.#isSending = true
    calls
      .write((engine) => engine.publish(batch, 3 * this.#parts.leaseMs))
      .then(
        (before) => this.#sent(batch, before),
        (error) => this.#failed(batch, error),
      )
  }

  #take(): Batch {
    const { incarnation, own, lease } = this.#parts
    this.#isRecordNew = false
    const { first, set, remove } = this.#unsent.take()
    own.record = {
      ...own.record,
      number: ++this.#number,
      whole: this.#unsent.isWhole,
      until: Math.round(lease.until),
    }
    return { incarnation, number: this.#number, record: packRecord(own.record), first, set, remove }
  }

  #sent({ number, first }: Batch, before: string | undefined): void {
    const { listeners, trouble, onWhole } = this.#parts
    this.#isSending = false
    trouble.works('publisher')
    const state = first ? 'fine' : this.#judge(before, this.#confirmed)
    this.#confirmed = number
    if (state === 'lost') {
      listeners.tell(lostData())
      this.#again(this.#turn())
    } else if (state === 'unsure') {
      this.#again(0)
    } else if (this.#unsent.isWhole) {
      listeners.forget('ENGINE_LOST_DATA')
      onWhole()
    }
    this.#send()
  }

  /** Whether it was written nobody knows: it is sent again under another number, and whoever sees the gap reads all. */
  #failed(batch: Batch, error: FleetError): void {
    const { trouble, lease } = this.#parts
    this.#isSending = false
    this.#unsent.back(batch)
    this.#isRecordNew = true
    this.#isBlocked = true
    if (this.#isOver) return
    lease.check(trouble.failed('publisher', error))
  }
}
