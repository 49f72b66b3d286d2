import type { Address, Connection, Hub } from '@conn-hub/core'
import type { Attributes, Histogram, Meter } from '@opentelemetry/api'
import { memo, type Named } from './attributes.js'
import { Level } from './level.js'
import { type Step, secondsBetween } from './step.js'
import { createErrorTypes } from './words.js'

/** In s: up to the default `dialTimeout`, and beyond. */
const DIAL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
/** In s: up to the default `holdTimeout`. */
const WAIT_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600]

/** A dial that was held, in ms. */
interface Held {
  /** None: it is not held now. */
  since: number | undefined
  total: number
}

/** How long dials take, and how long they are held up before they can begin. */
export class Dials {
  readonly #duration: Histogram
  readonly #waitTime: Histogram
  readonly #pending: Level
  readonly #named: Attributes
  readonly #outcomes: (errorType: string | undefined) => Attributes
  readonly #errorTypeOf = createErrorTypes()
  /** Those that are or were held. */
  readonly #held = new Map<Address, Held>()

  constructor(meter: Meter, named: Named) {
    this.#duration = meter.createHistogram('conn_hub.dial.duration', {
      description: 'How long dials took, without the time for which they were held.',
      unit: 's',
      advice: { explicitBucketBoundaries: DIAL_BUCKETS },
    })
    this.#waitTime = meter.createHistogram('conn_hub.dial.wait_time', {
      description: 'How long dials were held: in a queue, for a permit.',
      unit: 's',
      advice: { explicitBucketBoundaries: WAIT_BUCKETS },
    })
    const pending = meter.createUpDownCounter('conn_hub.dial.pending', {
      description: 'Dials that are held now.',
      unit: '{dial}',
    })
    this.#named = named({})
    this.#pending = new Level(pending, this.#named)
    this.#outcomes = memo((errorType) => named({ 'error.type': errorType }))
  }

  begin(entry: Connection<unknown>): void {
    if (isHeld(entry)) this.#hold(entry.address, entry.updatedAt)
  }

  step({ before, after, event, at }: Step): void {
    const wasHeld = isHeld(before)
    if (!wasHeld && isHeld(after)) this.#hold(after.address, at)
    if (before?.state !== 'connecting') return
    const { address, createdAt } = before
    if (wasHeld && !isHeld(after)) this.#release(address, at)
    if (after?.state === 'connecting') return
    const held = this.#held.get(address)?.total ?? 0
    this.#held.delete(address)
    const outcome = this.#outcomes(this.#errorTypeOf(event))
    this.#duration.record(secondsBetween(createdAt + held, at), outcome)
  }

  /** Where the stack was full, or the SDK threw, a step was not counted. */
  mend(hub: Pick<Hub<unknown>, 'get'>): void {
    let pending = 0
    for (const [address, held] of this.#held) {
      const entry = hub.get(address)
      if (entry?.state !== 'connecting') this.#held.delete(address)
      else if (isHeld(entry)) pending++
      else held.since = undefined
    }
    this.#pending.set(pending)
  }

  end(): void {
    this.#pending.end()
  }

  #hold(address: Address, at: number): void {
    this.#pending.add(1)
    const held = this.#held.get(address)
    if (held) held.since = at
    else this.#held.set(address, { since: at, total: 0 })
  }

  #release(address: Address, at: number): void {
    const held = this.#held.get(address)
    if (held?.since === undefined) return
    this.#pending.add(-1)
    const ms = Math.max(0, at - held.since)
    held.total += ms
    held.since = undefined
    this.#waitTime.record(ms / 1_000, this.#named)
  }
}

const isHeld = (entry: Connection<unknown> | undefined): entry is Connection<unknown> =>
  entry?.state === 'connecting' && entry.waits !== undefined
