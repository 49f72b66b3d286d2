import type { Lease } from '../lease.js'
import type { Batch } from '../model/engine.js'
import { readBatch } from '../wire/batch.js'
import type { MachineRecord } from '../wire/record.js'
import type { Judge } from './judge.js'
import type { Leases } from './leases.js'
import type { View } from './view.js'
import type { WholeReader } from './whole-reader.js'

export interface IntakeParts {
  readonly incarnation: string
  readonly lease: Lease
  readonly leases: Leases
  readonly judge: Judge
  readonly view: View
  readonly reader: WholeReader
}

/** Takes what others have published, in its order. */
export class Intake {
  readonly #parts: IntakeParts

  constructor(parts: IntakeParts) {
    this.#parts = parts
  }

  /** @param value Whatever stood in the changes. */
  take(value: unknown): void {
    const { incarnation, leases, judge } = this.#parts
    const batch = readBatch(value)
    if (!batch) {
      judge.foreign('the changes', 'changes')
      return
    }
    const { incarnation: id } = batch
    if (id === incarnation || judge.isOther(id) || leases.hasLeft(id)) return
    if ('left' in batch) leases.leave(id)
    else this.#takeBatch(batch)
  }

  #takeBatch(batch: Batch): void {
    const { view, judge, reader } = this.#parts
    const { incarnation: id, number, first } = batch
    const record = judge.recordOf(id, batch.record)
    if (!record) return
    judge.check(
      id,
      batch.set.filter((_, index) => index % 2 === 1),
    )
    const known = view.machines.get(id)
    if (!known) this.#begin(batch, record)
    else if (number <= known.record.number) return
    else if (number > known.record.number + 1 && !first) reader.want(id)
    else view.apply(known, batch, record)
  }

  /** Of a machine that was not known here. */
  #begin(batch: Batch, record: MachineRecord): void {
    const { view, lease, leases, reader } = this.#parts
    const { incarnation: id, first } = batch
    const { until } = record
    if (Math.max(until, leases.endOf(id) ?? 0) <= lease.now) return
    if (!first) {
      reader.want(id)
      return
    }
    view.apply(view.add(id, until, record, new Map()), { ...batch, first: false }, record)
    lease.lookAt(until + 1)
  }
}
