import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Spot } from '../state/lines.js'
import type { Mirror } from '../state/mirror.js'
import type { Port } from '../state/ports.js'
import { age, clock, shorten, tried, why } from '../state/words.js'
import { DirectionMark } from './marks.js'

interface Props {
  readonly mirror: Mirror
  readonly port: Port
  readonly shown: Spot
  readonly size: number
  readonly now: number
  readonly scroller: RefObject<HTMLElement>
}

const MARGIN = 8

/** Beside its port, below it where there is room, and never beyond the window. */
const useBeside = ({ shown, size, scroller }: Props) => {
  const card = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const { line, column } = shown
    const port = scroller.current?.querySelector(`[data-line="${line}"][data-column="${column}"]`)
    if (!port || !card.current) return
    const place = port.getBoundingClientRect()
    const { width, height } = card.current.getBoundingClientRect()
    const below = place.bottom + MARGIN
    const top = below + height < innerHeight ? below : Math.max(0, place.top - height - MARGIN)
    const left = Math.min(place.left, innerWidth - width - MARGIN)
    card.current.style.top = `${top}px`
    card.current.style.left = `${Math.max(MARGIN, left)}px`
  }, [shown.line, shown.column, size])
  return card
}

/** What there is to know of a port at a glance. */
export const PortCard = (props: Props) => {
  const { mirror, port, now } = props
  const { address, entry, darkSince, kind, number } = port
  const card = useBeside(props)
  const last = mirror.history.of(address).at(-1)
  const error = mirror.history.lastErrorOf(address)
  const label = mirror.labels.of(address)
  const down = mirror.down.get(address)
  const since = entry?.since ?? darkSince ?? now
  return (
    <div ref={card} id="port-card" role="tooltip" class="card">
      <p class="card-head">
        <span
          class="led"
          data-state={entry?.state ?? (down ? 'failed' : 'dark')}
          aria-hidden="true"
        />
        <b>{entry?.state ?? (down ? 'down' : 'dark')}</b>
        <DirectionMark direction={entry?.direction} />
        <span class="place">
          {shorten(kind, 24)} {number}
        </span>
      </p>
      {label && <p>{shorten(label, 60)}</p>}
      <p class="address">{shorten(address, 120)}</p>
      <dl>
        {entry?.key && <Item name="key" text={shorten(entry.key, 60)} />}
        <Item name="since" text={`${clock(since)}, ${age(now - since)}`} />
        {down && <Item name="down" text={`${age(now - down.since)}, ${tried(down.tries)}`} />}
        {entry?.waits && <Item name="waits" text={shorten(entry.waits, 120)} />}
        {entry && entry.sessions > 1 && <Item name="sessions" text={String(entry.sessions)} />}
        {entry?.reason && <Item name="reason" text={shorten(entry.reason, 120)} />}
        {!entry && last && <Item name="ended" text={shorten(why(last), 160)} />}
        {error && (entry || error !== last) && (
          <Item name="last error" text={shorten(`${clock(error.at)} ${why(error)}`, 160)} />
        )}
        {entry?.data && <Item name="metadata" text={shorten(entry.data, 200)} />}
      </dl>
    </div>
  )
}

const Item = ({ name, text }: { name: string; text: string }) =>
  text ? (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  ) : null
