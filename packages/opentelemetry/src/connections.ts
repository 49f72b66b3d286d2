import type { Address, Connection, Hub, Initiator } from '@conn-hub/core'
import type { Attributes, Histogram, Meter } from '@opentelemetry/api'
import { memo, type Named } from './attributes.js'
import { Levels } from './level.js'
import { type Step, secondsBetween } from './step.js'
import { type KindOf, reasonOf } from './words.js'

/** In s: from a link that breaks at once to one that holds for days. */
const BUCKETS = [0.1, 1, 10, 60, 300, 1_800, 3_600, 21_600, 86_400, 604_800]

/** How many entries there are, and how long each was connected. */
export class Connections {
  readonly #levels: Record<Connection<unknown>['state'], Levels>
  readonly #duration: Histogram
  readonly #ended: Record<Initiator, (reason: string) => Attributes>
  readonly #kindOf: KindOf
  /** When those were connected whose present state began later. */
  readonly #connectedAt = new Map<Address, number>()

  constructor(meter: Meter, named: Named, kindOf: KindOf) {
    const count = meter.createUpDownCounter('conn_hub.connection.count', {
      description: 'Entries of the hub, by state and kind of link.',
      unit: '{connection}',
    })
    this.#duration = meter.createHistogram('conn_hub.connection.duration', {
      description:
        'How long a connection was there, from its first session to the end of its last.',
      unit: 's',
      advice: { explicitBucketBoundaries: BUCKETS },
    })
    const levels = (state: string) =>
      new Levels(count, (kind) =>
        named({ 'conn_hub.connection.state': state, 'conn_hub.connection.kind': kind }),
      )
    this.#levels = {
      connecting: levels('connecting'),
      connected: levels('connected'),
      disconnecting: levels('disconnecting'),
    }
    const ended = (initiator: Initiator) =>
      memo((reason: string) =>
        named({ 'conn_hub.connection.reason': reason, 'conn_hub.connection.initiator': initiator }),
      )
    this.#ended = { local: ended('local'), remote: ended('remote') }
    this.#kindOf = kindOf
  }

  begin(entry: Connection<unknown>): void {
    this.#levels[entry.state].of(this.#kindOf(entry.kind)).add(1)
    const isOpen = entry.state === 'disconnecting' && entry.sessions.length > 0
    if (isOpen) this.#connectedAt.set(entry.address, entry.createdAt)
  }

  step({ before, after, event, at }: Step): void {
    const from = before && this.#levels[before.state].of(this.#kindOf(before.kind))
    const to = after && this.#levels[after.state].of(this.#kindOf(after.kind))
    if (from !== to) {
      from?.add(-1)
      to?.add(1)
    }
    if (before?.state === 'connected' && after?.state !== 'connected') this.#left(before)
    if (!before || after) return
    const connectedAt = this.#connectedAt.get(before.address)
    this.#connectedAt.delete(before.address)
    if (connectedAt === undefined || event?.type !== 'disconnected') return
    const attributes = this.#ended[event.initiator](reasonOf(event.reason))
    this.#duration.record(secondsBetween(connectedAt, at), attributes)
  }

  /** Where the stack was full, or the SDK threw, a step was not counted: it shows in the number of entries. */
  mend(hub: Pick<Hub<unknown>, 'size' | 'entries' | 'get'>): void {
    const all = Object.values(this.#levels).flatMap((levels) => [...levels.all()])
    if (all.reduce((sum, { value }) => sum + value, 0) === hub.size) return
    const counts = new Map(all.map((level) => [level, 0]))
    for (const { state, kind } of hub.entries()) {
      const level = this.#levels[state].of(this.#kindOf(kind))
      counts.set(level, (counts.get(level) ?? 0) + 1)
    }
    for (const [level, count] of counts) level.set(count)
    for (const address of this.#connectedAt.keys())
      if (!hub.get(address)) this.#connectedAt.delete(address)
  }

  end(): void {
    for (const levels of Object.values(this.#levels)) levels.end()
  }

  #left({ address, since }: Connection<unknown>): void {
    // After a disconnect that failed it is known already, and `since` is later.
    if (!this.#connectedAt.has(address)) this.#connectedAt.set(address, since)
  }
}
