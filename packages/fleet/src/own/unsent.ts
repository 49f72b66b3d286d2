import type { Batch } from '../model/engine.js'
import { type Fields, fieldOfSlot, type Slot } from './fields.js'

/** So much goes into one batch: fields, and characters of their values. */
const MAX_FIELDS = 500
const MAX_CHARACTERS = 262_144

/** So many fields more than there are entries may wait; then it is less to write all anew. */
const MAX_WAITING = 10_000

/** The fields that the engine has not, or has in another value: never more than there are, and a bound. */
export class Unsent {
  readonly #fields: Fields
  #slots: Slot[] = []
  /** So many of them were taken. */
  #taken = 0
  /** The next batch begins anew. */
  isFirst = true
  /** With the batch that was taken last, the engine has all. */
  isWhole = false

  constructor(fields: Fields) {
    this.#fields = fields
  }

  get isEmpty(): boolean {
    return this.#waiting === 0 && !this.isFirst
  }

  get isTooMuch(): boolean {
    return this.#waiting > this.#fields.size + MAX_WAITING
  }

  get #waiting(): number {
    return this.#slots.length - this.#taken
  }

  add(slot: Slot): void {
    if (slot.isUnsent) return
    slot.isUnsent = true
    this.#slots.push(slot)
  }

  /** Everything, and what the engine has is forgotten. */
  all(): void {
    while (this.#waiting > 0) this.#next()
    this.#forgetTaken()
    for (const slot of this.#fields.slots()) this.add(slot)
    this.isFirst = true
    this.isWhole = false
  }

  take(): Pick<Batch, 'first' | 'set' | 'remove'> {
    const first = this.isFirst
    const set: string[] = []
    const remove: string[] = []
    const end = Math.min(this.#slots.length, this.#taken + MAX_FIELDS)
    for (let characters = 0; this.#taken < end && characters <= MAX_CHARACTERS; ) {
      const slot = this.#next()
      const { name, value } = slot
      characters += name.length + (value?.length ?? 0)
      if (value !== undefined) set.push(fieldOfSlot(slot), value)
      else if (!first) remove.push(fieldOfSlot(slot))
    }
    this.isFirst = false
    if (this.#waiting === 0) this.isWhole = true
    // Now and then, so that each is moved once or twice.
    if (2 * this.#taken >= this.#slots.length) this.#forgetTaken()
    return { first, set, remove }
  }

  back({ first, set, remove }: Batch): void {
    if (first) {
      this.all()
      return
    }
    this.isWhole = false
    for (let at = 0; at < set.length; at += 2) this.add(this.#fields.ofField(set[at] as string))
    for (const field of remove) this.add(this.#fields.ofField(field))
  }

  #next(): Slot {
    const slot = this.#slots[this.#taken++] as Slot
    slot.isUnsent = false
    this.#fields.tidy(slot)
    return slot
  }

  #forgetTaken(): void {
    this.#slots = this.#slots.slice(this.#taken)
    this.#taken = 0
  }
}
