import { type Counts, STATES, totalOf } from '../state/counts.js'
import type { Filter } from '../state/filter.js'

interface Props {
  readonly counts: Counts
  readonly filter: Filter
  readonly setFilter: (filter: Filter) => void
}

/** How many entries are in each state; choosing one filters by it. */
export const Tiles = ({ counts, filter, setFilter }: Props) => (
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
    <p class="tile total">
      <strong>{totalOf(counts).toLocaleString('en')}</strong> in all
    </p>
  </fieldset>
)
