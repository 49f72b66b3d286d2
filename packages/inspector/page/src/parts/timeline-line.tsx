import { memo } from 'preact/compat'
import type { PlainEvent } from '../../../src/protocol.js'
import type { Line } from '../state/timeline.js'
import { briefly, clock, dateAndClock, shorten, visible, why } from '../state/words.js'

interface Props {
  readonly line: Line
  readonly label: string | undefined
  /** The address, as short as it may be beside the others. */
  readonly words: string
  /** For the reason, in characters. */
  readonly room: number
  readonly index: number
  /** Whether Tab leads here. */
  readonly stops: boolean
  readonly start: number
  readonly choose: (address: string) => void
}

const wordsOf = (line: Line): string => {
  if ('missed' in line) return `${line.missed.toLocaleString('en')} earlier events are not known`
  return 'The app was started anew: another hub from here on'
}

/** One line of the timeline. */
export const TimelineLine = memo((props: Props) => {
  const { line, index, start } = props
  return (
    <li class="line" data-row={index} data-gap={!('event' in line)} style={{ top: start }}>
      {'event' in line ? <EventLine {...props} event={line.event} /> : wordsOf(line)}
    </li>
  )
})

interface EventProps extends Omit<Props, 'line' | 'index' | 'start'> {
  readonly event: PlainEvent
}

const EventLine = ({ event, label, words, room, stops, choose }: EventProps) => {
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
      <button
        type="button"
        class="plain"
        title={visible(address)}
        tabIndex={stops ? 0 : -1}
        onClick={() => choose(address)}
      >
        {label && <b>{shorten(label, 12)} </b>}
        {words}
      </button>
      {reason && (
        <span class="why" title={visible(reason)}>
          {briefly(event, room)}
        </span>
      )}
    </>
  )
}
