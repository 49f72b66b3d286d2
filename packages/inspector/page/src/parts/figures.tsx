import { DIAL_TIMES } from '../../../src/kept/tally.js'
import type { PlainTotals } from '../../../src/protocol.js'
import type { Mirror } from '../state/mirror.js'
import { bytes, dateAndClock, shorten } from '../state/words.js'

/** Failures by code, how long dials took, and what went over the links. */
export const Figures = ({ mirror }: { mirror: Mirror }) => {
  const { totals } = mirror
  const traffic = mirror.rates.now?.total
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Figures">
      {totals ? (
        <div class="figures">
          <Bars title="Dials that failed, by code" counts={totals.failed} none="None failed." />
          <Bars title="How long dials took" counts={toTimes(totals)} none="None has worked yet." />
          <Bars title="Links that broke, by code" counts={totals.broken} none="None broke." />
          <Bars title="Refused, by why" counts={totals.refused} none="Nothing was refused." />
          {traffic && (
            <section>
              <h3>Traffic</h3>
              <p>
                {bytes(traffic.bytesIn)} in, {bytes(traffic.bytesOut)} out
                {traffic.messagesIn + traffic.messagesOut > 0 &&
                  `, ${traffic.messagesIn.toLocaleString('en')} and ${traffic.messagesOut.toLocaleString('en')} messages`}
                , over {traffic.sessions.toLocaleString('en')} open sessions that count
              </p>
            </section>
          )}
          <p class="hint">
            {totals.dials.toLocaleString('en')} dials since {dateAndClock(totals.from)}
          </p>
        </div>
      ) : (
        <p class="hint">Nothing is counted yet.</p>
      )}
    </div>
  )
}

const toTimes = ({ times }: PlainTotals): Record<string, number> => {
  const counts: Record<string, number> = {}
  times.forEach((count, i) => {
    const end = DIAL_TIMES[i]
    const last = (DIAL_TIMES.at(-1) ?? 0) / 1_000
    const name =
      end === undefined
        ? `over ${last} s`
        : `up to ${end < 1_000 ? `${end} ms` : `${end / 1_000} s`}`
    if (count > 0) counts[name] = count
  })
  return counts
}

interface BarsProps {
  readonly title: string
  readonly counts: Readonly<Record<string, number>>
  readonly none: string
}

const Bars = ({ title, counts, none }: BarsProps) => {
  const all = Object.entries(counts)
  const most = Math.max(1, ...all.map(([, count]) => count))
  return (
    <section>
      <h3>{title}</h3>
      {all.length === 0 && <p class="hint">{none}</p>}
      <dl class="bars">
        {all.map(([name, count]) => (
          <div key={name}>
            <dt>{shorten(name, 40)}</dt>
            <dd>
              <meter min={0} max={most} value={count} aria-label={shorten(name, 40)} />
              <span>{count.toLocaleString('en')}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
