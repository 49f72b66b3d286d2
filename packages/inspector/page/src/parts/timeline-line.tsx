import { memo } from 'preact/compat'
import type { PlainEvent } from '../../../src/protocol.js'
import type { Line } from '../state/timeline.js'
import { clock, dateAndClock, shorten, visible, why } from '../state/words.js'

interface Props {
  readonly line: Line
  readonly start: number
  readonly choose: (address: string) => void
}

const wordsOf = (line: Line): string => {
  if ('missed' in line) return `${line.missed.toLocaleString('en')} earlier events are not known`
  return 'The app was started anew: another hub from here on'
}

/** One line of the timeline. */
export const TimelineLine = memo(({ line, start, choose }: Props) => (
  <li class="line" data-gap={!('event' in line)} style={{ top: start }}>
    {'event' in line ? <EventLine event={line.event} choose={choose} /> : wordsOf(line)}
  </li>
))

interface EventProps {
  readonly event: PlainEvent
  readonly choose: (address: string) => void
}

const EventLine = ({ event, choose }: EventProps) => {
  const { seq, at, type, address, direction } = event
  const reason = why(event)
  return (
    <>
      <span class="led" data-event={type} aria-hidden="true" />
      <b class="type" data-event={type}>
        {type}
        {direction && <span class="arrow" data-direction={direction} aria-hidden="true" />}
        {direction && <span class="visually-hidden">{direction}</span>}
      </b>
      <span class="when">
        <time title={dateAndClock(at)}>{clock(at)}</time> #{seq}
      </span>
      <button type="button" class="plain" tabIndex={-1} onClick={() => choose(address)}>
        {shorten(address, 70)}
      </button>
      {reason && (
        <span class="why" title={visible(reason)}>
          {shorten(reason, 90)}
        </span>
      )}
    </>
  )
}
