import type { Attributes, UpDownCounter } from '@opentelemetry/api'
import { doAll } from './do-all.js'

/** A number that goes up and down. OpenTelemetry is told its steps alone, so it is kept here, too, and taken back at the end. */
export class Level {
  readonly #counter: UpDownCounter
  readonly #attributes: Attributes
  #value = 0

  constructor(counter: UpDownCounter, attributes: Attributes) {
    this.#counter = counter
    this.#attributes = attributes
  }

  get value(): number {
    return this.#value
  }

  add(step: number): void {
    this.#counter.add(step, this.#attributes)
    this.#value += step
  }

  set(value: number): void {
    if (value !== this.#value) this.add(value - this.#value)
  }

  end(): void {
    this.set(0)
  }
}

/** Levels by kind, made when they are asked for. The caller bounds the kinds. */
export class Levels {
  readonly #levels = new Map<string | undefined, Level>()
  readonly #make: (kind: string | undefined) => Level

  constructor(counter: UpDownCounter, attributesOf: (kind: string | undefined) => Attributes) {
    this.#make = (kind) => new Level(counter, attributesOf(kind))
  }

  of(kind: string | undefined): Level {
    let level = this.#levels.get(kind)
    if (!level) {
      level = this.#make(kind)
      this.#levels.set(kind, level)
    }
    return level
  }

  all(): IterableIterator<Level> {
    return this.#levels.values()
  }

  end(): void {
    doAll([...this.#levels.values()].map((level) => () => level.end()))
  }
}
