const STATES = ['connected', 'connecting', 'disconnecting', 'dark', 'failed']
const DIRECTIONS = ['outbound', 'inbound', 'both'] as const

/** What the ports look like, in words. */
export const Legend = () => (
  <ul class="legend" aria-label="Legend">
    {STATES.map((state) => (
      <li key={state}>
        <span class="led" data-state={state} aria-hidden="true" />
        {state}
      </li>
    ))}
    {DIRECTIONS.map((direction) => (
      <li key={direction}>
        <span class="arrow" data-direction={direction} aria-hidden="true" />
        {direction}
      </li>
    ))}
  </ul>
)
