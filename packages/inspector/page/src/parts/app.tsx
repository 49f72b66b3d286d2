import { useEffect, useState } from 'preact/hooks'
import { useLink } from '../hooks.js'
import type { Link } from '../link.js'
import { NO_FILTER } from '../state/filter.js'
import { Banner } from './banner.js'
import { Chart } from './chart.js'
import { Control } from './control.js'
import { Faceplate } from './faceplate.js'
import { Panel } from './panel.js'
import { Peer } from './peer.js'
import { Table } from './table.js'
import { Tiles } from './tiles.js'
import { TimelineView } from './timeline.js'

/** So that the tab tells how it is, also while another one is read. */
const useTitle = ({ mirror, state }: Link): void => {
  const isLive = state === 'live' && mirror.closedAt === undefined
  const words = isLive ? `${mirror.counts.connected} connected` : 'not live'
  useEffect(() => {
    document.title = `${words} · conn-hub`
  }, [words])
}

export const App = ({ link }: { link: Link }) => {
  useLink(link)
  const [filter, setFilter] = useState(NO_FILTER)
  const [chosen, choose] = useState<string>()
  const { mirror } = link
  const now = link.now()
  const stale = link.state === 'lost' || mirror.closedAt !== undefined
  useTitle(link)
  return (
    <>
      <a class="skip" href="#ports">
        To the ports
      </a>
      <Faceplate link={link} filter={filter} setFilter={setFilter} />
      <Banner link={link} />
      <main
        class="board"
        data-stale={stale}
        data-busy={mirror.entries.size > 500}
        data-chosen={chosen !== undefined}
      >
        <div class="overview">
          <Tiles counts={mirror.counts} filter={filter} setFilter={setFilter} />
          <Chart series={mirror.series} counts={mirror.counts} />
          {mirror.control && <Control count={mirror.entries.size} />}
        </div>
        <Panel mirror={mirror} filter={filter} chosen={chosen} choose={choose} now={now} />
        <TimelineView mirror={mirror} text={filter.text} choose={choose} />
        <Table mirror={mirror} filter={filter} chosen={chosen} choose={choose} now={now} />
        {chosen !== undefined && (
          <Peer mirror={mirror} address={chosen} choose={choose} now={now} />
        )}
      </main>
    </>
  )
}
