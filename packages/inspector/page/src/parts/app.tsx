import { useState } from 'preact/hooks'
import { useChosen } from '../chosen.js'
import { useLink } from '../hooks.js'
import type { Link } from '../link/link.js'
import { NO_FILTER } from '../state/filter.js'
import { Banner } from './banner.js'
import { Chart } from './chart.js'
import { Control } from './control.js'
import { Faceplate } from './faceplate.js'
import { type List, Lists } from './lists.js'
import { Panel } from './panel.js'
import { Peer } from './peer.js'
import { Slider } from './slider.js'
import { Tiles } from './tiles.js'
import { TimelineView } from './timeline.js'

export const App = ({ link }: { link: Link }) => {
  useLink(link)
  const [filter, setFilter] = useState(NO_FILTER)
  const [list, show] = useState<List>('connections')
  const [chosen, choose] = useChosen()
  const { mirror } = link
  const { counts, down } = mirror
  const now = link.now()
  const stale = ['lost', 'silent'].includes(link.state) || mirror.closedAt !== undefined
  const showDown = () => show('down')
  return (
    <>
      <button type="button" class="skip" onClick={toPorts}>
        To the ports
      </button>
      <Faceplate link={link} filter={filter} setFilter={setFilter} />
      <Banner link={link} />
      {mirror.moment && <Slider moment={mirror.moment} />}
      <main
        class="board"
        data-stale={stale}
        data-busy={mirror.entries.size > 500}
        data-chosen={chosen !== undefined}
      >
        <div class="overview">
          <Tiles {...{ counts, filter, setFilter, showDown }} down={down.size} />
          <Chart series={mirror.series} counts={counts} now={now} />
          {mirror.control && <Control count={mirror.entries.size} />}
        </div>
        <Panel mirror={mirror} filter={filter} chosen={chosen} choose={choose} now={now} />
        <TimelineView mirror={mirror} text={filter.text} choose={choose} />
        <Lists {...{ mirror, filter, chosen, choose, now, list, show }} />
        {chosen !== undefined && (
          <Peer mirror={mirror} address={chosen} choose={choose} now={now} />
        )}
      </main>
    </>
  )
}

const toPorts = (): void => document.querySelector<HTMLElement>('.port[tabindex="0"]')?.focus()
