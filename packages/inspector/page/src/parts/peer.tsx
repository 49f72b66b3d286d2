import { useRef } from 'preact/hooks'
import type { PlainEntry } from '../../../src/protocol.js'
import { useExplained } from '../explain.js'
import { useOwnFocus } from '../focus.js'
import type { Mirror } from '../state/mirror.js'
import { age, clock, dateAndClock, shorten, tried, visible, why } from '../state/words.js'
import { Copy } from './copy.js'
import { Disconnect } from './disconnect.js'
import { DirectionMark, StateMark } from './marks.js'
import { Past } from './past.js'

interface Props {
  readonly mirror: Mirror
  readonly address: string
  readonly choose: (address: string | undefined) => void
  readonly now: number
}

/** What there is to know of the one that was chosen, and its history. */
export const Peer = ({ mirror, address, choose, now }: Props) => {
  const section = useRef<HTMLElement>(null)
  useOwnFocus(section, address)
  const onKeyDown = ({ key, target }: KeyboardEvent) => {
    if (key === 'Escape' && !(target as Element).closest('dialog')) choose(undefined)
  }
  return (
    <section
      ref={section}
      class="peer"
      tabIndex={-1}
      aria-labelledby="peer-title"
      onKeyDown={onKeyDown}
    >
      <div class="head">
        <h2 id="peer-title">Peer</h2>
        <Copy what="address" text={() => address} />
        <Copy what="link" text={() => location.href} />
        <button type="button" onClick={() => choose(undefined)}>
          Close
        </button>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="peer-title">
        <Chosen {...{ mirror, address, choose, now }} />
      </div>
    </section>
  )
}

const Chosen = ({ mirror, address, choose, now }: Props) => {
  const entry = mirror.entries.get(address)
  const down = mirror.down.get(address)
  const label = mirror.labels.of(address)
  const error = mirror.history.lastErrorOf(address)
  return (
    <>
      <p class="who">
        <StateMark state={entry?.state ?? (down ? 'down' : 'dark')} />
        <DirectionMark direction={entry?.direction} />
        {label && <b>{visible(label)}</b>}
        {mirror.control && entry && <Disconnect address={address} />}
      </p>
      <p class="address">{visible(address)}</p>
      <dl>
        {entry && <Fields entry={entry} now={now} />}
        {down && (
          <>
            <dt>down</dt>
            <dd class="error">
              since {dateAndClock(down.since)} ({age(now - down.since)}), {tried(down.tries)}
            </dd>
          </>
        )}
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
      <Explanation {...{ mirror, address, now }} version={entry?.updatedAt ?? down?.lastAt ?? 0} />
      {entry?.data && <Metadata text={entry.data} cut={entry.cut} />}
      <Past mirror={mirror} address={address} />
    </>
  )
}

const Fields = ({ entry, now }: { entry: PlainEntry; now: number }) => (
  <>
    {entry.key && <dt>key</dt>}
    {entry.key && (
      <dd>
        {visible(entry.key)} <Copy what="key" text={() => entry.key ?? ''} />
      </dd>
    )}
    {entry.kind && <dt>kind</dt>}
    {entry.kind && <dd>{visible(entry.kind)}</dd>}
    <dt>since</dt>
    <dd>
      {dateAndClock(entry.since)} ({age(now - entry.since)})
    </dd>
    <dt>sessions</dt>
    <dd>{entry.sessions}</dd>
    {entry.waits && <dt>waits</dt>}
    {entry.waits && <dd>{visible(entry.waits)}</dd>}
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

interface ExplanationProps extends Omit<Props, 'choose'> {
  readonly version: number
}

const Explanation = ({ mirror, address, version, now }: ExplanationProps) => {
  const explained = useExplained(mirror, address, version)
  if (!explained) return null
  const { lines, nextAt } = explained
  return (
    <>
      <h3>Why</h3>
      {lines.length === 0 && <p class="hint">Nothing to say of it.</p>}
      <ul class="reasons">
        {lines.map((line, i) => (
          <li key={`${i} ${line}`}>{visible(line)}</li>
        ))}
      </ul>
      {nextAt !== undefined && (
        <p>
          next attempt {clock(nextAt)}, in {age(nextAt - now)}
        </p>
      )}
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
