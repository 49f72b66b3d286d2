import type {
  Messages,
  Moment,
  PlainDown,
  PlainEntry,
  PlainRefusal,
  PlainTotals,
} from '../../../src/protocol.js'
import { pushBounded } from './bounded.js'
import { type Counts, noCounts } from './counts.js'
import { History } from './history.js'
import { Labels } from './labels.js'
import { Ports } from './ports.js'
import { Rates } from './rates.js'
import { Series } from './series.js'
import { Timeline } from './timeline.js'

/** The newest of what was refused. */
const REFUSALS = 200

/** The hub as this page knows it: the fold of the messages. Knows neither the document nor the time. */
export class Mirror {
  readonly entries = new Map<string, PlainEntry>()
  readonly counts: Counts = noCounts()
  readonly ports = new Ports()
  readonly timeline = new Timeline()
  readonly history = new History()
  readonly series = new Series()
  readonly labels = new Labels()
  readonly rates = new Rates()
  /** Who is lost, or cannot be reached; who changed last comes last. */
  readonly down = new Map<string, PlainDown>()
  readonly refused: PlainRefusal[] = []
  totals: PlainTotals | undefined
  /** What the server said of itself. */
  hub: Partial<Messages['hello']> = {}
  /** Of the newest event that the entries or the timeline know of. */
  seq = 0
  control = false
  /** Where it is a record that is shown: how far it is. */
  moment: Moment | undefined
  /** When the hub closed, in ms since 1970. */
  closedAt: number | undefined
  /** Whether the first snapshot is here, all of it. */
  complete = false
  /** Of the last event of the timeline. */
  #told = 0
  /** Who was here before the snapshot of which the parts are coming, and was in none of them so far. */
  readonly #unseen = new Set<string>()
  /** Who came with it: they wait for the ports of those who have left. */
  #newcomers: PlainEntry[] = []

  take<N extends keyof Messages>(name: N, data: Messages[N], now: number): void {
    const folds: { [K in keyof Messages]: (data: Messages[K]) => void } = {
      hello: (hello) => this.hello(hello),
      beat: () => {},
      moment: (moment) => {
        this.moment = moment
      },
      snapshot: (snapshot) => this.snapshot(snapshot, now),
      changes: (changes) => this.changes(changes, now),
      events: (events) => this.events(events),
      samples: ({ samples }) => this.series.begin(samples),
      aside: (aside) => this.aside(aside),
      closed: (closed) => this.closed(closed),
    }
    folds[name](data)
  }

  hello(hello: Messages['hello']): void {
    const former = this.hub.hub
    this.hub = hello
    this.control = hello.control
    this.moment = hello.moment
    if (hello.hub === former) return
    // A record was moved back: what was seen has not happened yet.
    if (hello.moment) this.#forget()
    else if (former !== undefined) this.timeline.add([{ restarted: true }])
    this.seq = 0
    this.#told = 0
    this.closedAt = undefined
    this.refused.length = 0
    this.totals = undefined
    this.rates.clear()
  }

  aside({ down, refused, totals, traffic }: Messages['aside']): void {
    if (down) this.#takeDown(down)
    const last = this.refused.at(-1)?.number ?? 0
    if (refused)
      pushBounded(
        this.refused,
        refused.filter(({ number }) => number > last),
        REFUSALS,
      )
    if (totals) this.totals = totals
    if (traffic) this.rates.add(traffic)
  }

  snapshot({ seq, entries, more }: Messages['snapshot'], now: number): void {
    this.#reach(seq)
    this.#unseen.clear()
    this.#newcomers = []
    for (const address of this.entries.keys()) this.#unseen.add(address)
    this.#takePart(entries, more, now)
  }

  changes({ seq, set, gone, more }: Messages['changes'], now: number): void {
    this.#reach(seq)
    for (const address of gone) this.#delete(address, now)
    this.#takePart(set, more, now)
  }

  events({ events, missed }: Messages['events']): void {
    // A new stream may tell again what the former one told.
    const fresh = events.filter(({ seq }) => seq > this.#told)
    const [first] = fresh
    if (!first) return
    const gap = Math.min(missed, first.seq - this.#told - 1)
    this.#told = fresh.at(-1)?.seq ?? this.#told
    this.#reach(this.#told)
    for (const event of fresh) this.history.add(event)
    const lines = fresh.map((event) => ({ event }))
    this.timeline.add(gap > 0 ? [{ missed: gap }, ...lines] : lines)
  }

  closed({ at }: Messages['closed']): void {
    this.closedAt = at
  }

  /** Once a second: one more sample for the chart, and old dark ports go. */
  tick(now: number): void {
    if (!this.complete) return
    // What a record has seen is told.
    if (!this.moment) this.series.add(this.counts, now)
    this.ports.trim(now)
  }

  /** Who is down has a port too, also where its page was opened later. */
  #takeDown({ set, gone, all }: NonNullable<Messages['aside']['down']>): void {
    if (all) this.down.clear()
    for (const address of gone) this.down.delete(address)
    for (const peer of set) {
      this.down.delete(peer.address)
      this.down.set(peer.address, peer)
      this.labels.set(peer.address, peer.label)
      if (!this.entries.has(peer.address)) this.ports.reserve(peer, peer.lastAt)
    }
    this.ports.keep(this.down)
  }

  #forget(): void {
    for (const kept of [this.entries, this.down, this.ports, this.timeline, this.history])
      kept.clear()
    this.series.begin([])
    Object.assign(this.counts, noCounts())
    this.complete = false
  }

  /** What a snapshot does not have leaves when all of it is here. */
  #takePart(entries: readonly PlainEntry[], more: true | undefined, now: number): void {
    for (const entry of entries) {
      if (this.#unseen.delete(entry.address) || this.#unseen.size === 0) this.#set(entry, now)
      else this.#newcomers.push(entry)
    }
    if (more) return
    for (const address of this.#unseen) this.#delete(address, now)
    this.#unseen.clear()
    for (const entry of this.#newcomers) this.#set(entry, now)
    this.#newcomers = []
    this.complete = true
  }

  #reach(seq: number): void {
    this.seq = Math.max(this.seq, seq)
  }

  #set(entry: PlainEntry, now: number): void {
    const former = this.entries.get(entry.address)
    if (former) this.counts[former.state]--
    this.counts[entry.state]++
    this.entries.set(entry.address, entry)
    this.labels.set(entry.address, entry.label)
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
