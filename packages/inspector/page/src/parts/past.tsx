import type { Mirror } from '../state/mirror.js'
import { clock, dateAndClock, visible, why } from '../state/words.js'
import { DirectionMark } from './marks.js'

/** The last events of one peer, newest first. */
export const Past = ({ mirror, address }: { mirror: Mirror; address: string }) => {
  const events = mirror.history.of(address)
  return (
    <>
      <h3>History</h3>
      {events.length === 0 && <p class="hint">No event of it is known.</p>}
      <ol class="past">
        {events.toReversed().map((event) => (
          <li key={`${event.seq} ${event.at}`}>
            <span class="led" data-event={event.type} aria-hidden="true" />
            <time title={dateAndClock(event.at)}>{clock(event.at)}</time>
            <b>{event.type}</b>
            <DirectionMark direction={event.direction} />
            <span class="why">{visible(why(event))}</span>
          </li>
        ))}
      </ol>
    </>
  )
}
