import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { PlainEvent } from '../../../src/protocol.js'
import { useVirtual } from '../hooks.js'
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

interface Props {
  readonly mirror: Mirror
  readonly text: string
  readonly choose: (address: string) => void
}

/** Newest first. What is no event (a gap, a restart) always passes. */
const select = (lines: readonly Line[], hidden: ReadonlySet<EventType>, text: string): Line[] => {
  const test = toAddressTest(text)
  return lines
    .filter((line) => !('event' in line) || (!hidden.has(line.event.type) && test(line.event)))
    .reverse()
}

/** Where lines come in above, what is being read stays where it is. */
const useHold = (scroller: { current: HTMLElement | null }, lines: readonly Line[]) => {
  const first = useRef<number>()
  useLayoutEffect(() => {
    const added = lines.findIndex(({ id }) => id === first.current)
    first.current = lines[0]?.id
    const element = scroller.current
    if (element && added > 0 && element.scrollTop > 0) element.scrollTop += added * LINE_HEIGHT
  })
}

/** What happened, line by line. */
export const TimelineView = ({ mirror, text, choose }: Props) => {
  const scroller = useRef<HTMLDivElement>(null)
  const [hidden, setHidden] = useState<ReadonlySet<EventType>>(new Set())
  // While paused: the lines as they were.
  const [paused, setPaused] = useState<readonly Line[]>()
  const all = paused ?? mirror.timeline.lines
  const newest = mirror.timeline.lines.at(-1)?.id ?? 0
  const lastShown = all.at(-1)?.id ?? 0
  const lines = useMemo(() => select(all, hidden, text), [all, lastShown, hidden, text])
  const virtual = useVirtual(scroller, { count: lines.length, heightOf: () => LINE_HEIGHT })
  useHold(scroller, lines)
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
        <ol class="lines" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const line = lines[index]
            return line && <TimelineLine key={line.id} {...{ line, start, choose }} />
          })}
        </ol>
      </div>
    </section>
  )
}
