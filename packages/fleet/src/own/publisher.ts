import type { Calls } from '../edges/calls.js'
import type { Listeners } from '../edges/listeners.js'
import { startTimer } from '../edges/timer.js'
import type { Trouble } from '../edges/trouble.js'
import type { Lease } from '../lease.js'
import type { Batch, Renewal } from '../model/engine.js'
import type { FleetError } from '../model/errors.js'
import { type MachineRecord, packRecord } from '../wire/record.js'
import { Look, type LookParts } from './look.js'
import { Numbers } from './numbers.js'
import type { Connected } from './observe.js'
import { lostData } from './standing.js'
import { Turn } from './turn.js'
import { Unsent } from './unsent.js'

/** Clocks that are less apart, in ms, are taken for the same. */
const SAME_CLOCK = 1_000

const areApart = (one: number, other: number): boolean => Math.abs(one - other) >= SAME_CLOCK

export interface PublisherParts extends LookParts {
  readonly incarnation: string
  /** What this machine says of itself, kept up to date here. */
  readonly record: MachineRecord
  /** Both in ms. */
  readonly leaseMs: number
  readonly batch: number
  readonly calls: Calls
  readonly lease: Lease
  readonly listeners: Listeners
  readonly trouble: Trouble
  /** All is published, for the first time. */
  onWhole(): void
}

/** Writes what changes at this machine: one batch at a time, and all of it where the engine has lost something. */
export class Publisher {
  readonly #parts: PublisherParts
  readonly #look: Look
  readonly #unsent: Unsent
  readonly #numbers = new Numbers()
  /** All is published anew then. */
  readonly #anew: Turn
  #isRecordNew = false
  /** Something failed, and the lease was not renewed since. */
  #isBlocked = true
  #isOver = false
  #epoch: string | undefined
  /** What the engine's clock is ahead of the time of this process, in ms. */
  #ahead = Date.now() - performance.now()
  #stopBatch: (() => void) | undefined

  constructor(parts: PublisherParts) {
    this.#parts = parts
    this.#look = new Look(parts)
    this.#unsent = new Unsent(parts.fields)
    this.#anew = new Turn(parts.leaseMs, () => {
      this.#unsent.all()
      this.#send()
    })
  }

  /** An entry of the hub has taken the place of the other. */
  changed(before: Connected, after: Connected): void {
    this.#look.add(before, after)
    this.#arm()
  }

  /** The record has changed. */
  tell<K extends 'sessions' | 'draining'>(name: K, value: MachineRecord[K]): void {
    this.#parts.record[name] = value
    this.#isRecordNew = true
    this.#arm()
  }

  /** Looks at all that has changed, so that the own view is up to date; writes it where it can. */
  flush(): void {
    this.#stopBatch?.()
    this.#stopBatch = undefined
    for (const slot of this.#look.take()) this.#unsent.add(slot)
    if (this.#unsent.isTooMuch) this.#anew.soon()
    this.#send()
  }

  onRenewing(): void {
    this.#numbers.onRenewing()
  }

  onRenewed({ epoch, held, record }: Renewal): void {
    const isFirst = this.#epoch === undefined
    const isOtherEpoch = !isFirst && this.#epoch !== epoch
    const state = this.#unsent.isFirst ? 'fine' : this.#numbers.renewed(record)
    this.#epoch = epoch
    this.#isBlocked = false
    this.#setSkew()
    // A hash that has come to its end in a long pause is not lost.
    if (isOtherEpoch || (state === 'lost' && (held || record !== undefined))) this.#tellLost()
    if (isFirst || (state === 'unsure' && !isOtherEpoch)) this.#anew.soon()
    else if (isOtherEpoch || state === 'lost') this.#anew.byChance()
    // The others have dropped us, and the engine has not: they read what it has, and hear what is missing there.
    else if (!held) this.#isRecordNew = true
    this.#send()
  }

  stop(): void {
    this.#isOver = true
    this.#stopBatch?.()
    this.#anew.stop()
  }

  #arm(): void {
    if (this.#isOver) return
    this.#stopBatch ??= startTimer(this.#parts.batch, () => this.flush())
  }

  #tellLost(): void {
    this.#parts.listeners.tell(lostData())
  }

  #setSkew(): void {
    const { table, lease } = this.#parts
    const skew = lease.now - Date.now()
    if (areApart(skew, table.skew)) table.skew = areApart(skew, 0) ? skew : 0
    // By a clock that nobody turns: so it is known which of the two was set.
    const ahead = lease.now - performance.now()
    if (!areApart(ahead, this.#ahead)) return
    this.#ahead = ahead
    this.#look.addAll()
    this.flush()
  }

  #send(): void {
    const { calls, lease } = this.#parts
    const mayNot =
      this.#isOver || this.#isBlocked || this.#numbers.isOnItsWay || this.#anew.isPlanned
    if (mayNot || !lease.isHeld) return
    if (this.#unsent.isEmpty && !this.#isRecordNew) return
    const batch = this.#take()
    calls
      .write((engine) => engine.publish(batch, 3 * this.#parts.leaseMs))
      .then(
        (before) => this.#sent(batch, before),
        (error) => this.#failed(batch, error),
      )
  }

  #take(): Batch {
    const { incarnation, record, lease } = this.#parts
    this.#isRecordNew = false
    const { first, set, remove } = this.#unsent.take()
    const number = this.#numbers.next()
    const until = Math.round(lease.until)
    Object.assign(record, { number, whole: this.#unsent.isWhole, until })
    return { incarnation, number, record: packRecord(record), first, set, remove }
  }

  #sent({ number, first }: Batch, before: string | undefined): void {
    const { listeners, trouble, onWhole } = this.#parts
    trouble.works('publisher')
    const standing = this.#numbers.sent(number, before)
    const state = first || this.#unsent.isFirst ? 'fine' : standing
    if (state === 'lost') {
      this.#tellLost()
      this.#anew.byChance()
    } else if (state === 'unsure') {
      this.#anew.soon()
    } else if (this.#unsent.isWhole) {
      listeners.forget('ENGINE_LOST_DATA')
      onWhole()
    }
    this.#send()
  }

  /** Whether it was written nobody knows: it is sent again under another number, and whoever sees the gap reads all. */
  #failed(batch: Batch, error: FleetError): void {
    const { trouble, lease } = this.#parts
    this.#numbers.failed()
    this.#unsent.back(batch)
    this.#isRecordNew = true
    this.#isBlocked = true
    if (this.#isOver) return
    lease.check(trouble.failed('publisher', error))
  }
}
