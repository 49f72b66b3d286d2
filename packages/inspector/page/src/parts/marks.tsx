import type { PlainEntry } from '../../../src/protocol.js'

const WORDS = { inbound: 'inbound', outbound: 'outbound', both: 'in and out' }

/** Who opened it: an arrow, and the word. */
export const DirectionMark = ({ direction }: { direction: PlainEntry['direction'] }) =>
  direction ? (
    <span class="direction">
      <span class="arrow" data-direction={direction} aria-hidden="true" />
      {WORDS[direction]}
    </span>
  ) : null

/** The state: a light with a pattern, and the word. */
export const StateMark = ({ state }: { state: string }) => (
  <span class="state" data-state={state}>
    <span class="led" data-state={state === 'down' ? 'failed' : state} aria-hidden="true" />
    {state}
  </span>
)
