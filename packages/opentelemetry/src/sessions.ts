import type { Address, Direction, Hub, Session } from '@conn-hub/core'
import type { Attributes, Counter, Meter } from '@opentelemetry/api'
import type { Named } from './attributes.js'
import { type Level, Levels } from './level.js'
import type { KindOf } from './words.js'

/** A session that is open, and how many bytes of it have been counted. */
interface Live {
  readonly address: Address
  readonly level: Level
  bytesIn: number
  bytesOut: number
}

/** Where a session is, and the kind of link that its entry shows. */
interface Place {
  readonly address: Address
  readonly kind: string | undefined
}

/** How many sessions are open, and what goes over them, as far as their transport counts it. */
export class Sessions {
  readonly #levels: Record<Direction, Levels>
  readonly #io: Counter
  readonly #received: Attributes
  readonly #sent: Attributes
  readonly #kindOf: KindOf
  readonly #live = new Map<Session<unknown>, Live>()
  /** Counted, and not yet told. */
  #bytesIn = 0
  #bytesOut = 0

  constructor(meter: Meter, named: Named, kindOf: KindOf) {
    const count = meter.createUpDownCounter('conn_hub.session.count', {
      description: 'Open sessions, by who opened them and kind of link.',
      unit: '{session}',
    })
    this.#io = meter.createCounter('conn_hub.io', {
      description: 'Bytes that went over sessions, as far as their transport counts them.',
      unit: 'By',
    })
    const levels = (direction: Direction) =>
      new Levels(count, (kind) =>
        named({ 'conn_hub.session.direction': direction, 'conn_hub.connection.kind': kind }),
      )
    this.#levels = { inbound: levels('inbound'), outbound: levels('outbound') }
    this.#received = named({ 'network.io.direction': 'receive' })
    this.#sent = named({ 'network.io.direction': 'transmit' })
    this.#kindOf = kindOf
  }

  opened(session: Session<unknown>, direction: Direction, { address, kind }: Place): void {
    if (this.#live.has(session)) return
    const level = this.#levels[direction].of(this.#kindOf(kind))
    this.#live.set(session, { address, level, bytesIn: 0, bytesOut: 0 })
    level.add(1)
  }

  closed(session: Session<unknown>): void {
    const live = this.#live.get(session)
    if (!live) return
    this.#live.delete(session)
    live.level.add(-1)
    this.#count(session, live)
  }

  /** Sums what went over all sessions since the last time. One whose end was not heard, for the stack was full, has ended. */
  sum(hub: Pick<Hub<unknown>, 'get'>): void {
    for (const [session, live] of this.#live) {
      const sessions: readonly unknown[] = hub.get(live.address)?.sessions ?? []
      if (sessions.includes(session)) this.#count(session, live)
      else this.closed(session)
    }
    this.#mend()
    this.#tell()
  }

  end(): void {
    for (const [session, live] of this.#live) this.#count(session, live)
    this.#live.clear()
    for (const levels of Object.values(this.#levels)) levels.end()
    this.#tell()
  }

  /** A step that the SDK threw at was not counted. */
  #mend(): void {
    const all = Object.values(this.#levels).flatMap((levels) => [...levels.all()])
    const counts = new Map(all.map((level) => [level, 0]))
    for (const { level } of this.#live.values()) counts.set(level, (counts.get(level) ?? 0) + 1)
    for (const [level, count] of counts) level.set(count)
  }

  #tell(): void {
    if (this.#bytesIn > 0) this.#io.add(this.#bytesIn, this.#received)
    if (this.#bytesOut > 0) this.#io.add(this.#bytesOut, this.#sent)
    this.#bytesIn = 0
    this.#bytesOut = 0
  }

  #count(session: Session<unknown>, live: Live): void {
    const { bytesIn, bytesOut } = trafficOf(session)
    // Figures never go down; where they do, what was counted stays.
    if (bytesIn > live.bytesIn) {
      this.#bytesIn += bytesIn - live.bytesIn
      live.bytesIn = bytesIn
    }
    if (bytesOut > live.bytesOut) {
      this.#bytesOut += bytesOut - live.bytesOut
      live.bytesOut = bytesOut
    }
  }
}

const NOTHING = { bytesIn: 0, bytesOut: 0 }

/** What the transport says, which may be anything, and may throw. */
const trafficOf = (session: Session<unknown>): { bytesIn: number; bytesOut: number } => {
  try {
    const given = session.traffic?.()
    return given ? { bytesIn: bytes(given.bytesIn), bytesOut: bytes(given.bytesOut) } : NOTHING
  } catch {
    return NOTHING
  }
}

/** Larger ones are nonsense, and would make the sum infinite, for ever. */
const bytes = (value: unknown): number =>
  typeof value === 'number' && value <= Number.MAX_SAFE_INTEGER ? Math.max(0, value) : 0
