import { useState } from 'preact/hooks'
import type { Link } from '../link/link.js'
import type { Filter } from '../state/filter.js'
import { age, bytes, dateAndClock, shorten, visible } from '../state/words.js'
import { applyTheme, nextTheme, readTheme } from '../theme.js'

interface Props {
  readonly link: Link
  readonly filter: Filter
  readonly setFilter: (filter: Filter) => void
}

/** The head of the page: whose it is, whether it is live, the filter, the colours. */
export const Faceplate = ({ link, filter, setFilter }: Props) => {
  const [theme, setTheme] = useState(readTheme)
  const { mirror } = link
  const isClosed = mirror.closedAt !== undefined
  const live = isClosed ? 'closed' : mirror.moment ? 'record' : 'live'
  const state = link.state === 'live' ? live : link.state
  const change = () => {
    const next = nextTheme(theme)
    applyTheme(next)
    setTheme(next)
  }
  const { name } = mirror.hub
  return (
    <header class="faceplate">
      <h1>
        {name ? shorten(name, 40) : 'conn-hub'} <span>inspector</span>
      </h1>
      <p class="link" data-link={state}>
        <span class="lamp" aria-hidden="true" />
        {state}
        <span class="seq">
          seq <output>{mirror.seq > 0 ? mirror.seq : '–'}</output>
        </span>
      </p>
      <Whose link={link} />
      <div class="tools">
        <label class="search">
          <span>Filter</span>
          <input
            type="search"
            value={filter.text}
            placeholder="name, address, key"
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => setFilter({ ...filter, text: event.currentTarget.value })}
          />
        </label>
        <button type="button" class="quiet" onClick={change}>
          <span class="visually-hidden">Colours: </span>
          <span class="disc" data-theme-is={theme} aria-hidden="true" />
          {theme}
        </button>
      </div>
    </header>
  )
}

/** Whose hub it is, since when it runs, and what goes over its links. */
const Whose = ({ link }: { link: Link }) => {
  const { hub, rates } = link.mirror
  if (hub.host === undefined || hub.startedAt === undefined) return null
  const { bytesIn, bytesOut } = rates.now ?? {}
  return (
    <p class="whose">
      <span title={visible(hub.host)}>{shorten(hub.host, 40)}</span>
      <span title={`since ${dateAndClock(hub.startedAt)}`}>
        up {age(link.now() - hub.startedAt)}
      </span>
      {hub.key && <span title={visible(hub.key)}>key {shorten(hub.key, 16)}</span>}
      {bytesIn !== undefined && bytesOut !== undefined && (
        <span>
          in {bytes(bytesIn)}/s, out {bytes(bytesOut)}/s
        </span>
      )}
    </p>
  )
}
