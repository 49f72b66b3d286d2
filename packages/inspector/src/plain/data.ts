import type { Metadata } from '@conn-hub/core'
import { MAX, Truncator } from './truncator.js'

const MAX_DEPTH = 8

/**
 * Metadata as JSON text, whatever it is: own fields alone, no `toJSON`, and read no further than there is room.
 * Where it is cut at its end it is no whole JSON any more.
 */
export const toDataText = (data: Metadata): { text: string | undefined; cut: boolean } => {
  const copier = new Copier()
  const text = copier.text(JSON.stringify(copier.copy(data, 0)), MAX.data)
  const isNothing = text === '{}' && !copier.cut
  return { text: isNothing ? undefined : text, cut: copier.cut }
}

/** Copies values into plain ones, as long as there is room for them. */
class Copier extends Truncator {
  /** In characters, without the signs of JSON. */
  #room: number = MAX.data
  /** The objects that we are inside of. */
  readonly #inside = new Set<object>()

  copy(value: unknown, depth: number): unknown {
    try {
      return typeof value === 'object' && value !== null
        ? this.#object(value, depth)
        : this.#leaf(value)
    } catch {
      // A getter, or a proxy.
      return this.#word('unreadable')
    }
  }

  #leaf(value: unknown): unknown {
    if (typeof value === 'string') return this.#string(value)
    if (typeof value === 'bigint') return this.#string(`${value}n`)
    if (typeof value === 'number' && !Number.isFinite(value)) return this.#string(String(value))
    if (typeof value === 'function' || typeof value === 'symbol') return this.#word(typeof value)
    this.#room -= 4
    return value ?? null
  }

  #object(value: object, depth: number): unknown {
    if (value instanceof Date) return this.#string(Date.prototype.toISOString.call(value))
    if (ArrayBuffer.isView(value)) return this.#word(`${value.byteLength} bytes`)
    if (this.#inside.has(value)) return this.#word('circular')
    if (depth === MAX_DEPTH) return this.#word('too deep')
    this.#inside.add(value)
    try {
      return Array.isArray(value) ? this.#array(value, depth) : this.#record(value, depth)
    } finally {
      this.#inside.delete(value)
    }
  }

  #array(items: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = []
    for (let i = 0; i < items.length && this.#hasRoom(1); i++) {
      copy.push(this.copy(items[i], depth + 1))
    }
    return copy
  }

  #record(record: object, depth: number): Record<string, unknown> {
    // Without a prototype `__proto__` is a name like any other.
    const copy: Record<string, unknown> = Object.create(null)
    for (const name of Object.keys(record)) {
      if (!this.#hasRoom(name.length)) break
      copy[name] = this.#field(record as Record<string, unknown>, name, depth)
    }
    return copy
  }

  #field(record: Record<string, unknown>, name: string, depth: number): unknown {
    let value: unknown
    try {
      value = record[name]
    } catch {
      return this.#word('unreadable')
    }
    return this.copy(value, depth + 1)
  }

  #string(value: string): string {
    const part = this.text(value, Math.max(0, this.#room))
    this.#room -= part.length
    return part
  }

  /** Stands for what is no JSON. */
  #word(word: string): string {
    this.cut = true
    this.#room -= word.length
    return `[${word}]`
  }

  #hasRoom(needed: number): boolean {
    this.#room -= needed
    if (this.#room > 0) return true
    this.cut = true
    return false
  }
}
