import { memo } from 'preact/compat'
import type { Port as PortState } from '../state/ports.js'
import { describePort } from '../state/words.js'

interface Props {
  readonly port: PortState
  readonly line: number
  readonly column: number
  /** From the left, in px. */
  readonly left: number
  readonly size: number
  readonly faded: boolean
  readonly failed: boolean
  readonly label: string | undefined
  readonly chosen: boolean
  readonly tabbable: boolean
  readonly described: boolean
}

const stateOf = ({ entry }: PortState, failed: boolean) =>
  entry ? entry.state : failed ? 'failed' : 'dark'

/** One port. Painted anew only where something of it changed. */
export const Port = memo((props: Props) => {
  const { port, line, column, left, size, faded, failed, chosen, tabbable, described } = props
  const { number, kind, address, entry } = port
  return (
    <button
      type="button"
      role="gridcell"
      class="port"
      data-state={stateOf(port, failed)}
      data-direction={entry?.direction}
      data-faded={faded}
      data-line={line}
      data-column={column}
      aria-label={describePort(number, kind, address, entry, props.label)}
      aria-selected={chosen}
      aria-describedby={described ? 'port-card' : undefined}
      tabIndex={tabbable ? 0 : -1}
      style={{ left, width: size - 4, height: size - 4 }}
    />
  )
})
