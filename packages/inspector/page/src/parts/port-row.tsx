import type { PlainEntry } from '../../../src/protocol.js'
import type { Spot } from '../state/lines.js'
import type { Mirror } from '../state/mirror.js'
import { GROUP, leftOf, type PortGrid } from '../state/port-grid.js'
import type { Port as PortState } from '../state/ports.js'
import { Port } from './port.js'

interface Props {
  readonly mirror: Mirror
  readonly ports: readonly PortState[]
  readonly index: number
  readonly start: number
  readonly grid: PortGrid
  readonly chosen: string | undefined
  readonly shown: Spot | undefined
  /** Where Tab leads to. */
  readonly entry: Spot | undefined
  readonly test: ((entry: PlainEntry) => boolean) | undefined
}

/** A row of ports; its last group is filled up with sockets that nobody has used. */
export const PortRow = ({ mirror, ports, index, start, grid, ...marks }: Props) => {
  const { columns, size } = grid
  const { chosen, shown, entry, test } = marks
  const sockets = Math.min(columns, Math.ceil(ports.length / GROUP) * GROUP) - ports.length
  const isAt = (spot: Spot | undefined, column: number) =>
    spot?.line === index && spot.column === column
  return (
    <div role="row" class="row" aria-rowindex={index + 1} style={{ top: start, height: size }}>
      {ports.map((port, column) => (
        <Port
          key={port.number}
          port={port}
          line={index}
          column={column}
          left={leftOf(column, grid)}
          size={size}
          faded={test !== undefined && !(port.entry && test(port.entry))}
          failed={!port.entry && mirror.down.has(port.address)}
          label={mirror.labels.of(port.address)}
          chosen={chosen === port.address}
          tabbable={isAt(entry, column)}
          described={isAt(shown, column)}
        />
      ))}
      {Array.from({ length: sockets }, (_, i) => (
        <span
          key={`socket ${ports.length + i}`}
          class="socket"
          aria-hidden="true"
          style={{ left: leftOf(ports.length + i, grid), width: size - 4, height: size - 4 }}
        />
      ))}
    </div>
  )
}
