import type { PlainEntry } from '../../../src/protocol.js'
import type { Mirror } from '../state/mirror.js'
import { age, clock, dateAndClock, shorten, visible, why } from '../state/words.js'
import { Disconnect } from './disconnect.js'
import { DirectionMark, StateMark } from './marks.js'

interface Props {
  readonly mirror: Mirror
  readonly address: string
  readonly choose: (address: string | undefined) => void
  readonly now: number
}

/** What there is to know of the one that was chosen, and its history. */
export const Peer = ({ mirror, address, choose, now }: Props) => (
  <section class="peer" aria-labelledby="peer-title">
    <div class="head">
      <h2 id="peer-title">Peer</h2>
      <button type="button" onClick={() => choose(undefined)}>
        Close
      </button>
    </div>
    <div class="scroll" tabIndex={0} role="region" aria-labelledby="peer-title">
      <Chosen {...{ mirror, address, choose, now }} />
    </div>
  </section>
)

const Chosen = ({ mirror, address, choose, now }: Props) => {
  const entry = mirror.entries.get(address)
  const error = mirror.history.lastErrorOf(address)
  return (
    <>
      <p class="who">
        <StateMark state={entry?.state ?? 'dark'} />
        <DirectionMark direction={entry?.direction} />
        {mirror.control && entry && <Disconnect address={address} />}
      </p>
      <p class="address">{visible(address)}</p>
      <dl>
        {entry && <Fields entry={entry} now={now} />}
        {error && (
          <>
            <dt>last error</dt>
            <dd class="error">
              {clock(error.at)} {visible(why(error))}
            </dd>
          </>
        )}
        {entry && <Others {...{ mirror, entry, choose }} />}
      </dl>
      {entry?.data && <Metadata text={entry.data} cut={entry.cut} />}
      <Past mirror={mirror} address={address} />
    </>
  )
}

const Fields = ({ entry, now }: { entry: PlainEntry; now: number }) => (
  <>
    {entry.key && <dt>key</dt>}
    {entry.key && <dd>{visible(entry.key)}</dd>}
    {entry.kind && <dt>kind</dt>}
    {entry.kind && <dd>{visible(entry.kind)}</dd>}
    <dt>since</dt>
    <dd>
      {dateAndClock(entry.since)} ({age(now - entry.since)})
    </dd>
    <dt>sessions</dt>
    <dd>{entry.sessions}</dd>
    {entry.reason && <dt>reason</dt>}
    {entry.reason && <dd>{visible(entry.reason)}</dd>}
  </>
)

interface OthersProps {
  readonly mirror: Mirror
  readonly entry: PlainEntry
  readonly choose: (address: string) => void
}

/** The same peer at other addresses. */
const Others = ({ mirror, entry: { address, key }, choose }: OthersProps) => {
  const others = key
    ? [...mirror.entries.values()].filter((one) => one.key === key && one.address !== address)
    : []
  if (others.length === 0) return null
  return (
    <>
      <dt>also at</dt>
      {others.slice(0, 5).map((other) => (
        <dd key={other.address}>
          <button type="button" class="plain" onClick={() => choose(other.address)}>
            {shorten(other.address, 60)}
          </button>
        </dd>
      ))}
    </>
  )
}

const layOut = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

const Metadata = ({ text, cut }: { text: string; cut: true | undefined }) => (
  <>
    <h3>Metadata{cut ? ', cut' : ''}</h3>
    <pre>{layOut(text).split('\n').map(visible).join('\n')}</pre>
  </>
)

const Past = ({ mirror, address }: { mirror: Mirror; address: string }) => {
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
