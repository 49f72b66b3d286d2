import type { Messages, PlainEntry, PlainEvent } from '../../../src/protocol.js'
import { type Counts, noCounts } from './counts.js'
import { History } from './history.js'
import { Ports } from './ports.js'
import { countBackwards, Series } from './series.js'
import { Timeline } from './timeline.js'

/** The hub as this page knows it: the fold of the messages. Knows neither the document nor the time. */
export class Mirror {
  readonly entries = new Map<string, PlainEntry>()
  readonly counts: Counts = noCounts()
  readonly ports = new Ports()
  readonly timeline = new Timeline()
  readonly history = new History()
  readonly series = new Series()
  /** Of the newest event that the entries or the timeline know of. */
  seq = 0
  control = false
  /** When the hub closed, in ms since 1970. */
  closedAt: number | undefined
  /** Whether the first snapshot is here, all of it. */
  complete = false
  /** Of the last event of the timeline. */
  #told = 0
  #hub: string | undefined
  #hasPast = false

  hello({ hub, control }: Messages['hello']): void {
    this.control = control
    if (hub === this.#hub) return
    if (this.#hub !== undefined) this.timeline.add([{ restarted: true }])
    this.#hub = hub
    this.#hasPast = false
    this.seq = 0
    this.#told = 0
    this.closedAt = undefined
  }

  snapshot({ seq, entries, more }: Messages['snapshot'], now: number): void {
    this.#reach(seq)
    const addresses = new Set(entries.map(({ address }) => address))
    for (const address of this.entries.keys())
      if (!addresses.has(address)) this.#delete(address, now)
    for (const entry of entries) this.#set(entry, now)
    this.complete = !more
  }

  changes({ seq, set, gone, more }: Messages['changes'], now: number): void {
    this.#reach(seq)
    for (const address of gone) this.#delete(address, now)
    for (const entry of set) this.#set(entry, now)
    if (!more) this.complete = true
  }

  events({ events, missed }: Messages['events']): void {
    // A new stream may tell again what the former one told.
    const fresh = events.filter(({ seq }) => seq > this.#told)
    this.#told = fresh.at(-1)?.seq ?? this.#told
    this.#reach(this.#told)
    for (const event of fresh) this.history.add(event)
    const lines = fresh.map((event) => ({ event }))
    this.timeline.add(missed > 0 ? [{ missed }, ...lines] : lines)
  }

  closed({ at }: Messages['closed']): void {
    this.closedAt = at
  }

  /** Once a second: one more sample for the chart, and old dark ports go. */
  tick(now: number): void {
    if (!this.complete) return
    this.series.add(this.counts, now)
    this.ports.trim(now)
    if (this.#hasPast) return
    this.#hasPast = true
    this.series.begin(countBackwards(this.entries.values(), this.#eventsOfThisHub()))
  }

  #reach(seq: number): void {
    this.seq = Math.max(this.seq, seq)
  }

  #eventsOfThisHub(): PlainEvent[] {
    const { lines } = this.timeline
    const start = lines.findLastIndex((line) => 'restarted' in line)
    return lines.slice(start + 1).flatMap((line) => ('event' in line ? [line.event] : []))
  }

  #set(entry: PlainEntry, now: number): void {
    const former = this.entries.get(entry.address)
    if (former) this.counts[former.state]--
    this.counts[entry.state]++
    this.entries.set(entry.address, entry)
    this.ports.set(entry, now)
  }

  #delete(address: string, now: number): void {
    const entry = this.entries.get(address)
    if (!entry) return
    this.counts[entry.state]--
    this.entries.delete(address)
    this.ports.darken(address, now)
  }
}
