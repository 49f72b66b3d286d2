import { useState } from 'preact/hooks'
import type { Link } from '../link.js'
import type { Filter } from '../state/filter.js'
import { applyTheme, nextTheme, readTheme } from '../theme.js'

interface Props {
  readonly link: Link
  readonly filter: Filter
  readonly setFilter: (filter: Filter) => void
}

const LINK_WORDS = { opening: 'opening', live: 'live', lost: 'lost' }

/** The head of the page: whose it is, whether it is live, the filter, the colours. */
export const Faceplate = ({ link, filter, setFilter }: Props) => {
  const [theme, setTheme] = useState(readTheme)
  const { mirror } = link
  const state = mirror.closedAt === undefined ? LINK_WORDS[link.state] : 'closed'
  const change = () => {
    const next = nextTheme(theme)
    applyTheme(next)
    setTheme(next)
  }
  return (
    <header class="faceplate">
      <h1>
        conn-hub <span>inspector</span>
      </h1>
      <p class="link" data-link={state}>
        <span class="lamp" aria-hidden="true" />
        {state}
        <span class="seq">
          seq <output>{mirror.seq}</output>
        </span>
      </p>
      <label class="search">
        <span>Filter</span>
        <input
          type="search"
          value={filter.text}
          placeholder="address, key, kind, metadata"
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
    </header>
  )
}
