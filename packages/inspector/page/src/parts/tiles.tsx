import { type Counts, STATES } from '../state/counts.js'
import type { Filter } from '../state/filter.js'

interface Props {
  readonly counts: Counts
  readonly down: number
  readonly filter: Filter
  readonly setFilter: (filter: Filter) => void
  readonly showDown: () => void
}

/** How many entries are in each state; choosing one filters by it. And how many peers are down; choosing that lists them. */
export const Tiles = ({ counts, down, filter, setFilter, showDown }: Props) => (
  <fieldset class="tiles">
    <legend class="visually-hidden">Filter by state</legend>
    {STATES.map((state) => (
      <button
        key={state}
        type="button"
        class="tile"
        data-state={state}
        aria-pressed={filter.state === state}
        onClick={() => setFilter({ ...filter, state: filter.state === state ? undefined : state })}
      >
        <span class="led" data-state={state} aria-hidden="true" />
        <strong>{counts[state].toLocaleString('en')}</strong> {state}
      </button>
    ))}
    <button type="button" class="tile" onClick={showDown}>
      <span class="led" data-state={down > 0 ? 'failed' : 'dark'} aria-hidden="true" />
      <strong>{down.toLocaleString('en')}</strong> down
    </button>
  </fieldset>
)
