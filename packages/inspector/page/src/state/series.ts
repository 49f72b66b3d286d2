import type { PlainEntry, PlainEvent } from '../../../src/protocol.js'
import { pushBounded } from './bounded.js'
import { type Counts, noCounts, type State } from './counts.js'

export interface Sample extends Counts {
  /** In ms since 1970. */
  readonly at: number
}

/** A quarter of an hour, at one sample a second. */
export const SAMPLES = 900

/** The counts over time. */
export class Series {
  samples: Sample[] = []

  add(counts: Counts, at: number): void {
    pushBounded(this.samples, [{ ...counts, at }], SAMPLES)
  }

  /** Puts the past before what there is. */
  begin(past: readonly Sample[]): void {
    const first = this.samples[0]?.at ?? Number.POSITIVE_INFINITY
    this.samples = [...past.filter(({ at }) => at < first), ...this.samples].slice(-SAMPLES)
  }
}

/** The state that an entry has after an event; none: it is gone. */
const AFTER: Record<PlainEvent['type'], State | undefined> = {
  connecting: 'connecting',
  connected: 'connected',
  disconnecting: 'disconnecting',
  'disconnecting-failed': 'connected',
  'connecting-failed': undefined,
  disconnected: undefined,
}

/** The state that an entry must have had before an event, where no earlier event of it is known. */
const before = ({ type, direction, initiator }: PlainEvent): State | undefined => {
  switch (type) {
    case 'connecting':
      return undefined
    case 'connected':
      return direction === 'inbound' ? undefined : 'connecting'
    case 'disconnected':
      return initiator === 'local' ? 'disconnecting' : 'connected'
    case 'connecting-failed':
      return 'connecting'
    case 'disconnecting':
      return 'connected'
    case 'disconnecting-failed':
      return 'disconnecting'
  }
}

/**
 * The counts as they were, worked out backwards from the entries of now and the events that led to them
 * (oldest first): so that the chart does not begin empty. One sample a second at most.
 */
export const countBackwards = (
  entries: Iterable<PlainEntry>,
  events: readonly PlainEvent[],
): Sample[] => {
  const counts = noCounts()
  for (const { state } of entries) counts[state]++
  const former = new Map<string, State | undefined>()
  const earlier = events.map((event) => {
    const known = former.has(event.address)
    const state = known ? former.get(event.address) : before(event)
    former.set(event.address, AFTER[event.type])
    return state
  })
  const samples: Sample[] = []
  for (let i = events.length - 1; i >= 0; i--) {
    const { type, at } = events[i] as PlainEvent
    const next = samples.at(-1)
    if (!next || next.at - at >= 1000) samples.push({ ...counts, at })
    const left = earlier[i]
    const entered = AFTER[type]
    if (entered && counts[entered] > 0) counts[entered]--
    if (left) counts[left]++
  }
  return samples.reverse()
}
