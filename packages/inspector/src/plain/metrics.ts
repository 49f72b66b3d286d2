import type { Listenable } from '@conn-hub/core'
import type { Kept } from '../journal.js'
import { createTally, DIAL_TIMES } from '../kept/tally.js'

type Labels = Readonly<Record<string, string>>
type Series = readonly (readonly [Labels, number])[]

/** What Prometheus reads: no address and no key, and a bounded number of series. */
export const toMetrics = (hub: Pick<Listenable<unknown>, 'snapshot'>, kept: Kept): string => {
  const { down, totals } = kept
  const { connections, sessions } = countNow(hub, totals.kindOf)
  return [
    toFamily('connections', 'gauge', 'Entries, by state and kind.', connections),
    toFamily('sessions', 'gauge', 'Open sessions, by direction.', sessions),
    toFamily('down', 'gauge', 'Peers that are lost or cannot be reached.', [[{}, down.peers.size]]),
    toFamily('dials_total', 'counter', 'Dials that began.', [[{}, totals.dials]]),
    toFamily('dials_failed_total', 'counter', 'By code.', byName('code', totals.failed)),
    toFamily('links_broken_total', 'counter', 'By code.', byName('code', totals.broken)),
    toFamily('refused_total', 'counter', 'By why.', byName('why', totals.refused)),
    toFamily('disconnected_total', 'counter', 'By who ended it.', [
      [{ initiator: 'local' }, totals.ended.local],
      [{ initiator: 'remote' }, totals.ended.remote],
    ]),
    dialTimes(totals.times),
  ].join('')
}

const countNow = (
  hub: Pick<Listenable<unknown>, 'snapshot'>,
  kindOf: (kind: string) => string,
): Record<'connections' | 'sessions', Series> => {
  const kinds = {
    connected: createTally(kindOf),
    connecting: createTally(kindOf),
    disconnecting: createTally(kindOf),
  }
  const direction = { inbound: 0, outbound: 0 }
  for (const { state, kind, sessions } of hub.snapshot()) {
    kinds[state].add(kind ?? 'none')
    for (const session of sessions) direction[session.direction]++
  }
  return {
    connections: Object.entries(kinds).flatMap(([state, { counts }]) =>
      [...counts].map(([kind, count]) => [{ state, kind }, count] as const),
    ),
    sessions: Object.entries(direction).map(([name, count]) => [{ direction: name }, count]),
  }
}

const byName = (label: string, counts: ReadonlyMap<string, number>): Series =>
  [...counts].map(([name, count]) => [{ [label]: name }, count])

const dialTimes = ({ counts, sum }: { counts: readonly number[]; sum: number }): string => {
  let total = 0
  const buckets = counts.map((count, i): Series[number] => {
    total += count
    const end = DIAL_TIMES[i]
    return [{ le: end === undefined ? '+Inf' : String(end / 1_000) }, total]
  })
  const name = 'conn_hub_dial_seconds'
  const head = toFamily('dial_seconds', 'histogram', 'How long dials took that worked.', [])
  return `${head}${buckets.map(([labels, count]) => toLine(`${name}_bucket`, labels, count)).join('')}${toLine(`${name}_sum`, {}, sum / 1_000)}${toLine(`${name}_count`, {}, total)}`
}

const toFamily = (name: string, type: string, help: string, series: Series): string => {
  const full = `conn_hub_${name}`
  const lines = series.map(([labels, value]) => toLine(full, labels, value))
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`
}

const toLine = (name: string, labels: Labels, value: number): string => {
  const all = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`)
  return `${name}${all.length > 0 ? `{${all.join(',')}}` : ''} ${value}\n`
}

const escapeLabel = (text: string): string => text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')
