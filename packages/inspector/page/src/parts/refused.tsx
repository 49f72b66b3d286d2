import { type Filter, toAddressTest } from '../state/filter.js'
import type { Mirror } from '../state/mirror.js'
import { clock, dateAndClock, shorten, visible } from '../state/words.js'
import { DirectionMark } from './marks.js'

/** What was turned away, the newest first, and why. */
export const RefusedList = ({ mirror, filter }: { mirror: Mirror; filter: Filter }) => {
  const test = toAddressTest(filter.text)
  const shown = mirror.refused.filter((one) => test(one)).reverse()
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="What was refused">
      <ul class="rows">
        {shown.map(({ number, at, by, why, direction, address, key }) => (
          <li key={number}>
            <span class="led" data-state="failed" aria-hidden="true" />
            <b class="why-refused">{shorten(why, 40)}</b>
            <span class="facts">
              <DirectionMark direction={direction} />
              <span>by {shorten(by, 30)}</span>
              <time title={dateAndClock(at)}>{clock(at)}</time>
            </span>
            <span class="why" title={visible(`${address ?? ''} ${key ?? ''}`)}>
              {[address, key]
                .filter((text) => text !== undefined)
                .map((text) => shorten(text, 60))
                .join(' · ') || 'no address known'}
            </span>
          </li>
        ))}
      </ul>
      {shown.length === 0 && (
        <p class="hint">
          {mirror.refused.length > 0
            ? 'Nothing passes the filter.'
            : 'Nothing was refused since the inspector runs.'}
        </p>
      )}
    </div>
  )
}
