import type { Batch } from '../model/engine.js'
import type { Known } from '../view/view.js'

/** So much goes into one batch: fields, and characters of their values. */
const MAX_FIELDS = 500
const MAX_CHARACTERS = 262_144

/** So many fields more than there are entries may wait; then it is less to write all anew. */
const MAX_WAITING = 10_000

/** The fields that the engine has not, or has in another value: never more than there are, and a bound. */
export class Unsent {
  readonly #own: Known
  #fields = new Set<string>()
  /** The next batch begins anew. */
  isFirst = true
  /** With the batch that was taken last, the engine has all. */
  isWhole = false

  constructor(own: Known) {
    this.#own = own
  }

  get isEmpty(): boolean {
    return this.#fields.size === 0 && !this.isFirst
  }

  get isTooMuch(): boolean {
    return this.#fields.size > this.#own.table.size + MAX_WAITING
  }

  add(field: string): void {
    this.#fields.add(field)
  }

  /** Everything, and what the engine has is forgotten. */
  all(): void {
    this.#fields = new Set(this.#own.table.keys())
    this.isFirst = true
    this.isWhole = false
  }

  take(): Pick<Batch, 'first' | 'set' | 'remove'> {
    const first = this.isFirst
    const set: string[] = []
    const remove: string[] = []
    let characters = 0
    for (const field of this.#fields) {
      if (set.length / 2 + remove.length >= MAX_FIELDS || characters > MAX_CHARACTERS) break
      this.#fields.delete(field)
      const value = this.#own.table.get(field)
      characters += field.length + (value?.length ?? 0)
      if (value !== undefined) set.push(field, value)
      else if (!first) remove.push(field)
    }
    this.isFirst = false
    if (this.#fields.size === 0) this.isWhole = true
    return { first, set, remove }
  }

  back({ first, set, remove }: Batch): void {
    if (first) {
      this.all()
      return
    }
    this.isWhole = false
    for (let at = 0; at < set.length; at += 2) this.#fields.add(set[at] as string)
    for (const field of remove) this.#fields.add(field)
  }
}
