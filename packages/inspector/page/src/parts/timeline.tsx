import { useMemo, useRef, useState } from 'preact/hooks'
import type { PlainEvent } from '../../../src/protocol.js'
import { toStep } from '../focus.js'
import { useHeld, useHold } from '../hold.js'
import { useVirtual, useWidth } from '../hooks.js'
import { cutApart } from '../state/cut.js'
import { toAddressTest } from '../state/filter.js'
import type { Mirror } from '../state/mirror.js'
import type { Line } from '../state/timeline.js'
import { TimelineLine } from './timeline-line.js'

type EventType = PlainEvent['type']

const TYPES: readonly EventType[] = [
  'connecting',
  'connecting-failed',
  'connected',
  'disconnecting',
  'disconnecting-failed',
  'disconnected',
]
const LINE_HEIGHT = 44
/** Of a character, in px, and what is beside the texts of a line. */
const CHAR = 7.25
const BESIDE = 56
const REASON_CHAR = 7
/** In characters: a name with the space after it, and the least of an address. */
const NAME = 13
const LEAST = 14

interface Props {
  readonly mirror: Mirror
  readonly text: string
  readonly choose: (address: string) => void
}

/** Newest first. What is no event (a gap, a restart) always passes. */
const select = (
  mirror: Mirror,
  lines: readonly Line[],
  hidden: ReadonlySet<EventType>,
  text: string,
): Line[] => {
  const test = toAddressTest(text)
  const isShown = ({ type, ...event }: PlainEvent) =>
    !hidden.has(type) && test(event, mirror.labels.of(event.address))
  return lines.filter((line) => !('event' in line) || isShown(line.event)).reverse()
}

/** How much of an address, and of a reason, there is room for: less where a name stands before it, or a reason behind. */
const useCuts = (shown: readonly (Line | undefined)[], width: number) => {
  const addresses = shown.flatMap((line) => (line && 'event' in line ? [line.event.address] : []))
  const all = Math.floor(width / CHAR)
  const half = Math.floor(all / 2)
  const cuts = new Map(
    [all, half, all - NAME, LEAST].map((room) => [room, cutApart(addresses, room)]),
  )
  return (line: Line, label: string | undefined) => {
    if (!('event' in line)) return { words: '', room: 0 }
    const { address, reason, error } = line.event
    const hasReason = reason !== undefined || error !== undefined
    const room = label ? (hasReason ? LEAST : all - NAME) : hasReason ? half : all
    const taken = label ? LEAST + NAME : half
    const words = cuts.get(room)?.get(address) ?? ''
    return { words, room: Math.max(8, Math.floor((width - taken * CHAR) / REASON_CHAR)) }
  }
}

/** What happened, line by line. */
export const TimelineView = ({ mirror, text, choose }: Props) => {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const [tabbable, setTabbable] = useState(0)
  const [hidden, setHidden] = useState<ReadonlySet<EventType>>(new Set())
  // While paused: the lines as they were.
  const [paused, setPaused] = useState<readonly Line[]>()
  const all = paused ?? mirror.timeline.lines
  const newest = mirror.timeline.lines.at(-1)?.id ?? 0
  const lastShown = all.at(-1)?.id ?? 0
  const lines = useMemo(() => select(mirror, all, hidden, text), [all, lastShown, hidden, text])
  const virtual = useVirtual(scroller, { count: lines.length, heightOf: () => LINE_HEIGHT })
  const isHeld = useHeld(list)()
  // The newest line of the last painting.
  const newestSeen = useRef<Line>()
  const topOf = (wanted: Line) => {
    const index = lines.findIndex(({ id }) => id === wanted.id)
    return index < 0 ? undefined : index * LINE_HEIGHT
  }
  const height = useHold({ scroller, virtual, isHeld, anchor: newestSeen.current, topOf })
  newestSeen.current = lines[0]
  const step = useMemo(() => toStep(list, setTabbable), [])
  const items = virtual.getVirtualItems()
  const stop = Math.min(Math.max(tabbable, items[0]?.index ?? 0), items.at(-1)?.index ?? 0)
  const width = useWidth(scroller) - BESIDE
  const cut = useCuts(
    items.map(({ index }) => lines[index]),
    width,
  )
  const toggle = (type: EventType) => {
    const next = new Set(hidden)
    if (!next.delete(type)) next.add(type)
    setHidden(next)
  }

  return (
    <section class="timeline" aria-labelledby="timeline-title">
      <div class="head">
        <h2 id="timeline-title">Timeline</h2>
        <button
          type="button"
          aria-pressed={paused !== undefined}
          onClick={() => setPaused(paused ? undefined : [...mirror.timeline.lines])}
        >
          {paused ? `Go on (${(newest - lastShown).toLocaleString('en')} new)` : 'Pause'}
        </button>
      </div>
      <fieldset class="types">
        <legend class="visually-hidden">Types of events to show</legend>
        {TYPES.map((type) => (
          <button
            key={type}
            type="button"
            aria-pressed={!hidden.has(type)}
            onClick={() => toggle(type)}
          >
            <span class="led" data-event={type} aria-hidden="true" />
            {type}
          </button>
        ))}
      </fieldset>
      <div
        ref={scroller}
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label="Events, newest first"
      >
        {lines.length === 0 && <p class="hint">No events to show.</p>}
        <ol ref={list} class="lines" style={{ height }} onKeyDown={step}>
          {items.map(({ index, start }) => {
            const line = lines[index]
            if (!line) return null
            const label = 'event' in line ? mirror.labels.of(line.event.address) : undefined
            const place = { index, start, choose, stops: index === stop }
            return (
              <TimelineLine key={line.id} {...{ line, label }} {...cut(line, label)} {...place} />
            )
          })}
        </ol>
      </div>
    </section>
  )
}
