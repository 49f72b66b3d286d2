import { randomBytes } from 'node:crypto'
import type { ConnectionEvent, Hub } from '@conn-hub/core'
import { createChanges } from './kept/changes.js'
import { createDownList } from './kept/down.js'
import { createRefusals } from './kept/refusals.js'
import { createSamples } from './kept/samples.js'
import { createTotals } from './kept/totals.js'
import { createTraffic } from './kept/traffic.js'
import { toPlainEvent } from './plain/event.js'
import type { PlainEvent } from './protocol.js'

/** An event takes about 360 bytes: 3.6 MB, and an hour of a hub with three events a second. */
const CAPACITY = 10_000

/** What is kept beside the events. All of it is bounded. */
const createKept = (hub: Hub<unknown>, clock: () => number) => ({
  changes: createChanges(),
  /** When the first look was, in ms since 1970. */
  from: clock(),
  down: createDownList(),
  totals: createTotals(),
  refusals: createRefusals(clock),
  samples: createSamples(hub, clock),
  traffic: createTraffic(hub),
})

export type Kept = ReturnType<typeof createKept>

/** The newest events of one hub as plain data, and what follows from them: it holds no session. Kept as long as somebody serves it. */
export class Journal {
  /** Random, one for each hub and process. */
  readonly id = randomBytes(9).toString('base64url')
  readonly #hub: Hub<unknown>
  readonly #clock: () => number
  /** Each at its `seq` modulo the capacity. */
  #events: PlainEvent[] = []
  /** The `seq` of the oldest that is known. */
  #first = 1
  #last = 0
  #holders = 0
  #closedAt: number | undefined
  #stop = () => {}
  #kept: Kept | undefined

  /** `clock`: in ms since 1970; a record has its own time. */
  constructor(hub: Hub<unknown>, clock: () => number = () => Date.now()) {
    this.#hub = hub
    this.#clock = clock
  }

  /** To be asked while it is held. */
  get kept(): Kept {
    if (!this.#kept) throw new Error('nobody holds this journal')
    return this.#kept
  }

  /** The `seq` of the newest. */
  get seq(): number {
    return this.#last
  }

  /** Counts the changes of entries that were heard. */
  get changes(): number {
    return this.#kept?.changes.count ?? 0
  }

  /** When the hub closed, in ms since 1970. */
  get closedAt(): number | undefined {
    return this.#closedAt
  }

  /** Listens from the first call on, until the last holder has called what it got. */
  hold(): () => void {
    if (this.#holders === 0) this.#listen()
    this.#holders++
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#holders--
      if (this.#holders === 0) this.#drop()
    }
  }

  /** The `seq` of the oldest event after another that is known. */
  oldestAfter(seq: number): number {
    return Math.max(seq + 1, this.#first)
  }

  /** The events from one on as JSON, oldest first. To be read at once. */
  *textsFrom(first: number): Generator<string> {
    for (let next = first; next <= this.#last; next++) {
      yield JSON.stringify(this.#events[next % CAPACITY])
    }
  }

  #listen(): void {
    this.#events = new Array(CAPACITY)
    const kept = createKept(this.#hub, this.#clock)
    const { changes, down, totals, refusals, samples, traffic } = kept
    this.#kept = kept
    const stops = [
      this.#hub.on('*', (event) => {
        this.#note(event)
        down.event(event)
        totals.event(event)
      }),
      this.#hub.on('change', (change) => {
        down.change(change)
        samples.change()
        changes.add(change)
      }),
      this.#hub.on('refused', (refusal) => {
        refusals.add(refusal)
        totals.refusal(refusal)
      }),
      this.#hub.on('session-closed', traffic.closed),
      this.#hub.on('close', () => {
        this.#closedAt = this.#clock()
        changes.wake()
      }),
      samples.stop,
    ]
    this.#stop = () => {
      for (const stop of stops) stop()
    }
  }

  #note(event: ConnectionEvent<unknown>): void {
    const { seq } = event
    // Nobody listened for a while: what was before does not join on.
    if (seq !== this.#last + 1) this.#first = seq
    this.#first = Math.max(this.#first, seq - CAPACITY + 1)
    this.#last = seq
    this.#events[seq % CAPACITY] = toPlainEvent(event)
  }

  #drop(): void {
    this.#stop()
    this.#kept = undefined
    this.#events = []
    this.#first = this.#last + 1
  }
}

// Two copies of this package keep a journal each, which harms nobody.
const journals = new WeakMap<object, Journal>()

/** The journal of a hub: one, however many serve it. */
export const journalOf = (hub: Hub<unknown>): Journal => {
  const known = journals.get(hub)
  if (known) return known
  const journal = new Journal(hub)
  journals.set(hub, journal)
  return journal
}
